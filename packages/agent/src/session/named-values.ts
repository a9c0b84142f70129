import type { Collection, CollectionValue } from '@baton/client';
import type { Bytes, TimestampMs } from '@baton/kernel';
import type { ValueAuthor } from '@baton/policy';
import {
  appointmentsCodec,
  appointmentsKey,
  type AppointmentsValue,
  deskCodec,
  deskKey,
  type DeskValue,
  type NamedCollection,
  programmesCodec,
  programmesKey,
  type ProgrammesValue,
  textingCodec,
  textingKey,
  type TextingValue,
} from '@baton/wire';
import { AgentError } from '../agent-error.ts';

/** What each named collection holds (docs/protocol/patients.md §3). */
export interface NamedValue {
  readonly texting: TextingValue;
  readonly desk: DeskValue;
  readonly appointments: AppointmentsValue;
  readonly programmes: ProgrammesValue;
}

export interface KeptValue<V> {
  readonly value: V;
  readonly version: number;
  /** The server's commit time. */
  readonly at: TimestampMs;
  /** Who put it, by the verified put; null where it was taken in before authors were kept. */
  readonly author: ValueAuthor | null;
  /** Whatever it says of who did something was seen to be so (`judgeValue`). */
  readonly firm: boolean;
}

/** A collection that the organisation has one of, with values of known shapes. A value lies under the key that follows from it. */
export interface NamedValues<V> {
  /** null: none, or one that this release does not understand. */
  get(key: string): Promise<KeptValue<V> | null>;
  list(): Promise<readonly KeptValue<V>[]>;
  /**
   * Compare-and-set: `decide` runs again when somebody else was faster; null leaves the key as it is. Answers whether something was written.
   * Throws AgentError `manifest` where the manifest does not list `put`, or `state` for a value that belongs under another key.
   */
  update(key: string, decide: (newest: KeptValue<V> | null) => V | null): Promise<boolean>;
  /** Deletes the value, whatever it says now; nothing where there is none. Throws as `update` does. */
  remove(key: string): Promise<boolean>;
  refresh(): Promise<void>;
  /** Told after values were stored, with those of them that can be read. What counts under a key is what `get` says. */
  subscribe(listener: (stored: readonly V[]) => void): () => void;
}

/** How a key is deleted. */
const NOTHING = new Uint8Array(0);

interface Rules<V> {
  readonly keyOf: (value: V) => string;
  readonly encode: (value: V) => Bytes;
  readonly decode: (bytes: Bytes) => V | null;
}

const RULES: { readonly [N in NamedCollection]: Rules<NamedValue[N]> } = {
  texting: {
    keyOf: textingKey,
    encode: (value) => textingCodec.encode(value),
    decode: (bytes) => valueOf(textingCodec.decode(bytes)),
  },
  desk: {
    keyOf: deskKey,
    encode: (value) => deskCodec.encode(value),
    decode: (bytes) => valueOf(deskCodec.decode(bytes)),
  },
  appointments: {
    keyOf: appointmentsKey,
    encode: (value) => appointmentsCodec.encode(value),
    decode: (bytes) => valueOf(appointmentsCodec.decode(bytes)),
  },
  programmes: {
    keyOf: programmesKey,
    encode: (value) => programmesCodec.encode(value),
    decode: (bytes) => valueOf(programmesCodec.decode(bytes)),
  },
};

/** `requirePut` throws where the manifest does not let the agent write. */
export function openNamed<N extends NamedCollection>(
  name: N,
  collection: Collection,
  requirePut: () => void,
): NamedValues<NamedValue[N]> {
  const { keyOf, encode, decode }: Rules<NamedValue[N]> = RULES[name];
  const open = (found: CollectionValue | null, key: string | null): KeptValue<NamedValue[N]> | null => {
    const value = found?.value ? decode(found.value) : null;
    if (found === null || value === null) return null;
    // Keys are opaque in a collection: a value that was put under another's key is no value.
    if (key !== null && keyOf(value) !== key) return null;
    const { version, at, author, firm } = found;
    return { value, version, at, author, firm };
  };
  return {
    get: async (key) => open(await collection.get(key), key),
    list: async () => (await collection.list()).flatMap((found) => open(found, null) ?? []),
    async update(key, decide) {
      requirePut();
      return collection.put(key, (newest) => {
        const value = decide(open(newest, key));
        if (value === null) return null;
        if (keyOf(value) !== key) throw new AgentError('state', 'key');
        return encode(value);
      });
    },
    async remove(key) {
      requirePut();
      return collection.put(key, (newest) => ((newest?.value ?? null) === null ? null : NOTHING));
    },
    refresh: () => collection.refresh(),
    subscribe: (listener) =>
      collection.subscribe((stored) => listener(stored.flatMap((found) => open(found, null)?.value ?? []))),
  };
}

function valueOf<V>(decoded: { readonly ok: true; readonly value: V } | { readonly ok: false }): V | null {
  return decoded.ok ? decoded.value : null;
}
