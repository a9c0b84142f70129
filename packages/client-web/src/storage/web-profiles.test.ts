import 'fake-indexeddb/auto';
import type { Primitives } from '@baton/crypto';
import { createPrimitives } from '@baton/crypto';
import { encodeUtf8, makeId } from '@baton/kernel';
import { Dexie } from 'dexie';
import { beforeAll, describe, expect, it } from 'vitest';
import { webRng } from '../system/system-ports.ts';
import { createWebPrimitives } from '../system/web-primitives.ts';
import { createWebProfiles } from './web-profiles.ts';

const newAccount = () => makeId('account', webRng.bytes(16));
const MESSAGE = encodeUtf8('anything');
let primitives: Primitives;

beforeAll(async () => {
  primitives = await createWebPrimitives();
});

describe('profiles of this browser', () => {
  it('remember whose session is resumed, until nobody is signed in', async () => {
    const profiles = createWebProfiles({ primitives, rng: webRng });
    const account = newAccount();
    expect(await profiles.current()).toBeNull();
    await profiles.setCurrent(account);
    expect(await createWebProfiles({ primitives, rng: webRng }).current()).toBe(account);
    await profiles.setCurrent(null);
    expect(await profiles.current()).toBeNull();
  });

  it('keep a device key that signs after a restart and cannot be exported', async () => {
    const profiles = createWebProfiles({ primitives, rng: webRng });
    const account = newAccount();
    const first = await profiles.open(account);
    expect(await first.keys.loadDeviceKey()).toBeNull();
    const made = await first.keys.createDeviceKey();
    await first.close();

    const again = await profiles.open(account);
    const loaded = await again.keys.loadDeviceKey();
    expect(loaded?.publicKey).toEqual(made.publicKey);
    const signature = (await loaded?.sign(MESSAGE)) ?? new Uint8Array();
    expect(await primitives.verifyEd25519(made.publicKey, MESSAGE, signature)).toBe(true);
    const handle = loaded?.cryptoKey as CryptoKey;
    expect(handle.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('pkcs8', handle)).rejects.toThrow();

    const fresh = await again.keys.createDeviceKey();
    expect(fresh.publicKey).not.toEqual(made.publicKey);
    expect((await again.keys.loadDeviceKey())?.publicKey).toEqual(fresh.publicKey);
    await again.close();
  });

  it('keep the seed sealed where the browser has no Ed25519', async () => {
    const portable = await createPrimitives({
      subtle: crypto.subtle,
      rng: webRng,
      avoidNative: ['ed25519'],
    });
    const profiles = createWebProfiles({ primitives: portable, rng: webRng });
    const account = newAccount();
    const first = await profiles.open(account);
    const made = await first.keys.createDeviceKey();
    await first.close();
    const again = await profiles.open(account);
    expect((await again.keys.loadDeviceKey())?.publicKey).toEqual(made.publicKey);
    await again.close();
  });

  it('lose everything when they are wiped, and touch nobody else', async () => {
    const profiles = createWebProfiles({ primitives, rng: webRng });
    const [gone, stays] = [newAccount(), newAccount()];
    for (const account of [gone, stays]) {
      const profile = await profiles.open(account);
      await profile.keys.createDeviceKey();
      await profile.store.write([{ table: 'items', key: 'a', value: MESSAGE }]);
      await profile.close();
    }
    await profiles.wipe(gone);
    const names = await Dexie.getDatabaseNames();
    expect(names).not.toContain(`baton-${gone}`);
    expect(names).toContain(`baton-${stays}`);
    const empty = await profiles.open(gone);
    expect(await empty.keys.loadDeviceKey()).toBeNull();
    expect(await empty.store.get('items', 'a')).toBeNull();
    await empty.close();
    const kept = await profiles.open(stays);
    expect(await kept.store.get('items', 'a')).toEqual(MESSAGE);
    await kept.close();
  });

  it('are wiped although another tab still has them open', async () => {
    const profiles = createWebProfiles({ primitives, rng: webRng });
    const account = newAccount();
    const otherTab = await profiles.open(account);
    await otherTab.store.write([{ table: 'items', key: 'a', value: MESSAGE }]);
    await profiles.wipe(account);
    expect(await Dexie.getDatabaseNames()).not.toContain(`baton-${account}`);
    await expect(otherTab.store.get('items', 'a')).rejects.toThrow();
  });
});
