import type { PhoneProfiles, PinRecord, PinShelf, Profile, Store, StoreTable } from '@baton/client';
import type { Primitives } from '@baton/crypto';
import { type AccountId, parseId, type Rng } from '@baton/kernel';
import { askToStay } from './ask-to-stay.ts';
import { createDeviceKeys } from './device-keys.ts';
import { PhoneDatabase } from './phone-database.ts';
import { openRow, type SealedRow, sealRow } from './row-seal.ts';

const CURRENT = 'current-account';
const ACCOUNTS = 'accounts';
const STORAGE_KEY = 'storage-key';
const PIN_KEY = 'pin-key';
const PIN_RECORD = 'pin-record';

/**
 * A patient's account in this browser, in databases of its own: who works for a practice and is its patient too is both here, and neither
 * sees what the other keeps.
 */
export function createPhoneProfiles(ports: {
  readonly primitives: Primitives;
  readonly rng: Rng;
}): PhoneProfiles {
  const settings = new PhoneDatabase('baton-phone');
  const current = async (): Promise<AccountId | null> => idIn(await settings.get('handles', CURRENT));
  const known = async (): Promise<readonly AccountId[]> => {
    const listed = await settings.get('handles', ACCOUNTS);
    const accounts = (Array.isArray(listed) ? listed : []).flatMap((text: unknown) => idIn(text) ?? []);
    // A phone that was in use before there was a list knows its current account alone.
    const now = await current();
    return now === null || accounts.includes(now) ? accounts : [...accounts, now];
  };
  return {
    current,
    known,
    async setCurrent(account) {
      const before = await known();
      if (account === null) await settings.remove('handles', CURRENT);
      else await settings.put('handles', account, CURRENT);
      const accounts = account === null || before.includes(account) ? before : [...before, account];
      await settings.put('handles', accounts, ACCOUNTS);
    },
    async open(account): Promise<Profile> {
      void askToStay();
      const database = databaseOf(account);
      const store = openPhoneStore(database, await loadStorageKey(database));
      const handles = {
        get: (name: string) => database.get('handles', name),
        put: (handle: unknown, name: string) => database.put('handles', handle, name),
      };
      return { store, keys: createDeviceKeys({ ...ports, handles, store }), close: () => store.close() };
    },
    async wipe(account) {
      const left = (await known()).filter((other) => other !== account);
      await settings.put('handles', left, ACCOUNTS);
      await databaseOf(account).wipe();
    },
  };
}

function idIn(text: unknown): AccountId | null {
  return typeof text === 'string' ? parseId('account', text) : null;
}

/** PIN locks hang on an HMAC key of this browser that no code can export: whoever copies the files has nothing to try PINs on. */
export function createPinShelf(): PinShelf {
  return {
    async read(account) {
      return ((await inDatabase(account, (database) => database.get('handles', PIN_RECORD))) ??
        null) as PinRecord | null;
    },
    write: (account, record) =>
      inDatabase(account, async (database) => {
        if (record) return database.put('handles', record, PIN_RECORD);
        await database.remove('handles', PIN_RECORD);
        await database.remove('handles', PIN_KEY);
      }),
    mac: (account, data) =>
      inDatabase(account, async (database) => {
        const key = await loadPinKey(database);
        return new Uint8Array(await crypto.subtle.sign('HMAC', key, data as Uint8Array<ArrayBuffer>));
      }),
  };
}

function openPhoneStore(database: PhoneDatabase, storageKey: CryptoKey): Store {
  return {
    async get(table, key) {
      const row = (await database.get('rows', [table, key])) as SealedRow | undefined;
      return row === undefined ? null : openRow(storageKey, row);
    },
    async list(table, range) {
      // A range that is the wrong way round is empty here; IndexedDB would throw.
      if (range.from >= range.to) return [];
      const rows = await database.list(table, range);
      return Promise.all(rows.map(async (row) => ({ key: row.k, value: await openRow(storageKey, row) })));
    },
    async write(writes) {
      // The last write of a place wins, and the order of places does not matter within one transaction.
      const last = [...new Map(writes.map((write) => [`${write.table}\0${write.key}`, write])).values()];
      // Sealed first: a transaction of IndexedDB ends by itself while something waits for WebCrypto.
      const puts = await Promise.all(
        last.flatMap(({ table, key, value }) => (value ? [sealRow(storageKey, { table, key, value })] : [])),
      );
      const removals = last.flatMap(({ table, key, value }): [StoreTable, string][] =>
        value ? [] : [[table, key]],
      );
      await database.write(puts, removals);
    },
    async close() {
      database.close();
    },
  };
}

async function loadStorageKey(database: PhoneDatabase): Promise<CryptoKey> {
  return loadKey(database, STORAGE_KEY, () =>
    crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']),
  );
}

async function loadPinKey(database: PhoneDatabase): Promise<CryptoKey> {
  return loadKey(database, PIN_KEY, () =>
    crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign']),
  );
}

/** Made once, never exportable. Of two tabs that start at once, one makes it and the other one takes that. */
async function loadKey(
  database: PhoneDatabase,
  name: string,
  make: () => Promise<CryptoKey>,
): Promise<CryptoKey> {
  const found = (await database.get('handles', name)) as CryptoKey | undefined;
  if (found !== undefined) return asSecret(found);
  return database.addHandle(name, await make()).then((kept) => asSecret(kept as CryptoKey));
}

function asSecret(key: CryptoKey): CryptoKey {
  if (key.type !== 'secret' || key.extractable)
    throw new Error('The stored key handle is not this page’s key.');
  return key;
}

async function inDatabase<T>(account: AccountId, task: (database: PhoneDatabase) => Promise<T>): Promise<T> {
  const database = databaseOf(account);
  try {
    return await task(database);
  } finally {
    database.close();
  }
}

function databaseOf(account: AccountId): PhoneDatabase {
  return new PhoneDatabase(`baton-phone-${account}`);
}
