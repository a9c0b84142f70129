import {
  createPractice,
  establishCare,
  patientRecord,
  type Practice,
  startTestServer,
  type TestServer,
  until,
} from '@baton/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { carryOut } from './import-appointments.ts';
import { planVisits } from './plan-visits.ts';

let server: TestServer;
let practice: Practice;

beforeAll(async () => {
  server = await startTestServer();
  practice = await createPractice(server, { people: [{ name: 'Ann Day', jobs: ['physician'] }] });
  const { admin } = practice;
  const identifiers = [{ system: 'urn:mrn', value: '00042', label: 'MRN' }];
  await establishCare(admin.session, {
    holders: [admin.account],
    patients: [patientRecord('Patient/ada', { birthDate: '1958-03-14', identifiers })],
  });
  await admin.session.appointments.establish();
  await until(admin.session.appointments.state, ({ established, ready }) => established && ready);
});

afterAll(async () => {
  await practice?.close();
  await server?.stop();
});

const bundle = (status: string, lastUpdated: string): string =>
  JSON.stringify({
    resourceType: 'Bundle',
    type: 'collection',
    entry: [
      {
        resource: {
          resourceType: 'Patient',
          id: 'p1',
          identifier: [{ system: 'urn:mrn', value: '00042' }],
          birthDate: '1958-03-14',
        },
      },
      ...['a1', 'a2', 'a3'].map((id) => ({
        resource: {
          resourceType: 'Appointment',
          id,
          status,
          meta: { lastUpdated },
          start: '2030-11-24T15:30:00Z',
          end: '2030-11-24T16:00:00Z',
          participant: [{ actor: { reference: id === 'a3' ? 'Patient/other' : 'Patient/p1' } }],
        },
      })),
    ],
  });

it('counts in a dry run what it does afterwards, once', async () => {
  const { session } = practice.admin;
  const lines: string[] = [];
  const run = (status: string, at: string, dryRun: boolean) => {
    const settings = { timeZone: 'America/New_York', locations: {}, minutes: 30 };
    const plan = planVisits([{ name: 'file.json', text: bundle(status, at) }], settings, Date.now());
    return carryOut(session, plan, { dryRun, sameIds: false, minutes: 30, say: (line) => lines.push(line) });
  };
  const visits = () => session.appointments.visits.read().map(({ appointment }) => appointment.status);
  expect(await run('booked', '2026-01-01T00:00:00Z', true)).toMatchObject({ new: 2, unknown: 1 });
  expect(visits()).toEqual([]);
  expect(await run('booked', '2026-01-01T00:00:00Z', false)).toMatchObject({ new: 2, unknown: 1 });
  await until(session.appointments.visits, (all) => all.length === 2);
  expect(await run('booked', '2026-01-01T00:00:00Z', false)).toMatchObject({ new: 0, same: 2 });
  expect(await run('cancelled', '2026-01-02T00:00:00Z', false)).toMatchObject({ changed: 2 });
  expect(await run('booked', '2026-01-01T00:00:00Z', false)).toMatchObject({ changed: 0, older: 2 });
  await until(session.appointments.visits, () => visits().every((status) => status === 'cancelled'));
  expect(lines).toContain('Dry run: nothing was changed.');
  expect(lines.join('\n')).not.toContain('00042');
}, 60_000);
