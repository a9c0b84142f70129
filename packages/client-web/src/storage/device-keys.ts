import type { KeyStore, Store } from '@baton/client';
import type { CryptoKeyPort, Primitives } from '@baton/crypto';
import type { Bytes, Rng } from '@baton/kernel';

const HANDLE = 'device-key';
const SEED_KEY = 'device-seed';
const SEED_BYTES = 32;

interface DeviceKeyHandle {
  readonly privateKey: CryptoKeyPort;
  readonly publicKey: Bytes;
}

/** Where handles of keys rest that no code can export. */
export interface HandleShelf {
  get(name: string): PromiseLike<unknown>;
  put(handle: unknown, name: string): PromiseLike<unknown>;
}

export interface DeviceKeysPorts {
  readonly handles: HandleShelf;
  readonly store: Store;
  readonly primitives: Primitives;
  readonly rng: Rng;
}

/**
 * The device signing key as a handle that IndexedDB keeps and no code can export. A browser without Ed25519 of its own has no such handle:
 * there the seed rests in the sealed store.
 */
export function createDeviceKeys({ handles, store, primitives, rng }: DeviceKeysPorts): KeyStore {
  return {
    async createDeviceKey() {
      const key = await primitives.generateDeviceKey();
      if (key.cryptoKey !== null) {
        const handle: DeviceKeyHandle = { privateKey: key.cryptoKey, publicKey: key.publicKey };
        await handles.put(handle, HANDLE);
        return key;
      }
      const seed = rng.bytes(SEED_BYTES);
      await store.write([{ table: 'profile', key: SEED_KEY, value: seed }]);
      return primitives.signingKeyFromSeed(seed);
    },
    async loadDeviceKey() {
      const handle = (await handles.get(HANDLE)) as DeviceKeyHandle | undefined;
      if (handle !== undefined)
        return primitives.signingKeyFromCryptoKey(handle.privateKey, handle.publicKey);
      const seed = await store.get('profile', SEED_KEY);
      return seed === null ? null : primitives.signingKeyFromSeed(seed);
    },
  };
}
