import 'fake-indexeddb/auto';
import type { Primitives } from '@baton/crypto';
import { decodeUtf8, encodeUtf8, makeId } from '@baton/kernel';
import { beforeAll, describe, expect, it } from 'vitest';
import { webRng } from '../system/system-ports.ts';
import { createWebPrimitives } from '../system/web-primitives.ts';
import { PhoneDatabase } from './phone-database.ts';
import { createPhoneProfiles, createPinShelf } from './phone-profiles.ts';

const newAccount = () => makeId('account', webRng.bytes(16));
const ALL = { from: '', to: '\uffff' };
const SECRET = 'Mrs Alder, 12 March, chest pain';
let primitives: Primitives;

beforeAll(async () => {
  primitives = await createWebPrimitives();
});

const profilesHere = () => createPhoneProfiles({ primitives, rng: webRng });

describe('what a phone keeps', () => {
  it('is remembered by account, until it is nobody’s', async () => {
    const account = newAccount();
    expect(await profilesHere().current()).toBeNull();
    await profilesHere().setCurrent(account);
    expect(await profilesHere().current()).toBe(account);
    await profilesHere().setCurrent(null);
    expect(await profilesHere().current()).toBeNull();
  });

  it('is of every account that was current here, in one order, until it is wiped', async () => {
    const [one, other] = [newAccount(), newAccount()];
    const before = await profilesHere().known();
    await profilesHere().setCurrent(one);
    await profilesHere().setCurrent(other);
    await profilesHere().setCurrent(one);
    expect(await profilesHere().known()).toEqual([...before, one, other]);
    await profilesHere().setCurrent(null);
    await profilesHere().wipe(one);
    expect(await profilesHere().known()).toEqual([...before, other]);
    await profilesHere().wipe(other);
  });

  it('counts the current account of a phone that was in use before it kept a list', async () => {
    const account = newAccount();
    const settings = new PhoneDatabase('baton-phone');
    await settings.put('handles', account, 'current-account');
    settings.close();
    expect(await profilesHere().known()).toContain(account);
    await profilesHere().setCurrent(newAccount());
    expect(await profilesHere().known()).toContain(account);
    await profilesHere().setCurrent(null);
  });

  it('comes back after a restart, in order, either way, up to a limit', async () => {
    const account = newAccount();
    const { store, close } = await profilesHere().open(account);
    const keys = ['B', 'a', 'a/1', 'a0', 'b', '\u{1f600}', '\uff21'];
    await store.write(keys.toReversed().map((key) => ({ table: 'items', key, value: encodeUtf8(key) })));
    await store.write([{ table: 'drafts', key: 'a', value: encodeUtf8('another table') }]);
    await close();
    const again = (await profilesHere().open(account)).store;
    const list = async (range: Parameters<typeof again.list>[1]) =>
      (await again.list('items', range)).map(({ key, value }) => (decodeUtf8(value) === key ? key : '!'));
    expect(await list(ALL)).toEqual(keys);
    expect(await list({ from: 'a', to: 'b' })).toEqual(['a', 'a/1', 'a0']);
    expect(await list({ from: 'a', to: 'b', reverse: true, limit: 2 })).toEqual(['a0', 'a/1']);
    expect(await list({ from: 'b', to: 'a' })).toEqual([]);
    await again.write([
      { table: 'items', key: 'a', value: null },
      { table: 'items', key: 'B', value: encodeUtf8('x') },
      { table: 'items', key: 'B', value: encodeUtf8('B') },
    ]);
    expect(await list({ from: '', to: 'a0' })).toEqual(['B', 'a/1']);
    await again.close();
  });

  it('is sealed, and opens in its own place only', async () => {
    const account = newAccount();
    const { store, close } = await profilesHere().open(account);
    await store.write([{ table: 'items', key: 'a', value: encodeUtf8(SECRET) }]);
    const database = new PhoneDatabase(`baton-phone-${account}`);
    const [row] = await database.list('items', ALL);
    expect(Buffer.from(row?.v ?? []).toString('latin1')).not.toContain('Alder');
    await database.write([{ t: 'drafts', k: 'a', v: row?.v ?? new Uint8Array() }], []);
    await expect(store.get('drafts', 'a')).rejects.toThrow();
    database.close();
    await close();
  });

  it('has a device key that signs after a restart, and cannot be exported', async () => {
    const account = newAccount();
    const first = await profilesHere().open(account);
    const made = await first.keys.createDeviceKey();
    await first.close();
    const again = await profilesHere().open(account);
    const loaded = await again.keys.loadDeviceKey();
    const signature = (await loaded?.sign(encodeUtf8('x'))) ?? new Uint8Array();
    expect(await primitives.verifyEd25519(made.publicKey, encodeUtf8('x'), signature)).toBe(true);
    await expect(crypto.subtle.exportKey('pkcs8', loaded?.cryptoKey as CryptoKey)).rejects.toThrow();
    await again.close();
  });

  it('is gone when it is wiped', async () => {
    const account = newAccount();
    const { store, keys, close } = await profilesHere().open(account);
    await store.write([{ table: 'items', key: 'a', value: encodeUtf8(SECRET) }]);
    await keys.createDeviceKey();
    await close();
    await profilesHere().wipe(account);
    const after = await profilesHere().open(account);
    expect(await after.store.list('items', ALL)).toEqual([]);
    expect(await after.keys.loadDeviceKey()).toBeNull();
    await after.close();
  });
});

describe('the key that a PIN hangs on', () => {
  it('is this browser’s and one account’s, stays over a restart, and goes with the lock', async () => {
    const [one, other] = [newAccount(), newAccount()];
    const data = encodeUtf8('stretched');
    const first = await createPinShelf().mac(one, data);
    expect(first).toHaveLength(32);
    expect(await createPinShelf().mac(one, data)).toEqual(first);
    expect(await createPinShelf().mac(other, data)).not.toEqual(first);
    const database = new PhoneDatabase(`baton-phone-${one}`);
    const key = (await database.get('handles', 'pin-key')) as CryptoKey;
    expect(key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
    database.close();
    await createPinShelf().write(one, null);
    expect(await createPinShelf().mac(one, data)).not.toEqual(first);
  });

  it('is made once, by whichever tab is first', async () => {
    const account = newAccount();
    const macs = await Promise.all(
      Array.from({ length: 4 }, () => createPinShelf().mac(account, encodeUtf8('x'))),
    );
    expect(new Set(macs.map((mac) => Buffer.from(mac).toString('hex'))).size).toBe(1);
  });

  it('keeps the lock beside it', async () => {
    const account = newAccount();
    const record = { salt: webRng.bytes(16), sealed: webRng.bytes(60), triesLeft: 7 };
    expect(await createPinShelf().read(account)).toBeNull();
    await createPinShelf().write(account, record);
    expect(await createPinShelf().read(account)).toEqual(record);
    await createPinShelf().write(account, null);
    expect(await createPinShelf().read(account)).toBeNull();
  });
});
