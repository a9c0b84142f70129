import 'fake-indexeddb/auto';
import type { Store } from '@baton/client';
import { type AccountId, decodeUtf8, encodeUtf8, makeId } from '@baton/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { webRng } from '../system/system-ports.ts';
import { ProfileDatabase } from './profile-database.ts';
import { openSealedStore } from './sealed-store.ts';
import { loadStorageKey } from './storage-key.ts';

const ALL = { from: '', to: '\uffff' };
const SECRET = 'Mrs Alder, 12 March, chest pain';

let account: AccountId;
let database: ProfileDatabase;
let store: Store;

beforeEach(async () => {
  account = makeId('account', webRng.bytes(16));
  database = new ProfileDatabase(account);
  store = openSealedStore(database, await loadStorageKey(database));
});

afterEach(() => database.delete());

const put = (table: 'items' | 'drafts', key: string, text: string) => ({
  table,
  key,
  value: encodeUtf8(text),
});

async function listed(range: Parameters<Store['list']>[1]): Promise<string[]> {
  const rows = await store.list('items', range);
  return rows.map(({ key, value }) => `${key}=${decodeUtf8(value)}`);
}

describe('a sealed store', () => {
  it('gives back what was written, and null for what was not', async () => {
    await store.write([put('items', 'a', 'one'), put('drafts', 'a', 'another table')]);
    expect(await listed(ALL)).toEqual(['a=one']);
    expect(await store.get('items', 'b')).toBeNull();
    await store.write([{ table: 'items', key: 'a', value: null }]);
    expect(await store.get('items', 'a')).toBeNull();
    expect(decodeUtf8((await store.get('drafts', 'a')) ?? new Uint8Array())).toBe('another table');
  });

  it('keeps an empty value apart from no value', async () => {
    await store.write([{ table: 'items', key: 'empty', value: new Uint8Array(0) }]);
    expect(await store.get('items', 'empty')).toEqual(new Uint8Array(0));
  });

  it('lists a range in code-unit order, either way, up to a limit', async () => {
    // U+FF21 sorts after U+1F600 by code points' order reversed: by code units the surrogate pair comes first.
    const keys = ['B', 'a', 'a/1', 'a0', 'b', '\u{1f600}', '\uff21'];
    await store.write(keys.toReversed().map((key) => put('items', key, '.')));
    const inOrder = async (range: Parameters<Store['list']>[1]) =>
      (await store.list('items', range)).map(({ key }) => key);
    expect(await inOrder(ALL)).toEqual(keys);
    expect(await inOrder({ from: 'a', to: 'b' })).toEqual(['a', 'a/1', 'a0']);
    expect(await inOrder({ from: 'a', to: 'b', reverse: true, limit: 2 })).toEqual(['a0', 'a/1']);
    expect(await inOrder({ from: 'a', to: 'b', limit: 1 })).toEqual(['a']);
    expect(await inOrder({ from: 'b', to: 'a' })).toEqual([]);
  });

  it('lets the last write of a place win within one batch', async () => {
    await store.write([put('items', 'a', 'first'), put('items', 'a', 'second')]);
    expect(await listed(ALL)).toEqual(['a=second']);
    await store.write([put('items', 'a', 'third'), { table: 'items', key: 'a', value: null }]);
    expect(await listed(ALL)).toEqual([]);
    await store.write([{ table: 'items', key: 'a', value: null }, put('items', 'a', 'fourth')]);
    expect(await listed(ALL)).toEqual(['a=fourth']);
  });

  it('leaves nothing readable in the database', async () => {
    await store.write([put('items', 'a', SECRET)]);
    const rows = await database.rows.toArray();
    expect(rows).toHaveLength(1);
    const raw = Buffer.from(rows[0]?.v ?? []);
    expect(raw.includes(SECRET)).toBe(false);
    expect(raw).toHaveLength(12 + SECRET.length + 16);
  });

  it('seals the same value differently every time', async () => {
    await store.write([put('items', 'a', SECRET), put('items', 'b', SECRET)]);
    const [first, second] = await database.rows.toArray();
    expect(Buffer.from(first?.v ?? []).equals(Buffer.from(second?.v ?? []))).toBe(false);
  });

  it('refuses a row that was moved to another key or table, or altered', async () => {
    await store.write([put('items', 'a', SECRET), put('items', 'b', 'b')]);
    const row = await database.rows.get(['items', 'a']);
    if (!row) throw new Error('no row');
    await database.rows.put({ ...row, k: 'b' });
    await expect(store.get('items', 'b')).rejects.toThrow();
    await database.rows.put({ ...row, t: 'drafts' });
    await expect(store.get('drafts', 'a')).rejects.toThrow();
    const altered = row.v.slice();
    altered[20] = (altered[20] ?? 0) ^ 1;
    await database.rows.put({ ...row, v: altered });
    await expect(store.list('items', ALL)).rejects.toThrow();
  });

  it('opens again with the key that the database keeps, and that key cannot be exported', async () => {
    await store.write([put('items', 'a', SECRET)]);
    await store.close();
    database = new ProfileDatabase(account);
    const key = await loadStorageKey(database);
    store = openSealedStore(database, key);
    expect(await listed(ALL)).toEqual([`a=${SECRET}`]);
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
  });

  it('gives two tabs that open it at once one key', async () => {
    await database.delete();
    const tabs = [new ProfileDatabase(account), new ProfileDatabase(account)];
    const [left, right] = await Promise.all(
      tabs.map(async (tab) => openSealedStore(tab, await loadStorageKey(tab))),
    );
    await left?.write([put('items', 'a', SECRET)]);
    expect(decodeUtf8((await right?.get('items', 'a')) ?? new Uint8Array())).toBe(SECRET);
    for (const tab of tabs) tab.close();
  });
});
