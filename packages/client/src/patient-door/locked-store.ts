import { type AesGcmKey, derivePhoneStoreKey, type Primitives } from '@baton/crypto';
import { type Bytes, concatBytes, encodeUtf8, type Rng, type Secret } from '@baton/kernel';
import type { Store, StoreTable } from '../ports/store.ts';

const NONCE_BYTES = 12;
/** Stands before every key, so that what opens with the account and what opens with the phone never meet in one row. */
const LOCKED = '~';

/**
 * A store whose values open with the account's master key only: `nonce || AES-256-GCM(value; aad = table 0 key)` inside what the phone's own
 * store seals. A locked phone shows how much there is and nothing of it, whatever code runs in the page.
 */
export async function openLockedStore(
  ports: { readonly primitives: Primitives; readonly rng: Rng },
  store: Store,
  umk: Secret<Bytes>,
): Promise<Store> {
  const { primitives, rng } = ports;
  const raw = await derivePhoneStoreKey(primitives, umk);
  const key: AesGcmKey = await primitives.importAesKey(raw);
  raw.fill(0);
  const open = (table: StoreTable, name: string, sealed: Bytes): Promise<Bytes> =>
    key.open({
      nonce: sealed.subarray(0, NONCE_BYTES),
      sealed: sealed.subarray(NONCE_BYTES),
      aad: placeOf(table, name),
    });
  const seal = async (table: StoreTable, name: string, value: Bytes): Promise<Bytes> => {
    const nonce = rng.bytes(NONCE_BYTES);
    return concatBytes(nonce, await key.seal({ nonce, plaintext: value, aad: placeOf(table, name) }));
  };
  return {
    async get(table, name) {
      const sealed = await store.get(table, LOCKED + name);
      return sealed === null ? null : open(table, name, sealed);
    },
    async list(table, range) {
      const rows = await store.list(table, { ...range, from: LOCKED + range.from, to: LOCKED + range.to });
      return Promise.all(
        rows.map(async (row) => {
          const name = row.key.slice(LOCKED.length);
          return { key: name, value: await open(table, name, row.value) };
        }),
      );
    },
    async write(writes) {
      const sealed = await Promise.all(
        writes.map(async ({ table, key: name, value }) => ({
          table,
          key: LOCKED + name,
          value: value && (await seal(table, name, value)),
        })),
      );
      await store.write(sealed);
    },
    close: () => store.close(),
  };
}

function placeOf(table: StoreTable, key: string): Bytes {
  return encodeUtf8(`${table}\0${key}`);
}
