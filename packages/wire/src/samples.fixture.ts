import { batonOfMessage, type Bytes, ID_KINDS, type Id, type IdKind, makeId } from '@baton/kernel';
import type { ClientFrame, Codec, Content, PatientRecord, ServerFrame, Vault } from './index.ts';
import {
  contentCodec,
  decodeClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  encodeServerFrame,
  patientRecordCodec,
  vaultCodec,
} from './index.ts';

// One sample of every object that only `wire` checks: frames and sealed contents. Vectors and property tests share them.

export function fill(length: number, byte: number): Bytes {
  return new Uint8Array(length).fill(byte);
}

export function sampleId<Kind extends IdKind>(kind: Kind, byte = ID_KINDS[kind].charCodeAt(0)): Id<Kind> {
  return makeId(kind, fill(16, byte));
}

const conv = sampleId('conversation');
const account = sampleId('account');
const message = sampleId('message');
const ts = 1_795_000_000_000;
const item = { seq: 1, k: 'envelope', b: fill(40, 7), batch: 9, ts } as const;

export const clientFrames: readonly ClientFrame[] = [
  { t: 'hello', v: 1, cursor: 0 },
  { t: 'append', q: 1, conv, k: 'entry', b: fill(30, 1), boxes: [fill(20, 2)], escalation: null },
  {
    t: 'append',
    q: 9,
    conv,
    k: 'envelope',
    b: fill(30, 1),
    boxes: [],
    escalation: { boxes: [fill(20, 2)], context: fill(40, 3) },
  },
  { t: 'baton', q: 10, baton: batonOfMessage(message, 0), b: fill(90, 5) },
  { t: 'reached', q: 11, batons: [{ baton: batonOfMessage(message, 11), n: 2 }] },
  { t: 'pull', q: 2, conv, after: 0, limit: 50 },
  { t: 'pull-back', q: 3, conv, before: 51, limit: 50 },
  { t: 'changes', q: 4, after: 3, limit: 100 },
  { t: 'watermark', q: 5, b: fill(10, 3) },
  { t: 'marks', q: 6, conv },
  { t: 'cursor', batch: 12 },
  { t: 'ping', q: 4_294_967_295 },
];

export const serverFrames: readonly ServerFrame[] = [
  { t: 'welcome', v: 1, batch: 12, keylog: 30, records: 4, ts },
  {
    t: 'ok',
    q: 1,
    a: { seq: 1, batch: 9, ts, receipt: fill(90, 4), index: 0, path: [fill(32, 5)], replay: false },
  },
  { t: 'ok', q: 2, a: { items: [item], newest: 1 } },
  { t: 'ok', q: 4, a: { changes: [{ conv, seq: 1, batch: 9 }], upTo: 9, more: false } },
  { t: 'ok', q: 6, a: { marks: [{ account, delivered: 9, opened: null }] } },
  { t: 'ok', q: 9, a: { pos: 3, ts, replay: false } },
  { t: 'ok', q: 7, a: {} },
  { t: 'records', size: 5 },
  { t: 'batons', pos: 3, alert: true },
  { t: 'no', q: 8, code: 'conflict.stale_generation', at: 'gen', retryMs: 0 },
  { t: 'items', conv, items: [item] },
  { t: 'mark', conv, mark: { account, delivered: 9, opened: fill(20, 6) } },
  { t: 'missed', from: 3 },
  { t: 'keylog', size: 31 },
  { t: 'bye', code: 'auth.expired' },
];

export const contents: readonly Content[] = [
  {
    t: 'message',
    text: 'Room 3 is ready.',
    attachments: [
      {
        blob: sampleId('blob'),
        key: fill(32, 8),
        hash: fill(32, 9),
        sizeBytes: 1200,
        name: 'ecg.webp',
        mime: 'image/webp',
        width: 800,
        height: 600,
      },
    ],
    mentions: [account, sampleId('role')],
    quote: { id: message, author: account, text: 'Which room?' },
    template: null,
    request: null,
  },
  {
    t: 'message',
    text: 'Situation: potassium 6.1',
    attachments: [],
    mentions: [],
    quote: null,
    template: { kind: 'sbar', parts: [{ label: 'Situation', text: 'potassium 6.1' }] },
    request: { t: 'take-role', role: sampleId('role') },
  },
  { t: 'edit', target: message, text: 'Room 4 is ready.', mentions: [] },
  { t: 'withdrawal', target: message, reason: null },
  { t: 'reaction', target: message, reaction: 'got-it', on: true },
  { t: 'subject', title: 'Morning huddle', about: '' },
];

export const vaults: readonly Vault[] = [
  {
    v: 1,
    t: 'vault',
    org: sampleId('org'),
    account,
    accountGen: 1,
    uik: fill(32, 1),
    puk: { gen: 2, seed: fill(32, 2) },
    root: fill(32, 3),
    authority: { oa: fill(32, 4), oe: { gen: 1, seed: fill(32, 5) } },
    seen: { keylog: 30, batch: 12 },
    preferences: { language: 'es' },
  },
];

export const patientRecords: readonly PatientRecord[] = [
  {
    t: 'patient',
    ref: 'Patient/example',
    family: 'Example',
    given: ['Ada'],
    prefix: null,
    birthDate: '1970-01-31',
    deceased: null,
    gender: 'female',
    identifiers: [{ system: 'urn:example', value: '42', label: 'MR' }],
    telecom: [{ system: 'phone', value: '555-0100', use: 'home' }],
    address: ['1 Harbor Street, Everett, MA 02149'],
    language: 'en-US',
    practitioners: [{ ref: 'Practitioner/example', name: 'Grace Example' }],
    conditions: [{ text: 'Perennial allergic rhinitis', active: true, onset: '1976-05-27' }],
    medications: [{ text: 'Loratadine 10 MG Oral Tablet', active: false, authored: null }],
    allergies: ['Allergy to mould'],
    lastEncounter: { at: '2019-05-14', text: 'Encounter for check up' },
    importedAt: ts,
    source: fill(32, 6),
  },
];

const clientFrameCodec: Codec<ClientFrame> = { encode: encodeClientFrame, decode: decodeClientFrame };
const serverFrameCodec: Codec<ServerFrame> = { encode: encodeServerFrame, decode: decodeServerFrame };

interface SampleSet {
  readonly name: string;
  readonly codec: Codec<unknown>;
  readonly samples: readonly unknown[];
}

export const sampleSets: readonly SampleSet[] = [
  { name: 'client-frame', codec: clientFrameCodec, samples: clientFrames },
  { name: 'server-frame', codec: serverFrameCodec, samples: serverFrames },
  { name: 'content', codec: contentCodec, samples: contents },
  { name: 'vault', codec: vaultCodec, samples: vaults },
  { name: 'patient-record', codec: patientRecordCodec, samples: patientRecords },
];
