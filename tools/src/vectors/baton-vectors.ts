import { batonOfEvent, batonOfMessage, type Bytes, encodeHex, type MemberId } from '@baton/kernel';
import {
  type BatonEvent,
  type BatonOp,
  batonEventCodec,
  encodeCanonical,
  escalationBoxCodec,
  type Manifest,
  manifestCodec,
  orgRecordCodec,
  type RecordBody,
  SERVER_OPS,
  sealedNoteCodec,
} from '@baton/wire';
import { bytesNamed, idNamed, labelled, objectHash, signedVector, type Vector } from './fixed-keys.ts';
import {
  ana,
  anaDevice,
  ben,
  certificateHash,
  DAY,
  desk,
  fromHex,
  org,
  server,
  T0,
} from './key-log-vectors.ts';

// One event of every operation in one chain, one record of every kind, a manifest, an escalation box, a context block and a note. Whether
// anybody was allowed to do all that is policy's business, not the bytes'.

export const conv = idNamed('conversation', 'group');
export const message = idNamed('message', 'first');
const baton = batonOfMessage(message, 0);
const ladder = idNamed('ladder', 'stat');
const queue = idNamed('queue', 'refills');

function makeBoxBytes(to: MemberId): Bytes {
  return escalationBoxCodec.encode({
    v: 1,
    t: 'escalation-box',
    conv,
    message,
    to,
    g: 2,
    enc: bytesNamed(`escalation encapsulation ${to}`, 1120),
    ct: bytesNamed(`escalation secret ${to}`, 48),
  });
}

/** The box and the context block that the envelope of conversation.json names. */
const escalationBox = makeBoxBytes(ben);
const escalationContext = bytesNamed('context block', 284);
export const escalationBoxHash = objectHash('sg/esc-box/v1', escalationBox);
export const escalationContextHash = objectHash('sg/context/v1', escalationContext);

const note = sealedNoteCodec.encode({
  v: 1,
  t: 'note',
  baton,
  to: ben,
  g: 2,
  enc: bytesNamed('note encapsulation', 1120),
  ct: bytesNamed('note', 272),
});

const ops: readonly BatonOp[] = [
  {
    op: 'open',
    conv,
    opener: ana,
    contract: 'stat',
    to: desk,
    deadline: T0 + 3 * DAY,
    unit: 'Main Street',
    reference: null,
    reached: [ana, ben],
  },
  { op: 'step', step: 1, target: desk, offsetMs: 60_000, reached: [ben], empty: false },
  { op: 'acknowledge', readBack: true },
  { op: 'offer', to: ben, note },
  { op: 'return', reached: [ana] },
  { op: 'offer', to: queue, note: null },
  { op: 'accept' },
  { op: 'decline' },
  { op: 'take' },
  { op: 'reopen', message: idNamed('message', 'edit') },
  { op: 'reassign', cause: 'off-duty', to: desk, reached: [] },
  { op: 'box', to: desk, g: 1, box: makeBoxBytes(desk) },
  { op: 'close', reason: 'handled-elsewhere' },
  { op: 'answer', conv, message: idNamed('message', 'answer') },
];
const serverOps: ReadonlySet<string> = new Set(SERVER_OPS);

function signEvent(body: Omit<BatonEvent, 'v' | 't' | 'org' | 'as' | 'by' | 'dk'>): Vector {
  const isServer = serverOps.has(body.op.op);
  const event: BatonEvent = {
    v: 1,
    t: 'baton',
    org,
    by: isServer ? null : ana,
    as: body.op.op === 'take' ? desk : null,
    dk: isServer ? null : certificateHash,
    ...body,
  };
  const by = isServer ? server : anaDevice;
  return signedVector(body.op.op, { label: 'sg/baton/v1', body: batonEventCodec.encode(event), by });
}

function makeEventVectors(): Vector[] {
  const vectors: Vector[] = [];
  for (const [n, op] of ops.entries()) {
    const previous = vectors.at(-1);
    const prev = previous === undefined ? null : fromHex(previous.hash);
    vectors.push(signEvent({ baton, n, prev, ts: T0 + 2 * DAY + n, op }));
  }
  const outside: BatonOp = {
    op: 'open',
    conv: null,
    opener: idNamed('integration', 'lab'),
    contract: 'talk',
    to: queue,
    deadline: T0 + 3 * DAY,
    unit: null,
    reference: 'order-4711',
    reached: [],
  };
  const named = batonOfEvent(idNamed('event', 'order'));
  return [...vectors, signEvent({ baton: named, n: 0, prev: null, ts: T0 + 2 * DAY, op: outside })];
}

