import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyStore, PhoneProfiles, Profile, Store } from '@baton/client';
import type { Primitives } from '@baton/crypto';
import { type AccountId, parseId, type Rng } from '@baton/kernel';
import { openSealedFileStore } from './sealed-file-store.ts';
import { loadStorageKey } from './storage-key.ts';

const DEVICE_SEED_KEY = 'device-seed';
const SEED_BYTES = 32;

export interface NodeProfilesOptions {
  /** Folder of this client alone; made 0700. */
  readonly dataDir: string;
  readonly primitives: Primitives;
  readonly rng: Rng;
  readonly durable: boolean;
}

/** `dataDir/storage.key`, `dataDir/current`, and one sealed SQLite file an account. */
export function createNodeProfiles(options: NodeProfilesOptions): PhoneProfiles {
  const { dataDir } = options;
  const storageKey = loadStorageKey(dataDir);
  const currentPath = join(dataDir, 'current');
  const folderOf = (account: AccountId): string => join(dataDir, 'accounts', account);
  return {
    async current() {
      if (!existsSync(currentPath)) return null;
      return parseId('account', readFileSync(currentPath, 'utf8').trim());
    },
    async setCurrent(account) {
      if (account === null) return rmSync(currentPath, { force: true });
      // Written aside and renamed, so that a crash leaves either the old or the new name.
      writeFileSync(`${currentPath}.new`, account, { mode: 0o600 });
      renameSync(`${currentPath}.new`, currentPath);
    },
    async known() {
      const folder = join(dataDir, 'accounts');
      const names = existsSync(folder) ? readdirSync(folder) : [];
      return names.sort().flatMap((name) => parseId('account', name) ?? []);
    },
    async open(account): Promise<Profile> {
      const folder = folderOf(account);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const store = openSealedFileStore({
        path: join(folder, 'store.sqlite'),
        storageKey,
        durable: options.durable,
      });
      return { store, keys: createKeyStore(store, options), close: () => store.close() };
    },
    async wipe(account) {
      rmSync(folderOf(account), { recursive: true, force: true });
    },
  };
}

/** Node has no place for handles that outlive the process: the seed rests in the sealed store and is imported non-extractable. */
function createKeyStore(store: Store, options: NodeProfilesOptions): KeyStore {
  return {
    async createDeviceKey() {
      const seed = options.rng.bytes(SEED_BYTES);
      await store.write([{ table: 'profile', key: DEVICE_SEED_KEY, value: seed }]);
      return options.primitives.signingKeyFromSeed(seed);
    },
    async loadDeviceKey() {
      const seed = await store.get('profile', DEVICE_SEED_KEY);
      return seed ? options.primitives.signingKeyFromSeed(seed) : null;
    },
  };
}
