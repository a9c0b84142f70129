import type { Collection, CollectionValue } from '@baton/client';
import { equalBytes, type TimestampMs } from '@baton/kernel';
import { makeCodec } from '@baton/wire';
import { z } from 'zod';
import { AgentError } from '../agent-error.ts';

/** Longest value, as JSON. */
const MAX_TEXT = 60_000;
const NOTHING = new Uint8Array(0);

const row = z.strictObject({
  v: z.literal(1),
  /** Keys are opaque in the collection, so that a value carries its own; it also binds the value to it. */
  k: z.string().min(1).max(200),
  d: z.string().max(MAX_TEXT),
});
const rowCodec = makeCodec(row, { limitBytes: 4 * MAX_TEXT });

export interface Kept<T> {
  readonly key: string;
  readonly value: T;
  /** The server's commit time. */
  readonly at: TimestampMs;
}

/** What to write over a key's newest value: null deletes it, undefined leaves it as it is. */
export type Decide<T> = (newest: Kept<T> | null) => T | null | undefined;

/** One drawer of the state: values of one shape. */
export interface Shelf<T> {
  get(key: string): Promise<Kept<T> | null>;
  put(key: string, value: T): Promise<void>;
  /** Compare-and-set; `decide` runs again when somebody else was faster. Answers whether something was written. */
  update(key: string, decide: Decide<T>): Promise<boolean>;
  remove(key: string): Promise<void>;
  list(): Promise<readonly Kept<T>[]>;
}

/** A shape that is JSON; a value that does not fit is as good as none, so that an older program is not ended by a newer one's state. */
export type Shape<T> = z.ZodType<T>;

/** The agent's memory: a sealed collection (docs/protocol/agents.md §3). Holds no content that the program was not told to keep. */
export class AgentState {
  readonly #collection: Collection;

  constructor(collection: Collection) {
    this.#collection = collection;
  }

  /** `name` is the first part of every key. */
  shelf<T>(name: string, shape: Shape<T>): Shelf<T> {
    const collection = this.#collection;
    const prefix = `${name}/`;
    const open = (found: CollectionValue | null, key: string | null) =>
      openRow(found, { prefix, key, shape });
    const update = (key: string, decide: Decide<T>): Promise<boolean> =>
      collection.put(prefix + key, (newest) => {
        const value = decide(open(newest, key));
        if (value === undefined) return null;
        if (value === null) return (newest?.value ?? null) === null ? null : NOTHING;
        return sealRow(prefix + key, value);
      });
    return {
      get: async (key) => open(await collection.get(prefix + key), key),
      async put(key, value) {
        await update(key, () => value);
      },
      update,
      async remove(key) {
        await update(key, () => null);
      },
      async list() {
        const kept: Kept<T>[] = [];
        for (const found of await collection.list()) {
          const value = open(found, null);
          // One that lies under another's key is no value.
          if (value && equalBytes(found.key, await collection.keyOf(prefix + value.key))) kept.push(value);
        }
        return kept;
      },
    };
  }

  /** Everything that the server has now. */
  refresh(): Promise<void> {
    return this.#collection.refresh();
  }

  /** Told after something changed, here or on another station. */
  subscribe(listener: () => void): () => void {
    return this.#collection.subscribe(listener);
  }
}

function sealRow(key: string, value: unknown) {
  const text = JSON.stringify(value);
  if (text.length > MAX_TEXT) throw new AgentError('state', 'too-long');
  return rowCodec.encode({ v: 1, k: key, d: text });
}

function openRow<T>(
  found: CollectionValue | null,
  wanted: { readonly prefix: string; readonly key: string | null; readonly shape: Shape<T> },
): Kept<T> | null {
  if (!found?.value) return null;
  const decoded = rowCodec.decode(found.value);
  if (!decoded.ok || !decoded.value.k.startsWith(wanted.prefix)) return null;
  const key = decoded.value.k.slice(wanted.prefix.length);
  if (wanted.key !== null && key !== wanted.key) return null;
  const value = wanted.shape.safeParse(parseJson(decoded.value.d));
  return value.success ? { key, value: value.data, at: found.at } : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
