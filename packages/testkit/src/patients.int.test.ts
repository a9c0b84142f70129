import { createHash } from 'node:crypto';
import { namedCollectionOf } from '@baton/client';
import { newId } from '@baton/kernel';
import type { PatientRecord } from '@baton/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPractice, type Device, type Practice } from './practice.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { until } from './until.ts';

let server: TestServer;
let practice: Practice;
let nurse: Device;
let outsider: Device;
const others: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  server = await startTestServer();
  practice = await createPractice(server, {
    people: [
      { name: 'Maria Lopez', jobs: ['nurse'] },
      { name: 'Tom Transport', jobs: ['transport'] },
    ],
  });
  [nurse, outsider] = practice.people as [Device, Device];
}, 60_000);

afterAll(async () => {
  for (const other of others) await other.close();
  await practice?.close();
  await server?.stop();
});

function patient(index: number, more: Partial<PatientRecord> = {}): PatientRecord {
  return {
    t: 'patient',
    ref: `Patient/${index}`,
    family: `Hill${index}`,
    given: ['Rosa'],
    prefix: null,
    birthDate: '1948-03-12',
    deceased: null,
    gender: 'female',
    identifiers: [{ system: 'urn:mrn', value: `MRN-${1000 + index}`, label: 'Medical record number' }],
    telecom: [{ system: 'phone', value: `+1 555 010 ${1000 + index}`, use: 'home' }],
    address: [],
    language: null,
    practitioners: [],
    conditions: [],
    medications: [],
    allergies: [],
    lastEncounter: null,
    importedAt: 1,
    source: new Uint8Array(32).fill(index % 256),
    ...more,
  };
}

describe('the sealed registry', () => {
  it('is established, filled, searched by holders of its roles, and nothing to others', async () => {
    const { session } = practice.admin;
    const role = await session.people.defineRole({
      name: 'Care team',
      unit: null,
      use: 'team',
      holders: [nurse.account],
    });
    await session.patients.establish([role]);
    await session.patients.establish([role]);
    for (let index = 0; index < 40; index++) expect(await session.patients.put(patient(index))).toBe('added');
    expect(await session.patients.put(patient(3))).toBe('unchanged');
    expect(
      await session.patients.put(patient(3, { family: 'Mountain', source: new Uint8Array(32).fill(99) })),
    ).toBe('changed');
    await until(nurse.session.patients.state, ({ count, available }) => count === 40 && available);
    await until(nurse.session.patients.rows, (rows) => rows.some(({ name }) => name === 'Rosa Mountain'));
    expect(nurse.session.patients.search('montain')[0]?.name).toBe('Rosa Mountain');
    expect(nurse.session.patients.search('MRN-1007')[0]?.ref).toBe('Patient/7');
    expect(nurse.session.patients.search('5550101009')[0]?.ref).toBe('Patient/9');
    expect(nurse.session.patients.search('3/12/1948')).toHaveLength(40);
    expect(nurse.session.patients.read('Patient/7')?.family).toBe('Hill7');
    expect(outsider.session.patients.state.read()).toMatchObject({ count: 0, available: false });
    await nurse.session.patients.put(patient(50));
    await until(session.patients.state, ({ count }) => count === 41);
  });

  it('comes to a new device as a snapshot that fits the signed root', async () => {
    await practice.admin.session.parts.collectionWriter.flush();
    await nurse.session.patients.put(patient(60));
    await nurse.session.patients.put(patient(7, { family: 'Valley', source: new Uint8Array(32).fill(77) }));
    const second = await practice.addDevice(nurse.link);
    await until(second.session.patients.state, ({ count }) => count === 42);
    expect(second.session.patients.read('Patient/7')?.family).toBe('Valley');
    expect(second.session.alarms.read()).toEqual([]);
    await second.session.close();
    const again = await practice.reopen(second);
    expect(again.session.patients.state.read()).toMatchObject({ count: 42, ready: true, available: true });
  });
});

describe('a registry that is older than names', () => {
  it('is found, and told apart from everything that came later', async () => {
    const { session } = (await anotherPractice()).admin;
    const team = await session.people.defineRole({ name: 'Care team', unit: null, use: 'team', holders: [] });
    const old = newId('conversation', { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) });
    await session.duty.establish();
    await until(session.care.state, ({ available }) => available);
    // Older collections that are no registry.
    await session.care.establish({ ...session.care.suggestSettings(), team: [team] });
    await session.parts.writer.create(old, {
      op: 'create',
      kind: 'collection',
      members: [{ m: team, hist: true }],
      role: null,
      parent: null,
    });
    await until(session.patients.state, ({ available }) => available);
    expect(session.parts.patients.id).toBe(old);
    await session.patients.establish([team]);
    expect(session.parts.patients.id).toBe(old);
    expect(await session.patients.put(patient(1))).toBe('added');
    expect(session.patients.read('Patient/1')?.family).toBe('Hill1');
  });

  it('has, where it is new, the id that follows from its name, whoever makes it', async () => {
    const registry = practice.admin.session.parts.patients.id;
    const { org } = practice.admin.session.me.read();
    const digest = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());
    expect(registry).toBe(namedCollectionOf(digest, org, 'patients'));
  });
});

async function anotherPractice(): Promise<Practice> {
  const other = await startTestServer();
  const made = await createPractice(other, { people: [] });
  others.push({ close: () => made.close().then(() => other.stop()) });
  return made;
}
