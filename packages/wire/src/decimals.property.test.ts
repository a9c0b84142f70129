import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { encodeCanonical } from './cbor.ts';
import { makeCodec } from './codec.ts';
import { decimalField } from './fields.ts';

const codec = makeCodec(z.strictObject({ n: decimalField() }), { limitBytes: 100, decimals: true });

describe('numbers with a fraction', () => {
  it('come back as they went, in one spelling only', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (n) => {
        fc.pre(!Number.isInteger(n) || Number.isSafeInteger(n));
        const decoded = codec.decode(codec.encode({ n }));
        expect(decoded.ok && decoded.value.n).toBe(n === 0 ? 0 : n);
      }),
    );
  });

  it('are refused in any other spelling, and where they are no numbers', () => {
    for (const n of [
      '1',
      '0.50',
      '.5',
      '5e-1',
      '1.0',
      'NaN',
      'Infinity',
      '-Infinity',
      ' 0.5',
      '0x1.8',
      '1e999',
      '',
    ])
      expect(codec.decode(encodeCanonical({ n })).ok, n).toBe(false);
    expect(codec.decode(codec.encode({ n: Number.NaN })).ok).toBe(false);
    expect(codec.decode(codec.encode({ n: Number.POSITIVE_INFINITY })).ok).toBe(false);
  });

  it('keep to their range, and stay out of codecs without them', () => {
    const share = makeCodec(z.strictObject({ n: decimalField({ min: 0, max: 1 }) }), {
      limitBytes: 100,
      decimals: true,
    });
    const holds = (n: number): boolean => share.decode(share.encode({ n })).ok;
    expect([0, 0.2, 1, 1.01, -0.1, 2].map(holds)).toEqual([true, true, true, false, false, false]);
    const whole = makeCodec(z.strictObject({ n: z.number() }), { limitBytes: 100 });
    expect(whole.decode(whole.encode({ n: 0.5 })).ok).toBe(false);
  });
});
