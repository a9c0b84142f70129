import { makeId } from '@baton/kernel';
import { expect, it } from 'vitest';
import { CONV, idBytes, keysOf, nativePorts } from '../fixtures/practice.ts';
import { deriveRoleBoxSeed } from './role-box-key.ts';

const { primitives } = await nativePorts();
const role = makeId('role', idBytes(30));
const seedOf = (over = {}, of = role) =>
  deriveRoleBoxSeed({ keyring: keysOf(primitives, over), role: of }).reveal();

it('is the same for everyone who holds the keyring, and for nothing else', () => {
  expect(seedOf()).toHaveLength(32);
  expect(seedOf()).toEqual(seedOf({ conv: CONV }));
  expect(seedOf()).not.toEqual(seedOf({ gen: 2 }));
  expect(seedOf()).not.toEqual(seedOf({ value: 8 }));
  expect(seedOf()).not.toEqual(seedOf({}, makeId('role', idBytes(31))));
});

it('opens what was boxed to the role', async () => {
  const key = await primitives.xwingKeyFromSeed(seedOf());
  const again = await primitives.xwingKeyFromSeed(seedOf());
  const { ct, ss } = await primitives.xwingEncapsulate(key.publicKey);
  expect(await primitives.xwingDecapsulate(again, ct)).toEqual(ss);
});
