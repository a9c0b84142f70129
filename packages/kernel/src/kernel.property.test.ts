import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareBytes,
  concatBytes,
  decodeBase64Url,
  decodeHex,
  decodeUtf8,
  encodeBase64Url,
  encodeHex,
  encodeUtf8,
  equalBytes,
  ID_KINDS,
  type IdKind,
  isId,
  makeId,
  Phi,
  parseId,
  Secret,
} from './index.ts';

const bytes = fc.uint8Array({ maxLength: 200 });

describe('byte encodings', () => {
  it('base64url agrees with the platform and round-trips', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        const text = encodeBase64Url(value);
        expect(text).toBe(Buffer.from(value).toString('base64url'));
        expect(decodeBase64Url(text)).toEqual(value);
      }),
    );
  });

  it('base64url has one text per byte string: whatever decodes, encodes back to itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'AQgwZz09-_ =+/'), maxLength: 40 }), (text) => {
        const decoded = decodeBase64Url(text);
        if (decoded !== null) expect(encodeBase64Url(decoded)).toBe(text);
      }),
    );
    expect(decodeBase64Url('AB')).toBeNull();
    expect(decodeBase64Url('A')).toBeNull();
    expect(decodeBase64Url('AA==')).toBeNull();
  });

  it('hex and UTF-8 round-trip and refuse what is not theirs', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(decodeHex(encodeHex(value))).toEqual(value);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeUtf8(encodeUtf8(text))).toBe(text);
      }),
    );
    expect(decodeHex('0g')).toBeNull();
    expect(decodeHex('abc')).toBeNull();
    expect(decodeUtf8(Uint8Array.of(0xc3, 0x28))).toBeNull();
  });

  it('compares like Buffer.compare and finds equality', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b));
        expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0);
        expect(concatBytes(a, b)).toEqual(new Uint8Array(Buffer.concat([a, b])));
      }),
    );
  });
});

describe('ids', () => {
  const kinds = Object.keys(ID_KINDS) as IdKind[];

  it('are accepted as their own kind only', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.constantFrom(...kinds),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        (kind, other, random) => {
          const id = makeId(kind, random);
          expect(id).toHaveLength(24);
          expect(parseId(kind, id)).toBe(id);
          expect(isId(other, id)).toBe(other === kind);
        },
      ),
    );
  });

  it('are exactly what sixteen bytes are written as', () => {
    const character = fc.oneof(
      { weight: 40, arbitrary: fc.constantFrom(...'ABQgwxYZ019-_') },
      { weight: 1, arbitrary: fc.constantFrom(...'+/=\n é') },
    );
    const text = fc.string({ unit: character, minLength: 20, maxLength: 24 }).map((rest) => `a_${rest}`);
    fc.assert(
      fc.property(fc.oneof(text, fc.string()), (candidate) => {
        const bytes = candidate.startsWith('a_') ? decodeBase64Url(candidate.slice(2)) : null;
        expect(parseId('account', candidate) !== null).toBe(bytes?.length === 16);
      }),
      { numRuns: 2000 },
    );
  });

  it('have distinct letters and refuse other lengths', () => {
    expect(new Set(Object.values(ID_KINDS)).size).toBe(kinds.length);
    expect(() => makeId('account', new Uint8Array(15))).toThrow(RangeError);
    expect(parseId('account', 'a_')).toBeNull();
    expect(parseId('account', `a_${'A'.repeat(21)}B`)).toBeNull();
  });
});

describe('sealed values', () => {
  it.each([Secret.of('hunter2'), Phi.of('hunter2')])('never show what they hold', (value) => {
    const shown = [
      String(value),
      `${value}`,
      JSON.stringify({ value }),
      inspect(value),
      inspect({ deep: [value] }),
      `${[value]}`,
      Object.values(value).join(),
    ];
    for (const text of shown) expect(text).not.toContain('hunter2');
    expect(value.reveal()).toBe('hunter2');
  });
});
