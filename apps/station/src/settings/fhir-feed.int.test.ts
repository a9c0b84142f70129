import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { FHIR_MANIFEST, hostsFor, readFhirSettings } from '@baton/bridge-fhir';
import type { AccountId } from '@baton/kernel';
import { establishCare, patientRecord, until } from '@baton/testkit';
import { appointmentsCodec } from '@baton/wire';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AgentScene, createAgentScene, statesOf } from '../agents/fixtures/agent-scene.ts';
import { ownManifest } from '../agents/own-manifest.ts';
import { ProgramSettings } from './program-settings.ts';

// The FHIR assistant in its own process behind the guard: it reaches the one server that its manifest lists, and the visit is there for another client.

const CANARY = 'Okaforcanary';
const TOKEN = 'a token of a record system';

let scene: AgentScene;
let station: ReturnType<AgentScene['startStation']>;
let account: AccountId;
let server: Server;
const asked: { readonly url: string; readonly authorization: string | undefined; readonly method: string }[] =
  [];

const bundle = {
  resourceType: 'Bundle',
  type: 'searchset',
  entry: [
    {
      resource: {
        resourceType: 'Appointment',
        id: 'a1',
        meta: { lastUpdated: '2026-01-01T00:00:00Z', versionId: '1' },
        status: 'booked',
        description: CANARY,
        start: '2030-11-24T15:30:00Z',
        end: '2030-11-24T16:00:00Z',
        participant: [{ actor: { reference: 'Patient/p1', display: CANARY }, status: 'needs-action' }],
      },
    },
    {
      resource: {
        resourceType: 'Patient',
        id: 'p1',
        identifier: [{ system: 'urn:mrn', value: '00042' }],
        birthDate: '1958-03-14',
      },
      search: { mode: 'include' },
    },
  ],
};

beforeAll(async () => {
  server = createServer((request, response) => {
    const { url = '', method = '' } = request;
    asked.push({ url, method, authorization: request.headers.authorization });
    const one = url.startsWith('/fhir/Appointment/') ? bundle.entry[0]?.resource : bundle;
    const json = url.startsWith('/fhir/Appointment') ? one : {};
    response.writeHead(method === 'POST' ? 201 : 200, { 'content-type': 'application/fhir+json' });
    response.end(JSON.stringify(json));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scene = await createAgentScene(['Ann Day']);
  const { admin, people } = scene.practice;
  const identifiers = [{ system: 'urn:mrn', value: '00042', label: 'MRN' }];
  await establishCare(admin.session, {
    holders: [admin.account, ...people.map(({ account: id }) => id)],
    patients: [patientRecord('Patient/ada', { birthDate: '1958-03-14', identifiers })],
  });
  const settings = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`,
    auth: { kind: 'bearer', token: TOKEN },
    timeZone: 'America/New_York',
    everySeconds: 10,
    writeBack: 'response',
  };
  const read = readFhirSettings(settings);
  if (!read.ok) throw new Error(read.error.sentence);
  const agent = await scene.enrol(
    ownManifest(FHIR_MANIFEST, { responsible: admin.account, hosts: hostsFor(read.value) }),
  );
  account = agent.account;
  await admin.session.collections.establishState(account);
  await admin.session.appointments.establish();
  await until(admin.session.appointments.state, ({ established, ready }) => established && ready);
  new ProgramSettings(join(scene.root, 'one')).write('fhir', settings);
  station = scene.startStation('one');
}, 240_000);

afterAll(async () => {
  await scene?.close();
  server?.closeAllConnections();
  server?.close();
});

it('fetches a visit for another client, and takes an answer back, of which no log and no file knows', async () => {
  const { session } = scene.practice.admin;
  const { visits } = session.appointments;
  await until(visits, (all) => all.some(({ appointment }) => appointment.ref === 'Patient/ada'), {
    withinMs: 90_000,
    show: () => [...station.lines, JSON.stringify(asked)],
  });
  const [visit] = visits.read();
  expect(visit?.appointment).toMatchObject({ status: 'booked', source: { kind: 'fhir', message: '1' } });
  expect(asked[0]).toMatchObject({ authorization: `Bearer ${TOKEN}` });
  await until(statesOf(station.host), (states) => states[account] === 'acting');

  const collection = await session.collections.named('appointments');
  const id = visit?.appointment.id ?? '';
  await collection.put(`write-back:${id}`, () =>
    appointmentsCodec.encode({
      t: 'write-back',
      appointment: id,
      status: 'booked',
      answer: 'confirmed',
      start: visit?.appointment.start ?? 0,
      end: visit?.appointment.end ?? 0,
      at: Date.now(),
      state: 'waiting',
      code: null,
      tries: 0,
    }),
  );
  await until(visits, (all) => all.some(({ writeBack }) => writeBack?.state === 'taken'), {
    withinMs: 60_000,
    show: () => station.lines,
  });
  expect(
    asked.filter(({ method, url }) => method === 'POST' && url === '/fhir/AppointmentResponse'),
  ).toHaveLength(1);
  for (const secret of [CANARY, TOKEN, '00042']) expect(station.lines.join('\n')).not.toContain(secret);
  const folder = join(scene.root, 'one', 'agents');
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) expect(readFileSync(join(entry.parentPath, entry.name)).includes(CANARY)).toBe(false);
}, 200_000);