const notices = { pushMs: 15_000, textMs: 120_000 };
const bodies: readonly RecordBody[] = [
  {
    kind: 'policy',
    supervisor: desk,
    ladders: { reply: idNamed('ladder', 'reply'), talk: idNamed('ladder', 'talk'), stat: ladder },
    replyWithinMs: [3_600_000, 14_400_000],
    talkWithinMs: 900_000,
    statWithinMs: 300_000,
    opening: 'reply',
    notices: { stat: notices, talk: notices, reply: notices },
    callback: '+1 425 555 0100',
  },
  {
    kind: 'ladder',
    ladder,
    name: 'Stat',
    steps: [
      { from: 'open', afterMs: 60_000, target: 'owner' },
      { from: 'open', afterMs: 120_000, target: 'backup' },
      { from: 'deadline', afterMs: 0, target: desk },
      { from: 'deadline', afterMs: 60_000, target: 'supervisor' },
    ],
    repeatMs: 60_000,
    followUpMs: 1_800_000,
    offerMs: 300_000,
    source: 'Practice policy 7',
    active: true,
  },
  {
    kind: 'unit',
    unit: idNamed('unit', 'main'),
    name: 'Main Street',
    backup: desk,
    charge: null,
    ladders: { reply: null, talk: null, stat: ladder },
    callback: null,
    showSender: { reply: false, talk: true, stat: true },
    active: true,
  },
  { kind: 'queue', queue, name: 'Refills', roles: [desk], defaultOwner: ana, active: true },
  {
    kind: 'schedule',
    role: desk,
    timeZone: 'America/Los_Angeles',
    weekly: [
      { day: 1, from: 480, to: 1020, account: ana },
      { day: 7, from: 1380, to: 420, account: ben },
    ],
    active: true,
  },
  {
    kind: 'cover',
    cover: idNamed('event', 'cover'),
    role: desk,
    account: ben,
    instead: ana,
    from: T0 + 2 * DAY,
    until: T0 + 3 * DAY,
    active: true,
  },
  { kind: 'availability', account: ana, duty: 'off', cover: desk, until: null },
];

function makeRecordVectors(): Vector[] {
  const vectors = bodies.map((body, index) => signRecord(body, { version: 1, prev: null, after: index }));
  const [policy] = vectors;
  const [body] = bodies;
  if (policy === undefined || body === undefined) throw new Error('no records');
  const next = signRecord(body, { version: 2, prev: fromHex(policy.hash), after: vectors.length });
  return [...vectors, next];
}

function signRecord(
  body: RecordBody,
  place: { readonly version: number; readonly prev: Bytes | null; readonly after: number },
): Vector {
  const { version, prev, after } = place;
  const record = orgRecordCodec.encode({
    v: 1,
    t: 'record',
    org,
    version,
    prev,
    author: ana,
    dk: certificateHash,
    ts: T0 + 2 * DAY + after,
    body,
  });
  return signedVector(body.kind, { label: 'sg/record/v1', body: record, by: anaDevice });
}

const manifest: Manifest = {
  v: 1,
  t: 'manifest',
  org,
  program: 'duty',
  version: 1,
  purposes: ['Keeps the holders of duty roles as the schedule says'],
  access: [{ kind: 'keyring', history: true, writes: ['members'] }],
  duty: true,
  hosts: ['ehr.example.org:443'],
  code: bytesNamed('program files', 32),
  responsible: ana,
};

export interface BatonVectors {
  readonly events: readonly Vector[];
  readonly records: readonly Vector[];
  /** Bytes and the hash that invitations and grants name. */
  readonly manifest: { readonly bytes: string; readonly hash: string };
  readonly box: { readonly bytes: string; readonly hash: string; readonly info: string };
  readonly context: { readonly bytes: string; readonly hash: string };
  readonly note: string;
}

export function makeBatonVectors(): BatonVectors {
  const encodedManifest = manifestCodec.encode(manifest);
  return {
    events: makeEventVectors(),
    records: makeRecordVectors(),
    manifest: {
      bytes: encodeHex(encodedManifest),
      hash: encodeHex(objectHash('sg/manifest/v1', encodedManifest)),
    },
    box: {
      bytes: encodeHex(escalationBox),
      hash: encodeHex(escalationBoxHash),
      info: encodeHex(labelled('sg/esc-box/v1', encodeCanonical({ conv, message, to: ben, g: 2 }))),
    },
    context: { bytes: encodeHex(escalationContext), hash: encodeHex(escalationContextHash) },
    note: encodeHex(note),
  };
}
