import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { HL7V2_MANIFEST } from '@baton/bridge-hl7v2';
import type { Collection } from '@baton/client';
import { ownManifest } from '../../agents/own-manifest.ts';
import type { AccountId } from '@baton/kernel';
import { Hl7Message } from '@medplum/core';
import { Hl7Client } from '@medplum/hl7';
import { establishCare, patientRecord, until } from '@baton/testkit';
import { type Appointment, appointmentsCodec, type AppointmentsValue } from '@baton/wire';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AgentScene, createAgentScene, probe, statesOf } from '../../agents/fixtures/agent-scene.ts';
import { ProgramSettings } from '../../settings/program-settings.ts';
import { frameOf } from './mllp-framer.ts';
import { type MllpListener, startMllpListener } from './mllp-listener.ts';

// An HL7 v2 interface as a hospital has it: a sender's own client, a socket, the station's listener, the assistant in its process behind the guard, a real server.

const SYSTEM = 'urn:oid:2.16.840.1.113883.19.5';
const ADA = 'Patient/ada';
/** What is in no log and no file. */
const CANARY = 'Okaforcanary';

let scene: AgentScene;
let station: ReturnType<AgentScene['startStation']>;
let account: AccountId;
let listener: MllpListener;
let collection: Collection;
let sender: Hl7Client;

beforeAll(async () => {
  scene = await createAgentScene(['Ann Day']);
  const { admin, people } = scene.practice;
  const identifiers = [{ system: SYSTEM, value: '00042', label: 'MRN' }];
  await establishCare(admin.session, {
    holders: [admin.account, ...people.map(({ account: id }) => id)],
    patients: [patientRecord(ADA, { birthDate: '1958-03-14', identifiers })],
  });
  const agent = await scene.enrol(ownManifest(HL7V2_MANIFEST, { responsible: admin.account, hosts: [] }));
  account = agent.account;
  await admin.session.collections.establishState(account);
  await admin.session.appointments.establish();
  await until(admin.session.appointments.state, ({ established, ready }) => established && ready);
  collection = await admin.session.collections.named('appointments');
  new ProgramSettings(join(scene.root, 'one')).write('hl7v2', {
    timeZone: 'America/New_York',
    authorities: [{ authority: 'HOSP', system: SYSTEM }],
  });
  station = scene.startStation('one');
  listener = await startMllpListener({
    host: '127.0.0.1',
    port: 0,
    ask: (request) => station.host.ask('hl7v2', request),
  });
  await stateIs('acting');
  await eventually(values, (all) =>
    all.some((value) => value.t === 'patient-map' && value.systems.some(({ system }) => system === SYSTEM)),
  );
  sender = new Hl7Client({ host: '127.0.0.1', port: listener.port, encoding: 'utf-8' });
}, 240_000);

afterAll(async () => {
  await sender?.close();
  await listener?.stop();
  await scene?.close();
});

const stateIs = (state: string) =>
  until(statesOf(station.host), (states) => states[account] === state, {
    withinMs: 60_000,
    show: () => station.lines,
  });

async function values(): Promise<AppointmentsValue[]> {
  await collection.refresh();
  return (await collection.list()).flatMap(({ value }) => {
    const decoded = value && appointmentsCodec.decode(value);
    return decoded?.ok ? [decoded.value] : [];
  });
}

async function visitOf(filler: string): Promise<Appointment | null> {
  const id = `hl7v2/EPIC/${filler}`;
  return (
    (await values()).find((value): value is Appointment => value.t === 'appointment' && value.id === id) ??
    null
  );
}

async function eventually<T>(
  read: () => Promise<T>,
  isIt: (value: Awaited<T>) => boolean,
): Promise<Awaited<T>> {
  let found = await read();
  const looking = setInterval(() => {
    void (async () => {
      found = await read();
    })();
  }, 200);
  try {
    return await until(
      probe(() => found),
      isIt,
      { withinMs: 90_000, show: () => station.lines },
    );
  } finally {
    clearInterval(looking);
  }
}

let count = 0;
interface Wish {
  readonly event?: string;
  readonly filler?: string;
  readonly patient?: string;
  readonly at?: string;
  readonly start?: string;
  readonly status?: string;
  readonly control?: string;
  readonly born?: string;
}

function siu(wish: Wish = {}): string {
  count += 1;
  const { event = 'S12', filler = 'F1', patient = '00042', status = 'Booked', born = '19580314' } = wish;
  const at = wish.at ?? `202611201015${String(count % 60).padStart(2, '0')}`;
  const { control = `C${count}`, start = '20301124103000-0500' } = wish;
  return [
    `MSH|^~\\&|EPIC|HOSP|BATON|HOSP|${at}-0500||SIU^${event}^SIU_S12|${control}|P|2.5.1`,
    `SCH||${filler}^EPIC||||FOLLOWUP^Follow up|||30|MIN|^^30^${start}|||||||||||||${status}`,
    `PID|1||${patient}^^^HOSP^MR||${CANARY}^Ada^N||${born}|F`,
    'AIP|1|A|1234567893^Rivera^Luz^^^Dr',
  ].join('\r');
}

