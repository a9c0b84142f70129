import { createHmac } from 'node:crypto';
import {
  createPatientDoor,
  type PhoneDoor,
  type PhonePlatform,
  type PinRecord,
  type PinShelf,
  type Store,
  type TabMemory,
} from '@baton/client';
import { type AccountId, type Bytes, concatBytes } from '@baton/kernel';
import { createNodePlatform, type NodePlatformOptions } from './node-platform.ts';

const KEY_BYTES = 32;
const SALT_BYTES = 16;

/** A patient's client on Node: for tests, and for a patient's phone without a browser. */
export async function createNodePatientDoor(options: NodePlatformOptions): Promise<PhoneDoor> {
  const platform = await createNodePlatform({ deviceLabel: 'Phone', ...options });
  const phone: PhonePlatform = { ...platform, pins: createPinShelf(platform), tab: createTabMemory() };
  return createPatientDoor(phone);
}

/** Node has no place for keys that no code can take out: key and lock rest in the sealed file, as the device key does. */
function createPinShelf({ profiles, rng }: Pick<PhonePlatform, 'profiles' | 'rng'>): PinShelf {
  async function inStore<T>(account: AccountId, task: (store: Store) => Promise<T>): Promise<T> {
    const { store, close } = await profiles.open(account);
    try {
      return await task(store);
    } finally {
      await close();
    }
  }
  const load = (store: Store): Promise<Bytes | null> => store.get('profile', 'pin');
  const save = (store: Store, value: Bytes | null): Promise<void> =>
    store.write([{ table: 'profile', key: 'pin', value }]);
  return {
    read: (account) => inStore(account, async (store) => recordIn(await load(store))),
    write: (account, record) =>
      inStore(account, async (store) => {
        if (record === null) return save(store, null);
        const key = (await load(store))?.subarray(0, KEY_BYTES) ?? rng.bytes(KEY_BYTES);
        await save(store, concatBytes(key, Uint8Array.of(record.triesLeft), record.salt, record.sealed));
      }),
    mac: (account, data) =>
      inStore(account, async (store) => {
        const known = (await load(store)) ?? rng.bytes(KEY_BYTES);
        await save(store, known);
        return new Uint8Array(createHmac('sha256', known.subarray(0, KEY_BYTES)).update(data).digest());
      }),
  };
}

/** `key || tries left || salt || sealed`, or the key alone. */
function recordIn(row: Bytes | null): PinRecord | null {
  if (row === null || row.length <= KEY_BYTES) return null;
  const [triesLeft = 0] = row.subarray(KEY_BYTES);
  const rest = row.slice(KEY_BYTES + 1);
  return { triesLeft, salt: rest.slice(0, SALT_BYTES), sealed: rest.slice(SALT_BYTES) };
}

/** A tab is a process here. */
function createTabMemory(): TabMemory {
  let kept: Bytes | null = null;
  return {
    read: () => kept,
    write: (secret) => {
      kept = secret;
    },
  };
}
