import type { Profile, Profiles } from '@baton/client';
import type { Primitives } from '@baton/crypto';
import { type AccountId, parseId, type Rng } from '@baton/kernel';
import { createDeviceKeys } from './device-keys.ts';
import { BrowserDatabase, ProfileDatabase } from './profile-database.ts';
import { askToStay } from './ask-to-stay.ts';
import { openSealedStore } from './sealed-store.ts';
import { loadStorageKey } from './storage-key.ts';

const CURRENT = 'current-account';

/** A database `baton` with the current account, and one sealed database an account. */
export function createWebProfiles(ports: { readonly primitives: Primitives; readonly rng: Rng }): Profiles {
  const browser = new BrowserDatabase();
  return {
    async current() {
      const value = await browser.settings.get(CURRENT);
      return typeof value === 'string' ? parseId('account', value) : null;
    },
    async setCurrent(account) {
      if (account === null) await browser.settings.delete(CURRENT);
      else await browser.settings.put(account, CURRENT);
    },
    async open(account): Promise<Profile> {
      void askToStay();
      const database = new ProfileDatabase(account);
      const store = openSealedStore(database, await loadStorageKey(database));
      const keys = createDeviceKeys({ ...ports, handles: database.handles, store });
      return { store, keys, close: () => store.close() };
    },
    wipe: wipeProfile,
  };
}

/** The keys go first: should another tab hold up the removal of the rows, nothing can open them any more. */
async function wipeProfile(account: AccountId): Promise<void> {
  const database = new ProfileDatabase(account);
  await database.handles.clear();
  await database.rows.clear();
  await database.delete();
}
