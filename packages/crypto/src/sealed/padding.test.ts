import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MIN_PADDED_BYTES, pad, paddedLength, padmeLength, unpad } from './padding.ts';

it('gives the lengths of the paper', () => {
  // Nikitin et al. 2019, §4: L = 9 -> 10; powers of two stay; large lengths keep the top few bits.
  const known = [
    [2, 2],
    [8, 8],
    [9, 10],
    [100, 104],
    [256, 256],
    [257, 272],
    [1000, 1024],
    [1025, 1088],
    [262_143, 262_144],
    [1_000_000, 1_015_808],
  ];
  for (const [length, padded] of known) expect(padmeLength(length as number)).toBe(padded);
});

it('never shortens, costs at most 12 % and is a fixed point', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 2 ** 31 - 1 }), (length) => {
      const padded = padmeLength(length);
      expect(padded).toBeGreaterThanOrEqual(length);
      expect(padded / length).toBeLessThan(1.12);
      expect(padmeLength(padded)).toBe(padded);
    }),
    { numRuns: 2000 },
  );
});

it('makes few lengths out of many', () => {
  const lengths = new Set(Array.from({ length: 262_144 }, (_, length) => paddedLength(length)));
  expect(lengths.size).toBeLessThan(200);
  expect(Math.min(...lengths)).toBe(MIN_PADDED_BYTES);
});

it('comes off again, at every length and content', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000, size: 'max' }), (content) => {
      expect(unpad(pad(content))).toEqual(content);
    }),
  );
});

it('is never taken off what was not padded so', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600, size: 'max' }), (bytes) => {
      let content: Uint8Array;
      try {
        content = unpad(bytes);
      } catch (error) {
        expect(error).toMatchObject({ code: 'crypto.malformed' });
        return;
      }
      expect(pad(content)).toEqual(bytes);
    }),
  );
});