function sendBytes(bytes: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(listener.port, '127.0.0.1', () => socket.write(frameOf(bytes)));
    socket.on('error', reject);
    socket.once('data', (chunk: Buffer) => {
      resolve(chunk.toString());
      socket.destroy();
    });
  });
}

async function send(text: string): Promise<{ code: string; control: string; text: string }> {
  const answer = await sender.sendAndWait(Hl7Message.parse(text) as never, { timeoutMs: 60_000 });
  const msa = answer.getSegment('MSA');
  return {
    code: msa?.getField(1)?.toString() ?? '',
    control: msa?.getField(2)?.toString() ?? '',
    text: answer.toString(),
  };
}

it('answers AA when the visit is committed: another client has it at that moment', async () => {
  const answer = await send(siu({ control: 'FIRST' }));
  expect(answer).toMatchObject({ code: 'AA', control: 'FIRST' });
  expect(await visitOf('F1')).toMatchObject({
    ref: ADA,
    status: 'booked',
    start: Date.parse('2030-11-24T15:30:00Z'),
    practitioner: { text: 'Dr Luz Rivera' },
    source: { kind: 'hl7v2', message: 'FIRST' },
  });
  expect(answer.text).not.toContain(CANARY);
});

it('takes repeats and old messages without effect, and knows a cancellation that comes first', async () => {
  const booked = siu({ filler: 'F2', at: '20261120100000' });
  const moved = siu({ filler: 'F2', event: 'S13', at: '20261120110000', start: '20301125090000-0500' });
  for (const text of [moved, booked, moved, booked]) expect((await send(text)).code).toBe('AA');
  expect(await visitOf('F2')).toMatchObject({ start: Date.parse('2030-11-25T14:00:00Z') });

  const cancelled = siu({ filler: 'F3', event: 'S15', at: '20261120120000' });
  const before = siu({ filler: 'F3', at: '20261120113000' });
  for (const text of [cancelled, before]) expect((await send(text)).code).toBe('AA');
  expect(await visitOf('F3')).toMatchObject({ status: 'cancelled' });
});

it('keeps what cannot be used for a person, and says why, of which nothing names a patient', async () => {
  const noId = await send(siu({ control: 'NOID' }).replace('F1^EPIC', ''));
  expect(noId).toMatchObject({ code: 'AE', control: 'NOID' });
  expect(noId.text).toContain('SCH-2');
  expect(await sendBytes(Buffer.from('PID|1||7'))).toContain('MSA|AR|');
  expect((await send(siu().replace('SIU^S12^SIU_S12', 'ORU^R01^ORU_R01'))).code).toBe('AR');
  expect((await send(siu().replace('|P|2.5.1', '|T|2.5.1'))).code).toBe('AR');
  const held = (await values()).filter((value) => value.t === 'held');
  expect(held).toMatchObject([{ code: 'missing-field', ref: null }]);
  expect(held[0]?.raw).toContain(CANARY);
});

it('refuses what is in other characters than it says, and what is too long, and goes on', async () => {
  const latin = siu({ control: 'LATIN' }).replace('Ada', 'Adèle');
  const wrong = await sendBytes(Buffer.from(latin, 'latin1'));
  expect(wrong).toContain('MSA|AE|LATIN|');
  const named = latin.replace('|P|2.5.1', '|P|2.5.1||||||8859/1');
  expect(await sendBytes(Buffer.from(named, 'latin1'))).toContain('MSA|AA|LATIN');
  const long = `${siu({ control: 'LONG' })}\rNTE|1||${'x'.repeat(10 * 1024 * 1024)}`;
  const answer = await sendBytes(Buffer.from(long));
  expect(answer).toContain('MSA|AE|LONG|the message is too long');
  const largest = `${siu({ control: 'LARGE', filler: 'L1' })}\rNTE|1||${'x'.repeat(500_000)}`;
  expect(await sendBytes(Buffer.from(largest))).toContain('MSA|AA|LARGE');
  expect(await visitOf('L1')).toMatchObject({ ref: ADA });
  const codes = (await values()).flatMap((value) => (value.t === 'held' ? [value.code] : []));
  expect(codes.toSorted()).toEqual(['missing-field', 'unreadable', 'unreadable']);
});

