import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keysOf, nativePorts, OTHER_CONV } from '../fixtures/practice.ts';
import { makeCollectionIndex } from './collection-index.ts';

const { primitives } = await nativePorts();
const index = makeCollectionIndex(primitives, keysOf(primitives));
const same = makeCollectionIndex(primitives, keysOf(primitives));
const otherKey = makeCollectionIndex(primitives, keysOf(primitives, { value: 8 }));
const otherPlace = makeCollectionIndex(primitives, keysOf(primitives, { conv: OTHER_CONV }));

it('gives a text one place, in its own collection', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
      const key = index.opaqueKey(text);
      expect(key).toHaveLength(32);
      expect(same.opaqueKey(text)).toEqual(key);
      expect(otherKey.opaqueKey(text)).not.toEqual(key);
      expect(otherPlace.opaqueKey(text)).not.toEqual(key);
    }),
  );
  expect(index.opaqueKey('Patient/1')).not.toEqual(index.opaqueKey('Patient/2'));
});

it('hangs on the first generation', () => {
  expect(() => makeCollectionIndex(primitives, keysOf(primitives, { gen: 2 }))).toThrow(
    expect.objectContaining({ code: 'crypto.wrong_context' }),
  );
});
