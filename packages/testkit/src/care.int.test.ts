import type { AccountId } from '@baton/kernel';
import type { PatientRecord } from '@baton/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPractice, type Device, type Practice } from './practice.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { until } from './until.ts';

let server: TestServer;
let practice: Practice;
let admin: Device;
let maria: Device;
let finn: Device;

const ROSA = 'Patient/rosa';

beforeAll(async () => {
  server = await startTestServer();
  practice = await createPractice(server, {
    people: [
      { name: 'Maria Lopez', jobs: ['nurse'] },
      { name: 'Finn Desk', jobs: ['front-desk'] },
    ],
  });
  admin = practice.admin;
  [maria, finn] = practice.people as [Device, Device];
  const holders: AccountId[] = [maria.account, finn.account];
  const { session } = admin;
  const team = await session.people.defineRole({ name: 'Care team', unit: null, use: 'team', holders });
  await session.patients.establish([team]);
  for (const record of [patient(ROSA, {}), patient('Patient/old', { family: 'Gone', deceased: true })])
    await session.patients.put(record);
  await session.duty.establish();
  await until(session.care.state, ({ available }) => available);
  await session.care.establish(session.care.suggestSettings());
  for (const { session: other } of practice.people)
    await until(other.care.state, ({ established, ready }) => established && ready);
}, 60_000);

afterAll(async () => {
  await practice?.close();
  await server?.stop();
});

function patient(ref: string, more: Partial<PatientRecord>): PatientRecord {
  return {
    t: 'patient',
    ref,
    family: 'Martinez',
    given: ['Rosa'],
    prefix: null,
    birthDate: '1958-03-12',
    deceased: null,
    gender: 'female',
    identifiers: [],
    telecom: [{ system: 'phone', value: '(617) 555-0101', use: 'mobile' }],
    address: [],
    language: 'es',
    practitioners: [],
    conditions: [],
    medications: [],
    allergies: [],
    lastEncounter: null,
    importedAt: 1,
    source: new Uint8Array(32).fill(ref.length),
    ...more,
  };
}

describe('a patient’s conversation', () => {
  it('is made once by two who start it at the same time, with sidebar, practice card and a line in the inbox', async () => {
    const [a, b] = await Promise.all([maria.session.care.start(ROSA), finn.session.care.start(ROSA)]);
    expect(a).toBe(b);
    const threads = await until(maria.session.care.threads, (all) => all.length === 1);
    expect(threads[0]).toMatchObject({ ref: ROSA, name: 'Rosa Martinez', status: 'open', language: 'es' });
    const thread = await finn.session.conversations.open(a);
    const card = await until(thread.card, (shown) => shown !== null);
    expect(card).toMatchObject({ name: 'Harbor Family Practice', about: 'Rosa' });
    expect(finn.session.conversations.list.read().map(({ id }) => id)).not.toContain(a);
  });
});
