import { decode, encode } from 'cborg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CborValue, decodeCanonical, encodeCanonical } from './cbor.ts';
import { sampleSets } from './samples.fixture.ts';

// What is accepted, against the plain rule: bytes that a general decoder reads and a general encoder writes back unchanged.

const LIMIT = 1_000_000;
const seed = Date.now() & 0x7fff_ffff;
const text = fc.oneof(
  fc.string({ maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.constantFrom('é', '\u{1f600}', '\uffff', 'zz', 'a'.repeat(64), 'a'.repeat(65), 'a'.repeat(300)),
);
const integer = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER),
  fc.constantFrom(-1, -24, -25, -256, -257, -(2 ** 32), -(2 ** 32) - 1, Number.MIN_SAFE_INTEGER),
);
const { value } = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    integer,
    text,
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 30 }),
    fc.dictionary(
      text.filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 30, noNullPrototype: true },
    ),
  ),
}));

/** What a general decoder accepts and writes back as it was, as far as wire values go. */
function readByReference(bytes: Uint8Array): { value: unknown } | null {
  try {
    const value: unknown = decode(bytes, {
      strict: true,
      allowIndefinite: false,
      allowUndefined: false,
      allowInfinity: false,
      allowNaN: false,
      rejectDuplicateMapKeys: true,
    });
    return Buffer.from(encode(value)).equals(bytes) && hasNoOddNumbers(value) ? { value } : null;
  } catch {
    return null;
  }
}

function hasNoOddNumbers(value: unknown): boolean {
  if (typeof value === 'bigint') return false;
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return true;
  return Object.values(value).every(hasNoOddNumbers);
}

function read(bytes: Uint8Array): { value: unknown } | null {
  const decoded = decodeCanonical(bytes, LIMIT);
  return decoded.ok ? { value: decoded.value } : null;
}

describe(`canonical CBOR (seed ${seed})`, () => {
  it('reads back what it writes', () => {
    fc.assert(
      fc.property(value, (input) => {
        const bytes = encodeCanonical(input);
        expect(decodeCanonical(bytes, LIMIT)).toEqual({ ok: true, value: input });
      }),
      { seed, numRuns: 1000 },
    );
  });

  it('accepts no other bytes than a general decoder does that writes them back unchanged', () => {
    const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }), fc.constantFrom('set', 'cut', 'add'));
    fc.assert(
      fc.property(value, fc.array(change, { minLength: 1, maxLength: 3 }), (input, changes) => {
        let bytes: number[] = [...encodeCanonical(input)];
        for (const [at, byte, how] of changes) {
          const place = bytes.length === 0 ? 0 : at % bytes.length;
          if (how === 'set') bytes[place] = byte;
          else if (how === 'cut') bytes = bytes.filter((_, index) => index !== place);
          else bytes.splice(place, 0, byte);
        }
        const changed = Uint8Array.from(bytes);
        expect(read(changed)).toEqual(readByReference(changed));
      }),
      { seed, numRuns: 3000 },
    );
  });

  it('agrees on arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        expect(read(bytes)).toEqual(readByReference(bytes));
      }),
      { seed, numRuns: 20_000 },
    );
    const different: string[] = [];
    for (let first = 0; first < 256; first++)
      for (let second = 0; second < 256; second++) {
        const bytes = Uint8Array.of(first, second);
        if ((read(bytes) === null) !== (readByReference(bytes) === null))
          different.push(`${first} ${second}`);
      }
    expect(different).toEqual([]);
  });

  it.each(sampleSets)('agrees on every flipped bit of $name', ({ codec, samples }) => {
    for (const sample of samples) {
      const bytes = codec.encode(sample);
      for (let bit = 0; bit < Math.min(bytes.length, 600) * 8; bit++) {
        const mutant = bytes.slice();
        mutant[bit >> 3] = (mutant[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(read(mutant)).toEqual(readByReference(mutant));
      }
    }
  });

  it('refuses nesting that would use up the stack, and lengths that nothing follows', () => {
    expect(decodeCanonical(new Uint8Array(LIMIT).fill(0x81), LIMIT).ok).toBe(false);
    expect(decodeCanonical(Uint8Array.of(0x9a, 0xff, 0xff, 0xff, 0xff), LIMIT).ok).toBe(false);
    expect(decodeCanonical(Uint8Array.of(0xba, 0xff, 0xff, 0xff, 0xff), LIMIT).ok).toBe(false);
    expect(decodeCanonical(Uint8Array.of(0x5a, 0xff, 0xff, 0xff, 0xff), LIMIT).ok).toBe(false);
  });

  it('gives no object a prototype', () => {
    const named = encode({ ['__proto_1']: { polluted: true } });
    const bytes = Uint8Array.from(named);
    bytes.set(new TextEncoder().encode('__proto__'), 2);
    expect(decodeCanonical(bytes, LIMIT)).toEqual({
      ok: false,
      error: { code: 'wire.not_canonical', at: '' },
    });
  });

  it('answers plain byte arrays that share nothing with what came in', () => {
    const bytes = Buffer.from(encodeCanonical({ b: Uint8Array.of(1, 2, 3) }));
    const decoded = decodeCanonical(bytes, LIMIT);
    bytes.fill(0);
    expect(decoded).toEqual({ ok: true, value: { b: Uint8Array.of(1, 2, 3) } });
    const b = decoded.ok ? (decoded.value as { b: Uint8Array }).b : null;
    expect(b?.constructor).toBe(Uint8Array);
  });
});
