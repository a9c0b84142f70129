import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reuse } from './reuse.ts';

const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 1, 2, 'a', 'b'),
    fc.uint8Array({ maxLength: 3 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('x', 'y', 'z'), tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

it('says the same as the new value, whatever was before', () => {
  fc.assert(
    fc.property(plain, plain, (before, after) => {
      expect(reuse(before, after)).toEqual(after);
    }),
  );
});

it('is the old value itself where nothing changed', () => {
  fc.assert(
    fc.property(plain, (value) => {
      expect(reuse(value, structuredClone(value))).toBe(value);
    }),
  );
});

it('keeps the parts that did not change', () => {
  const before = { list: [{ id: 1 }, { id: 2 }], same: { deep: [1] } };
  const after = reuse(before, { list: [{ id: 1 }, { id: 3 }], same: { deep: [1] } });
  expect(after.list[0]).toBe(before.list[0]);
  expect(after.list[1]).not.toBe(before.list[1]);
  expect(after.same).toBe(before.same);
});

it('keeps what only stands at another place', () => {
  const [a, b, c] = [{ id: 1 }, { id: 2 }, { id: 3 }];
  const after = reuse([a, b, c], [c, a, b]);
  expect(after[0]).toBe(c);
  expect(after[1]).toBe(a);
  expect(after[2]).toBe(b);
});
