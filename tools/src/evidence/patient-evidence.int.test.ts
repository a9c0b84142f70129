import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Conversation, LiveSession, MadeRecord, OutgoingMessage, RecordWords } from '@baton/client';
import { nodePrimitives, nodeRng } from '@baton/client-node';
import { makeGenerationKeys, sealEnvelope, signEntry, type SigningKey } from '@baton/crypto';
import { type Bytes, type ConversationId, newId, Secret } from '@baton/kernel';
import { LABELS, openEntry, signingInput } from '@baton/ledger';
import {
  addAgent,
  createPractice,
  createSteppedClock,
  type Device,
  type EnteredPatient,
  enterPatient,
  establishCare,
  invitePatient,
  patientRecord,
  type Practice,
  startTestServer,
  type TestServer,
  until,
} from '@baton/testkit';
import { contentCodec, decodeCanonical, encodeCanonical, type EnvelopeHeader } from '@baton/wire';
import { unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Verdict, verifyBundle } from '../../verify-evidence/bundle.ts';
import { Fault } from '../../verify-evidence/fault.ts';
import { hex, objectHash } from '../../verify-evidence/primitives.ts';

// A patient's conversation as a record: she comes in by a link, writes, changes and takes back, texts, loses her phone and comes in with another.
// The verifier, which shares no code with the clients, reads it; and whatever somebody who may sign records makes of it afterwards.

const ROSA = 'Patient/rosa';
const HOUR = 3_600_000;
const WORDS: RecordWords = {
  title: 'Record of messages',
  subtitle: 'Part of the record',
  participants: 'Participants',
  messages: 'Messages',
  attachments: 'Attachment',
  made: 'Made by',
  reason: 'Reason',
  leftOut: 'Messages left out between the first and the last',
  unprintable: 'Some characters cannot be printed here.',
  howToCheck: 'How to check: READ-ME.txt',
  formatTime: (atMs) => new Date(atMs).toISOString(),
  describe: ({ author, byText }) => (byText ? `${author} by text` : author),
};

/** A map of the file, as decoded. */
type Fields = Record<string, unknown>;
interface Body extends Fields {
  statements: { index: number; b: Bytes; path: Bytes[] }[];
  certificates: Bytes[];
  entries: Bytes[];
  items: Item[];
}
interface Item {
  seq: number;
  batch: number;
  ts: number;
  b: Bytes;
  secret: Bytes;
  receipt: Bytes | null;
}

const clock = createSteppedClock();
const folder = mkdtempSync(join(tmpdir(), 'baton-patient-evidence-'));
let server: TestServer;
let practice: Practice;
let maria: Device;
let texting: LiveSession;
let lost: EnteredPatient;
let found: EnteredPatient;
let conv: ConversationId;
let staff: Conversation;
let record: MadeRecord;
let verdict: Verdict;

const text = (words: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  text: words,
  files: [],
  mentions: [],
  replyTo: null,
  as: null,
  ...more,
});
const has = (thread: Conversation, words: string) => (): boolean =>
  thread.timeline
    .read()
    .items.some((item) => item.type === 'message' && item.text === words && item.seq !== null);
const sees = (thread: Conversation, words: string) => until(thread.timeline, has(thread, words));
const openOn = async ({ session }: EnteredPatient) => {
  await until(session.conversations, (rows) => rows.some(({ id, card }) => id === conv && card !== null));
  return session.open(conv);
};

beforeAll(async () => {
  server = await startTestServer({ clock });
  practice = await createPractice(server, {
    people: [{ name: 'Maria Lopez', jobs: ['nurse'] }],
    platform: { clock },
  });
  [maria] = practice.people as [Device];
  await establishCare(practice.admin.session, {
    holders: [maria.account],
    patients: [patientRecord(ROSA)],
    others: [maria.session],
  });
  texting = await addAgent(
    practice.admin,
    {
      name: 'Texting',
      program: 'sms',
      access: [{ kind: 'patient', history: true, writes: ['message', 'delivery'] }],
    },
    { serverUrl: server.url, publicUrl: server.url, dataDir: folder, clock },
  );
  conv = await maria.session.care.start(ROSA);
  staff = await maria.session.conversations.open(conv);
  await practice.admin.session.care.keepAccess();
  await until(texting.conversations.list, (rows) => rows.some(({ id }) => id === conv));
  lost = await enterPatient(server.url, await invitePatient(maria.session, { ref: ROSA }), { clock });
  await writeAll(await openOn(lost));
  await changePhone();
  record = await makeRecord();
  verdict = verifyBundle(record.zip);
}, 240_000);

