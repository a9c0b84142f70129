import { readFileSync } from 'node:fs';
import { type Bytes, decodeHex, equalBytes } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import {
  batonEventCodec,
  type Codec,
  encodeCanonical,
  envelopeHeaderCodec,
  escalationBoxCodec,
  escalationContextCodec,
  escalationPartsCodec,
  isErrorCode,
  manifestCodec,
  orgRecordCodec,
  recordSubject,
  sealedCodec,
  sealedNoteCodec,
  signedCodec,
} from './index.ts';

// The bodies of protocol/vectors/wire/batons.json: one event of every operation, one record of every kind, and what goes beside.

interface Named {
  readonly name: string;
  readonly bytes: string;
}
const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../../protocol/vectors/wire/${name}`, import.meta.url), 'utf8')) as T;
const file = read<{ events: Named[]; records: Named[]; manifest: Named; box: Named; note: string }>(
  'batons.json',
);
const { sealed } = read<{ sealed: Named[] }>('conversation.json');
const hex = (text: string): Bytes => decodeHex(text) as Bytes;

function bodyOf(text: string): Bytes {
  const signed = signedCodec.decode(hex(text));
  if (!signed.ok) throw new Error(signed.error.code);
  return signed.value.b;
}
function headerOf(text: string): Bytes {
  const decoded = sealedCodec.decode(hex(text));
  if (!decoded.ok) throw new Error(decoded.error.code);
  return decoded.value.h;
}

const fill = (length: number, byte: number): Bytes => new Uint8Array(length).fill(byte);
const context = escalationContextCodec.encode({
  t: 'context',
  patient: 'Ada Example',
  sender: 'Ann Lee',
  callback: null,
  conversation: 'Care team',
  quote: { author: 'Bo Kim', text: 'Potassium 6.1' },
});

const objects: readonly (readonly [string, Codec<unknown>, Bytes])[] = [
  ...file.events.map(({ name, bytes }) => [`event ${name}`, batonEventCodec, bodyOf(bytes)] as const),
  ...file.records.map(({ name, bytes }) => [`record ${name}`, orgRecordCodec, bodyOf(bytes)] as const),
  ['manifest', manifestCodec, hex(file.manifest.bytes)],
  ['escalation box', escalationBoxCodec, hex(file.box.bytes)],
  ['note', sealedNoteCodec, hex(file.note)],
  ['context', escalationContextCodec, context],
  ['parts', escalationPartsCodec, escalationPartsCodec.encode({ boxes: [fill(9, 1)], context: fill(99, 2) })],
  ['header that names its escalation', envelopeHeaderCodec, headerOf(sealed[0]?.bytes ?? '')],
];

describe.each(objects)('%s', (_name, codec, bytes) => {
  it('is read back to the same bytes', () => {
    const decoded = codec.decode(bytes);
    expect(decoded.ok).toBe(true);
    if (decoded.ok) expect(equalBytes(codec.encode(decoded.value), bytes)).toBe(true);
  });

  it('every flipped bit is refused or means something else, canonically', () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const mutant = bytes.slice();
      mutant[bit >> 3] = (mutant[bit >> 3] as number) ^ (1 << (bit & 7));
      const decoded = codec.decode(mutant);
      if (decoded.ok) expect(equalBytes(codec.encode(decoded.value), mutant)).toBe(true);
      else expect(isErrorCode(decoded.error.code)).toBe(true);
    }
    expect(codec.decode(bytes.slice(0, -1)).ok).toBe(false);
    expect(codec.decode(Uint8Array.of(...bytes, 0)).ok).toBe(false);
  });
});

it('records have one subject for each chain of versions', () => {
  const subjects = file.records.map(({ bytes }) => {
    const record = orgRecordCodec.decode(bodyOf(bytes));
    return record.ok ? recordSubject(record.value.body) : '';
  });
  expect(new Set(subjects).size).toBe(subjects.length - 1);
  expect(subjects.filter((subject) => subject === 'policy')).toHaveLength(2);
  for (const subject of subjects) expect(subject).toMatch(/^policy$|^[a-z]+:[a-z]_[A-Za-z0-9_-]{22}$/);
});

it('events and records are bounded', () => {
  const [event] = file.events;
  const opening = batonEventCodec.decode(bodyOf(event?.bytes ?? ''));
  if (!opening.ok || opening.value.op.op !== 'open') throw new Error('not an opening');
  const { op } = opening.value;
  const accepts = (changes: object) =>
    batonEventCodec.decode(encodeCanonical({ ...opening.value, op: { ...op, ...changes } })).ok;
  const reached = (count: number) => accepts({ reached: Array.from({ length: count }, () => op.reached[0]) });
  expect(reached(200)).toBe(true);
  expect(reached(201)).toBe(false);
  expect(accepts({ reference: 'order-4711' })).toBe(true);
  for (const reference of ['Ada Example', '', 'x'.repeat(65), 'MRN: 7'])
    expect(accepts({ reference })).toBe(false);
  expect(accepts({ contract: 'fyi' })).toBe(false);
});
