import type { ProfileDatabase } from './profile-database.ts';

const HANDLE = 'storage-key';

/**
 * The key under which this browser seals the rows of one account: made once, never exportable, at home in IndexedDB as a handle. Whoever
 * copies the database's files without the browser's own key storage gets nothing; code in this origin can use it, and cannot carry it away.
 */
export async function loadStorageKey(database: ProfileDatabase): Promise<CryptoKey> {
  const known = await database.handles.get(HANDLE);
  if (known !== undefined) return asStorageKey(known);
  const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  // Of two tabs that start at once, one puts its key in and the other one takes that.
  return database.transaction('rw', database.handles, async () => {
    const meanwhile = await database.handles.get(HANDLE);
    if (meanwhile !== undefined) return asStorageKey(meanwhile);
    await database.handles.put(fresh, HANDLE);
    return fresh;
  });
}

function asStorageKey(value: unknown): CryptoKey {
  const key = value as CryptoKey;
  if (key.type !== 'secret' || key.extractable)
    throw new Error('The stored key handle is not a storage key.');
  return key;
}
