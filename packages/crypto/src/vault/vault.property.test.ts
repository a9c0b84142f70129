import { equalBytes, makeId, newId, Secret } from '@baton/kernel';
import type { Vault } from '@baton/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitFlips, wrongLengths } from '../fixtures/mutants.ts';
import { AUTHOR, idBytes, nativePorts, ORG } from '../fixtures/practice.ts';
import { portablePrimitives } from '../primitives/fixtures/runtimes.ts';
import { generatePassphrase } from '../words/passphrase.ts';
import { makeUserMasterKey, openVault, sealVault } from './vault.ts';
import { unwrapUserMasterKey, wrapUserMasterKey } from './wrap.ts';
import { deriveDemoKeys, derivePasskeyWrapKey, deriveWordKeys, passkeyPrfInput } from './wrap-keys.ts';

const ports = await nativePorts();
const { primitives, rng } = ports;
const umk = makeUserMasterKey(rng);
const vault: Vault = {
  v: 1,
  t: 'vault',
  org: ORG,
  account: AUTHOR,
  accountGen: 1,
  uik: new Uint8Array(32).fill(1),
  puk: { gen: 2, seed: new Uint8Array(32).fill(2) },
  root: new Uint8Array(32).fill(3),
  authority: { oa: new Uint8Array(32).fill(4), oe: null },
  seen: { keylog: 10, batch: 20 },
  preferences: { theme: 'dark' },
};
const STRANGER = makeId('account', idBytes(99));
const credential = newId('credential', rng);
const typed = {
  name: 'CryptoError',
  code: expect.stringMatching(/^crypto\.(open_failed|malformed)$/) as unknown,
};

describe('the vault', () => {
  it('round-trips, and says nothing when formatted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), fc.string({ maxLength: 200 }), {
          maxKeys: 30,
        }),
        async (version, preferences) => {
          const full = { ...vault, preferences };
          const sealed = await sealVault(ports, { account: AUTHOR, version, umk, vault: Secret.of(full) });
          const opened = await openVault(primitives, { account: AUTHOR, version, umk, sealed });
          expect(opened.reveal()).toEqual(full);
          expect(`${opened}${JSON.stringify(opened)}`).toBe('[sealed]"[sealed]"');
        },
      ),
      { numRuns: 30 },
    );
  });

  it('opens as its own version of its own account only', async () => {
    const sealed = await sealVault(ports, { account: AUTHOR, version: 4, umk, vault: Secret.of(vault) });
    const failed = { code: 'crypto.open_failed' };
    const open = (over: object) =>
      openVault(primitives, { account: AUTHOR, version: 4, umk, sealed, ...over });
    await expect(open({ version: 5 })).rejects.toMatchObject(failed);
    await expect(open({ account: STRANGER })).rejects.toMatchObject(failed);
    await expect(open({ umk: makeUserMasterKey(rng) })).rejects.toMatchObject(failed);
    await expect(
      sealVault(ports, { account: STRANGER, version: 1, umk, vault: Secret.of(vault) }),
    ).rejects.toMatchObject({ code: 'crypto.wrong_context' });
  });

  it('refuses every flipped bit and every other length with a typed error', async () => {
    const sealed = await sealVault(ports, { account: AUTHOR, version: 1, umk, vault: Secret.of(vault) });
    let mutants = 0;
    for (const { mutant } of bitFlips(sealed, 1000)) {
      mutants += 1;
      await expect(
        openVault(primitives, { account: AUTHOR, version: 1, umk, sealed: mutant }),
      ).rejects.toMatchObject(typed);
    }
    expect(mutants).toBeGreaterThanOrEqual(600);
    for (const cut of wrongLengths(sealed)) {
      await expect(
        openVault(primitives, { account: AUTHOR, version: 1, umk, sealed: cut }),
      ).rejects.toMatchObject(typed);
    }
  });

  it('has a size that hides how much is in it', async () => {
    const small = await sealVault(ports, { account: AUTHOR, version: 1, umk, vault: Secret.of(vault) });
    const more = { ...vault, preferences: { theme: 'light', a: 'b' } };
    const large = await sealVault(ports, { account: AUTHOR, version: 1, umk, vault: Secret.of(more) });
    expect(large).toHaveLength(small.length);
  });
});

describe('wraps', () => {
  const wrapKey = Secret.of(rng.bytes(32));
  const place = { account: AUTHOR, credential, wrapKey };

  it('give the master key back to their own credential only', async () => {
    const wrap = await wrapUserMasterKey(ports, { ...place, umk });
    expect(wrap).toHaveLength(60);
    const unwrapped = await unwrapUserMasterKey(primitives, { ...place, wrap });
    expect(equalBytes(unwrapped.reveal(), umk.reveal())).toBe(true);
    for (const over of [
      { account: STRANGER },
      { credential: newId('credential', rng) },
      { wrapKey: Secret.of(rng.bytes(32)) },
    ]) {
      await expect(unwrapUserMasterKey(primitives, { ...place, wrap, ...over })).rejects.toMatchObject({
        code: 'crypto.open_failed',
      });
    }
  });

  it('refuse every flipped bit, twice over, and every other length', async () => {
    let mutants = 0;
    for (let object = 0; object < 2; object++) {
      const wrap = await wrapUserMasterKey(ports, { ...place, umk });
      for (const { mutant } of bitFlips(wrap, 480)) {
        mutants += 1;
        await expect(unwrapUserMasterKey(primitives, { ...place, wrap: mutant })).rejects.toMatchObject(
          typed,
        );
      }
      for (const cut of wrongLengths(wrap)) {
        await expect(unwrapUserMasterKey(primitives, { ...place, wrap: cut })).rejects.toMatchObject(typed);
      }
    }
    expect(mutants).toBeGreaterThanOrEqual(600);
  });
});

describe('wrapping keys', () => {
  it('from words: the same on every runtime, proof and wrapping key apart, salted by the login', async () => {
    const words = generatePassphrase(rng);
    const native = await deriveWordKeys(primitives, { login: 'Ann.Lee', words });
    const portable = await deriveWordKeys(await portablePrimitives(), { login: ' ann.lee', words });
    expect(native.proof).toEqual(portable.proof);
    expect(native.wrapKey.reveal()).toEqual(portable.wrapKey.reveal());
    expect(native.proof).not.toEqual(native.wrapKey.reveal());
    const other = await deriveWordKeys(primitives, { login: 'bob', words });
    expect(other.proof).not.toEqual(native.proof);
  });

  it('from a demo secret and from a passkey', async () => {
    const secret = Secret.of(rng.bytes(32));
    const demo = await deriveDemoKeys(primitives, secret);
    expect(demo.proof).not.toEqual(demo.wrapKey.reveal());
    const one = await derivePasskeyWrapKey(primitives, { prf: secret, credential });
    const two = await derivePasskeyWrapKey(primitives, { prf: secret, credential: newId('credential', rng) });
    expect(one.reveal()).not.toEqual(two.reveal());
    expect(passkeyPrfInput(primitives)).toHaveLength(32);
    const short = Secret.of(new Uint8Array(16));
    await expect(deriveDemoKeys(primitives, short)).rejects.toMatchObject({ code: 'crypto.bad_length' });
    await expect(derivePasskeyWrapKey(primitives, { prf: short, credential })).rejects.toMatchObject({
      code: 'crypto.bad_length',
    });
  });
});