it('holds a visit of somebody unknown, and puts it in its place when they become known', async () => {
  expect((await send(siu({ filler: 'F4', patient: '777' }))).code).toBe('AA');
  expect(await visitOf('F4')).toMatchObject({ ref: null, status: 'booked' });
  const { admin } = scene.practice;
  await admin.session.patients.put(
    patientRecord('Patient/bea', {
      birthDate: '1958-03-14',
      identifiers: [{ system: SYSTEM, value: '777', label: 'MRN' }],
    }),
  );
  await eventually(
    () => visitOf('F4'),
    (visit) => visit?.ref === 'Patient/bea',
  );
  await eventually(
    values,
    (all) => !all.some((value) => value.t === 'held' && value.code === 'unknown-patient'),
  );

  // Another birth date than the registry's: nobody is guessed.
  expect((await send(siu({ filler: 'F5', born: '19900101' }))).code).toBe('AA');
  expect(await visitOf('F5')).toMatchObject({ ref: null });

  // A person says whose it is.
  const held = (await values()).find((value) => value.t === 'held' && value.code === 'unknown-patient');
  await collection.put(`held:${held?.t === 'held' ? held.id : ''}`, () =>
    held?.t === 'held' ? appointmentsCodec.encode({ ...held, ref: ADA }) : null,
  );
  await eventually(
    () => visitOf('F5'),
    (visit) => visit?.ref === ADA,
  );
}, 240_000);

it('learns from a merge whose an old record number is', async () => {
  expect((await send(siu({ filler: 'F6', patient: 'OLD1' }))).code).toBe('AA');
  const merge = [
    'MSH|^~\\&|EPIC|HOSP|BATON|HOSP|20261120130000-0500||ADT^A40^ADT_A39|MERGE|P|2.5.1',
    'EVN|A40|20261120130000',
    `PID|1||00042^^^HOSP^MR||${CANARY}^Ada||19580314`,
    'MRG|OLD1^^^HOSP^MR',
  ].join('\r');
  expect((await send(merge)).code).toBe('AA');
  await eventually(
    () => visitOf('F6'),
    (visit) => visit?.ref === ADA,
  );
});

it('loses nothing and doubles nothing when its process is killed while messages come', async () => {
  const fillers = Array.from({ length: 30 }, (_, index) => `K${index}`);
  const codes: string[] = [];
  for (const [index, filler] of fillers.entries()) {
    const text = siu({ filler, control: `K-${filler}` });
    const sending = send(text).catch(() => null);
    if (index % 10 === 5) {
      // At some moment between the message's arrival and its answer.
      await new Promise((resolve) => setTimeout(resolve, index * 2));
      const pid = station.host.pid(account);
      if (pid !== null) process.kill(pid, 'SIGKILL');
    }
    // A sender that gets no answer sends the message again.
    let answer = await sending;
    while (answer === null) answer = await send(text).catch(() => null);
    codes.push(answer.code);
    // What is answered is there, whatever becomes of the process in the next moment.
    if (index % 10 === 5) expect(await visitOf(filler)).toMatchObject({ ref: ADA });
  }
  expect(codes).toEqual(fillers.map(() => 'AA'));
  const all = (await values()).filter(
    (value) => value.t === 'appointment' && value.id.startsWith('hl7v2/EPIC/K'),
  );
  expect(all).toHaveLength(fillers.length);
  expect(station.lines.filter((line) => line.endsWith('restarting'))).toHaveLength(3);
}, 300_000);

it('does not believe that somebody died on a record number alone', async () => {
  const died = (born: string): string =>
    [
      `MSH|^~\\&|EPIC|HOSP|BATON|HOSP|20261120120000-0500||ADT^A08^ADT_A01|DIED${born}|P|2.5.1`,
      `PID|1||00042^^^HOSP^MR||${CANARY}^Ada^N||${born}|F${'|'.repeat(22)}Y`,
    ].join('\r');
  expect((await send(died(''))).code).toBe('AA');
  const held = (await values()).filter((value) => value.t === 'held' && value.raw.includes('DIED|P|'));
  expect(held).toMatchObject([{ code: 'missing-field', ref: null }]);
  // With the registry's birth date it is believed: nothing is left for a person to decide.
  expect((await send(died('19580314'))).code).toBe('AA');
  expect((await values()).filter((value) => value.t === 'held' && value.raw.includes('DIED1958'))).toEqual(
    [],
  );
});

it('leaves nothing of a message in logs and files', async () => {
  await stateIs('acting');
  expect(station.lines.join('\n')).not.toContain(CANARY);
  expect(station.lines.join('\n')).not.toContain('00042');
  const folder = join(scene.root, 'one');
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) expect(readFileSync(join(entry.parentPath, entry.name)).includes(CANARY)).toBe(false);
});
