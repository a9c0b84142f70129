import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as wire from './index.ts';
import { sampleSets } from './samples.fixture.ts';

const codecs: [string, (bytes: Uint8Array) => { ok: boolean }][] = [
  ...Object.entries(wire)
    .filter(([name]) => name.endsWith('Codec') && name !== 'makeCodec')
    .map(([name, codec]): [string, (bytes: Uint8Array) => { ok: boolean }] => [
      name,
      (bytes) => (codec as wire.Codec<unknown>).decode(bytes),
    ]),
  ['client frame', wire.decodeClientFrame],
  ['server frame', wire.decodeServerFrame],
];

describe('decoders are total', () => {
  it('covers every codec that the package exports', () => {
    expect(codecs.length).toBeGreaterThanOrEqual(16);
  });

  it.each(codecs)('%s returns a typed error for arbitrary bytes and never throws', (_, decode) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(decode(bytes).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it.each(codecs)('%s never throws for well-formed CBOR of another shape', (_, decode) => {
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        fc.constant(null),
        fc.integer(),
        fc.string(),
        fc.uint8Array({ maxLength: 40 }),
        fc.array(tie('node'), { maxLength: 4 }),
        fc.dictionary(fc.string({ maxLength: 6 }), tie('node'), { maxKeys: 4 }),
      ),
    })).node;
    fc.assert(
      fc.property(value, (shape) => {
        expect(decode(wire.encodeCanonical(shape)).ok).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});

describe('one value, one encoding', () => {
  for (const { name, codec, samples } of sampleSets) {
    it(`${name}: samples round-trip`, () => {
      for (const sample of samples) {
        const bytes = codec.encode(sample);
        expect(codec.decode(bytes)).toEqual({ ok: true, value: sample });
      }
    });

    it(`${name}: every mutant is refused or means something else, canonically`, () => {
      for (const sample of samples) {
        const bytes = codec.encode(sample);
        for (let bit = 0; bit < bytes.length * 8; bit++) {
          const mutant = bytes.slice();
          mutant[bit >> 3] = (mutant[bit >> 3] as number) ^ (1 << (bit & 7));
          const decoded = codec.decode(mutant);
          if (decoded.ok) expect(codec.encode(decoded.value)).toEqual(mutant);
          else expect(wire.isErrorCode(decoded.error.code)).toBe(true);
        }
        expect(codec.decode(bytes.slice(0, -1)).ok).toBe(false);
        expect(codec.decode(Uint8Array.of(...bytes, 0)).ok).toBe(false);
      }
    });
  }

  it('refuses longer integers, unordered and doubled keys, indefinite lengths, float spellings of integers, tags and undefined', () => {
    const refused = [
      '1800',
      '1900ff',
      'a2616201616101',
      'a2616101616102',
      '9f01ff',
      '5f4101ff',
      'f93c00',
      'c000',
      'f7',
      'a1f601',
    ];
    for (const hex of refused)
      expect(wire.decodeCanonical(new Uint8Array(Buffer.from(hex, 'hex')), 100).ok, hex).toBe(false);
    expect(wire.decodeCanonical(new Uint8Array(Buffer.from('a2616101616202', 'hex')), 100)).toEqual({
      ok: true,
      value: { a: 1, b: 2 },
    });
  });
});
