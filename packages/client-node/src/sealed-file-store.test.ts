import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Store } from '@baton/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSealedFileStore } from './sealed-file-store.ts';
import { loadStorageKey } from './storage-key.ts';

let folder: string;
let path: string;
let store: Store;
const storageKey = new Uint8Array(32).fill(3);
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const all = { from: '', to: '\uffff' };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-store-'));
  path = join(folder, 'store.sqlite');
  store = openSealedFileStore({ path, storageKey, durable: true });
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the sealed file store', () => {
  it('answers rows in key order, from either end, and writes all or nothing', async () => {
    await store.write(['b', 'a', 'c'].map((key) => ({ table: 'items', key, value: bytes(key.repeat(3)) })));
    expect((await store.list('items', all)).map(({ key }) => key)).toEqual(['a', 'b', 'c']);
    expect((await store.list('items', { ...all, reverse: true, limit: 2 })).map(({ key }) => key)).toEqual([
      'c',
      'b',
    ]);
    expect((await store.list('items', { from: 'b', to: 'c' })).map(({ key }) => key)).toEqual(['b']);
    expect(await store.list('puts', all)).toEqual([]);
    const broken = { table: 'items', key: 'd', value: 'not bytes' as unknown as Uint8Array } as const;
    await expect(
      store.write([
        { table: 'items', key: 'a', value: null },
        broken,
        { table: null as never, key: 'x', value: bytes('x') },
      ]),
    ).rejects.toThrow();
    expect(await store.get('items', 'a')).toEqual(bytes('aaa'));
  });

  it('shows no content in its file', async () => {
    await store.write([{ table: 'drafts', key: 'c_1', value: bytes('canary-in-the-clear') }]);
    await store.close();
    for (const name of ['store.sqlite', 'store.sqlite-wal']) {
      const content = readFileSync(join(folder, name), { flag: 'a+' });
      expect(content.includes('canary-in-the-clear')).toBe(false);
    }
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('opens no row that was moved, altered or sealed under another key', async () => {
    await store.write([{ table: 'items', key: 'a', value: bytes('one') }]);
    await store.close();
    const database = new DatabaseSync(path);
    database.exec("INSERT INTO rows SELECT t, 'b', v FROM rows WHERE k = 'a'");
    database.exec("INSERT INTO rows SELECT 'puts', k, v FROM rows WHERE k = 'a' AND t = 'items'");
    database.close();
    store = openSealedFileStore({ path, storageKey, durable: true });
    expect(await store.get('items', 'a')).toEqual(bytes('one'));
    await expect(store.get('items', 'b')).rejects.toThrow();
    await expect(store.get('puts', 'a')).rejects.toThrow();
    await store.close();
    store = openSealedFileStore({ path, storageKey: new Uint8Array(32), durable: true });
    await expect(store.get('items', 'a')).rejects.toThrow();
  });
});

describe('the storage key', () => {
  it('is made once and readable by its owner alone', () => {
    const dataDir = join(folder, 'data');
    const key = loadStorageKey(dataDir);
    expect(loadStorageKey(dataDir)).toEqual(key);
    expect(statSync(join(dataDir, 'storage.key')).mode & 0o777).toBe(0o600);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  });
});