afterAll(async () => {
  for (const session of [texting, lost, found]) await session?.close();
  await practice?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function writeAll(rosa: Conversation): Promise<void> {
  const itches = await rosa.send(text('The wound itches'));
  await sees(staff, 'The wound itches');
  await staff.send(text('Since when?'));
  await sees(rosa, 'Since when?');
  await rosa.edit(itches, 'The wound itches at night');
  await sees(staff, 'The wound itches at night');
  const wrong = await rosa.send(text('This was for my sister'));
  await sees(staff, 'This was for my sister');
  await rosa.withdraw(wrong, 'error');
  await until(staff.timeline, ({ items }) =>
    items.some((item) => item.type === 'message' && item.id === wrong && item.withdrawn !== null),
  );
  const carried = await texting.conversations.open(conv);
  await carried.send(
    text('Since Monday, by text', {
      marks: { via: { channel: 'sms', from: '+16175550101', person: 'Rosa', segments: 1 } },
    }),
  );
  await sees(staff, 'Since Monday, by text');
}

/** An hour passes: who is signed in is not any more, and Maria is back on another device. */
async function anHourLater(): Promise<void> {
  await maria.session.close();
  clock.step(HOUR);
  maria = await practice.addDevice(maria.link, server.url, { clock });
  const { session } = maria;
  await until(session.conversations.ready, (ready) => ready);
  await until(session.care.state, ({ ready }) => ready);
  staff = await session.conversations.open(conv);
}

/** Hours lie between the loss, the new link, its use and the record. */
async function changePhone(): Promise<void> {
  await anHourLater();
  const [person] = maria.session.care.chart(ROSA).read().people;
  if (!person) throw new Error('Rosa is not in');
  const invitation = await maria.session.care.reinvite({
    ref: ROSA,
    account: person.account,
    relation: 'self',
    name: 'Rosa Martinez',
    send: 'hand',
    to: null,
    until: null,
    consent: null,
    confidential: false,
    confirmed: 'called back',
  });
  await anHourLater();
  found = await enterPatient(server.url, invitation, { clock });
  const rosa = await openOn(found);
  await sees(rosa, 'Since Monday, by text');
  await rosa.send(text('I have a new phone'));
  await sees(staff, 'I have a new phone');
  await anHourLater();
}

const makeRecord = (): Promise<MadeRecord> =>
  maria.session.records.make({
    conversation: conv,
    messages: null,
    reason: 'Asked for',
    nameOf: (account) => (account === found.session.me ? 'Rosa Martinez' : null),
    words: WORDS,
  });

function decode<T>(bytes: Bytes): T {
  const decoded = decodeCanonical(bytes, 64 * 1024 * 1024);
  if (!decoded.ok) throw new Error(decoded.error.code);
  return decoded.value as T;
}

/** What the verifier says of the record with another body, which who made it has signed again: step, place and sentence. */
async function verdictOn(change: (body: Body) => void | Promise<void>): Promise<string> {
  const files = { ...unzipSync(record.zip) };
  const body = decode<Body>(decode<{ b: Bytes }>(files['evidence.cbor'] as Bytes).b);
  await change(body);
  const b = encodeCanonical(body);
  const { sha256 } = await nodePrimitives();
  const s = await maria.session.identity.deviceKey.sign(signingInput(sha256, LABELS.evidence, b));
  files['evidence.cbor'] = encodeCanonical({ b, s });
  try {
    verifyBundle(zipSync(files, { level: 0 }));
    return 'holds';
  } catch (error) {
    if (error instanceof Fault) return `${error.step} ${error.at} ${error.message}`;
    throw error;
  }
}

const bodyOf = (signed: Bytes): Fields => decode<Fields>(decode<{ b: Bytes }>(signed).b);
const headerOf = (sealed: Bytes): EnvelopeHeader => decode<EnvelopeHeader>(decode<{ h: Bytes }>(sealed).h);
const opOf = (entry: Bytes) => bodyOf(entry)['op'] as { op: string; account?: string; proof?: Bytes };
const placeOf = (words: string): number => verdict.messages.findIndex(({ text: said }) => said === words);
const without = <T>(list: T[], isOut: (one: T) => boolean): void => {
  const at = list.findIndex(isOut);
  if (at < 0) throw new Error('not there');
  list.splice(at, 1);
};

describe('the record of a patient’s conversation', () => {
  it('holds: claim, text, edit, withdrawal and both phones', () => {
    const rosa = found.session.me;
    // The first is the practice's card, which the conversation begins with.
    expect(verdict.messages.map(({ kind, text: words }) => [kind, words])).toEqual([
      ['card', ''],
      ['message', 'The wound itches'],
      ['message', 'Since when?'],
      ['edit', 'The wound itches at night'],
      ['message', 'This was for my sister'],
      ['withdrawal', ''],
      ['message', 'Since Monday, by text'],
      ['message', 'I have a new phone'],
    ]);
    const carrier = texting.me.read().account;
    expect(verdict.messages.map(({ author }) => author)).toEqual([
      maria.account,
      rosa,
      maria.account,
      rosa,
      rosa,
      rosa,
      carrier,
      rosa,
    ]);
    expect(verdict.messages.every(({ hasReceipt }) => hasReceipt)).toBe(true);
    // A patient's name is in no statement: it is who made the record that says it.
    expect([rosa, maria.account].map((account) => verdict.people.get(account))).toEqual([
      { name: 'Rosa Martinez', isProven: false },
      { name: 'Maria Lopez', isProven: true },
    ]);
  });

  it('shows two invitations of hers, each by a colleague, and two claims', async () => {
    const seen: Record<string, number> = {};
    await verdictOn((body) => {
      for (const { b } of body.statements) {
        const kind = String(bodyOf(b)['t']);
        seen[kind] = (seen[kind] ?? 0) + 1;
      }
      for (const entry of body.entries) seen[opOf(entry).op] = (seen[opOf(entry).op] ?? 0) + 1;
    });
    expect(seen).toMatchObject({ 'patient-invitation': 2, invite: 2, claim: 2, 'agent-grant': 1 });
  });
});

describe('altered by who may sign records, it does not hold', () => {
  const isStatement = (kind: string) => (statement: { b: Bytes }) => bodyOf(statement.b)['t'] === kind;

  it('as it is, signed again, it does', async () => {
    expect(await verdictOn(() => {})).toBe('holds');
  });

  it('without an invitation, or without the identity that came of it', async () => {
    expect(
      await verdictOn(({ statements }) => without(statements, isStatement('patient-invitation'))),
    ).toMatch(/^3 statements.* its invitation is not in the file/);
    const rosa = found.session.me;
    const isHers = ({ b }: { b: Bytes }) => bodyOf(b)['t'] === 'account' && bodyOf(b)['account'] === rosa;
    expect(await verdictOn(({ statements }) => without(statements, isHers))).toMatch(/^4 certificates/);
  });

  it('without the certificate of the colleague who invited', async () => {
    const invitedBy = ({ statements }: Body) =>
      hex(bodyOf(statements.find(isStatement('patient-invitation'))?.b as Bytes)['dk'] as Bytes);
    const hashOf = (signed: Bytes) => hex(objectHash(LABELS.device, decode<{ b: Bytes }>(signed).b));
    expect(
      await verdictOn((body) => without(body.certificates, (one) => hashOf(one) === invitedBy(body))),
    ).toMatch(/^[45] .* its author's certificate is not in the file/);
  });

  it('with a claim whose proof is not by the link, or that claims for somebody else', async () => {
    const primitives = await nodePrimitives();
    const again = async (key: SigningKey, at: number, body: Body, op: Fields) => {
      const opened = openEntry(primitives.sha256, body.entries[at] as Bytes);
      if (!opened.ok) throw new Error(opened.error.code);
      const changed = { ...opened.value.body, op: { ...opened.value.body.op, ...op } };
      const { bytes } = await signEntry(primitives, { key, body: changed as typeof opened.value.body });
      body.entries[at] = bytes;
    };
    const lastClaim = ({ entries }: Body) => entries.findLastIndex((entry) => opOf(entry).op === 'claim');
    const { deviceKey } = found.session.identity;
    expect(
      await verdictOn((body) => again(deviceKey, lastClaim(body), body, { proof: new Uint8Array(64) })),
    ).toMatch(/^5 entries.* its proof is not by the invitation's key/);
    expect(
      await verdictOn((body) => again(deviceKey, lastClaim(body), body, { account: maria.account })),
    ).toMatch(/^5 entries.* claims an invitation of somebody else/);
    expect(
      await verdictOn((body) =>
        again(deviceKey, lastClaim(body), body, { invitation: newId('invitation', nodeRng) }),
      ),
    ).toMatch(/^5 entries.* claims an invitation that is not there/);
  });

  it('with her words changed, given to another author, or put elsewhere', async () => {
    const at = placeOf('The wound itches');
    const changed = (change: (item: Item, next: Item) => void) =>
      verdictOn(({ items }) => change(items[at] as Item, items[at + 1] as Item));
    expect(
      await changed((item) => {
        const sealed = decode<{ h: Bytes; c: Bytes; x: Bytes; s: Bytes }>(item.b);
        item.b = encodeCanonical({
          ...sealed,
          h: encodeCanonical({ ...headerOf(item.b), author: maria.account }),
        });
      }),
    ).toMatch(/^6 evidence.items\[1\] names the certificate of somebody else/);
    expect(
      await changed((item) => {
        const sealed = decode<{ h: Bytes; c: Bytes; x: Bytes; s: Bytes }>(item.b);
        const x = sealed.x.slice();
        x[9] = (x[9] ?? 0) ^ 1;
        item.b = encodeCanonical({ ...sealed, x });
      }),
    ).toMatch(/^6 evidence.items\[1\] is not signed by its author/);
    expect(
      await changed((item, next) => {
        [item.secret, next.secret] = [next.secret, item.secret];
      }),
    ).toMatch(/^6 evidence.items\[1\] its secret is not the one/);
    expect(
      await changed((item, next) => {
        const [mine, theirs] = [{ ...item }, { ...next }];
        Object.assign(item, theirs, { seq: mine.seq });
        Object.assign(next, mine, { seq: theirs.seq });
      }),
    ).toMatch(/^7 /);
    expect(
      await verdictOn(({ items }) => {
        const [edit] = items.splice(placeOf('The wound itches at night'), 1);
        if (edit) items.unshift(edit);
      }),
    ).toMatch(/^7 items\[0\] names as older what comes after it/);
  });

  it('with what her lost phone wrote moved to after the loss', async () => {
    const moved = (hours: number) =>
      verdictOn(({ items }) => {
        const item = items[placeOf('The wound itches')] as Item;
        Object.assign(item, { ts: item.ts + hours * HOUR, receipt: null, index: 0, path: [] });
      });
    // An hour later she was out, another hour later she had new keys.
    expect(await moved(1.5)).toMatch(/^6 evidence.items\[1\].* taken out of the conversation/);
    expect(await moved(2.5)).toMatch(/^6 evidence.items\[1\] .*keys that had been replaced/);
  });

  it('with a message that somebody makes with her lost phone and the newest keys, whatever time they say', async () => {
    const { identity } = lost.session;
    const primitives = await nodePrimitives();
    const { parts } = maria.session;
    const log = await parts.logs.require(conv);
    const content = contentCodec.encode({
      t: 'message',
      text: 'Please send my things to another address',
      attachments: [],
      mentions: [],
      quote: null,
      template: null,
      request: null,
    });
    const keys =
      (await parts.generations.find(conv, log.state.gen)) ??
      makeGenerationKeys(primitives, {
        conv,
        gen: log.state.gen,
        secrets: { gk: Secret.of(nodeRng.bytes(32)), hl: null },
      });
    const forged = await sealEnvelope(
      { primitives, rng: nodeRng },
      {
        header: {
          org: identity.org,
          conv,
          gen: log.state.gen,
          logN: log.state.n,
          logHead: log.state.head,
          author: identity.account,
          dk: identity.dk,
          ts: clock.nowMs(),
          last: await parts.streams.newestHash(conv),
          id: newId('message', nodeRng),
          as: null,
          class: { kind: 'message', contract: 'fyi', to: [], withinMs: null, replyTo: null },
          blobs: [],
          escalation: null,
        },
        keys,
        signer: identity.deviceKey,
        content,
      },
    );
    const { salt } = headerOf(forged);
    const said = (agoMs: number) =>
      verdictOn(({ items }) => {
        const last = items.at(-1) as Item;
        items.push({
          ...last,
          seq: last.seq + 1,
          batch: last.batch + 1,
          ts: clock.nowMs() - agoMs,
          b: forged,
          secret: keys.messageSecret(salt).reveal(),
          receipt: null,
        });
      });
    expect(await said(0)).toMatch(/^6 evidence.items\[8\] .*keys that had been replaced/);
    expect(await said(2.5 * HOUR)).toMatch(
      /^6 evidence.items\[8\].* a membership entry that was made after it/,
    );
  });
});
