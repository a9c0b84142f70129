import type { Store, StoreTable } from '@baton/client';
import type { ProfileDatabase } from './profile-database.ts';
import { openRow, sealRow } from './row-seal.ts';

/**
 * Sealed rows in IndexedDB: `nonce || AES-256-GCM(value; aad = table 0 key)`. The database shows table names, opaque keys and sizes; a row
 * that was moved, swapped or altered does not open, and the call rejects.
 */
export function openSealedStore(database: ProfileDatabase, storageKey: CryptoKey): Store {
  return {
    async get(table, key) {
      const row = await database.rows.get([table, key]);
      return row === undefined ? null : openRow(storageKey, row);
    },
    async list(table, { from, to, limit, reverse }) {
      // A range that is the wrong way round is empty here; IndexedDB would throw.
      if (from >= to) return [];
      let found = database.rows.where('[t+k]').between([table, from], [table, to], true, false);
      if (reverse) found = found.reverse();
      if (limit !== undefined) found = found.limit(limit);
      const rows = await found.toArray();
      return Promise.all(rows.map(async (row) => ({ key: row.k, value: await openRow(storageKey, row) })));
    },
    async write(writes) {
      // The last write of a place wins, and the order of places does not matter within one transaction.
      const byPlace = new Map(writes.map((write) => [`${write.table}\0${write.key}`, write]));
      const last = [...byPlace.values()];
      // Sealed first: a transaction of IndexedDB ends by itself while something waits for WebCrypto.
      const puts = await Promise.all(
        last.flatMap(({ table, key, value }) => (value ? [sealRow(storageKey, { table, key, value })] : [])),
      );
      const removals = last.flatMap(({ table, key, value }) =>
        value ? [] : [[table, key] as [StoreTable, string]],
      );
      await database.transaction('rw', database.rows, async () => {
        await database.rows.bulkPut(puts);
        await database.rows.bulkDelete(removals);
      });
    },
    async close() {
      database.close();
    },
  };
}
