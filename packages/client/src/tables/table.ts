import type { Codec } from '@baton/wire';
import { ClientError } from '../failure.ts';
import type { Store, StoreRange, StoreTable, StoreWrite } from '../ports/store.ts';

/** One table with rows of one form. What comes back from the disk passes a decoder, like any other bytes from outside. */
export class Table<T> {
  readonly #store: Store;
  readonly #name: StoreTable;
  readonly #codec: Codec<T>;

  constructor(store: Store, name: StoreTable, codec: Codec<T>) {
    this.#store = store;
    this.#name = name;
    this.#codec = codec;
  }

  async get(key: string): Promise<T | null> {
    const bytes = await this.#store.get(this.#name, key);
    return bytes === null ? null : this.#decode(bytes);
  }

  async list(range: StoreRange): Promise<{ readonly key: string; readonly row: T }[]> {
    const rows = await this.#store.list(this.#name, range);
    return rows.map(({ key, value }) => ({ key, row: this.#decode(value) }));
  }

  /** A write for `Store.write`, so that rows of several tables change together. */
  put(key: string, row: T): StoreWrite {
    return { table: this.#name, key, value: this.#codec.encode(row) };
  }

  remove(key: string): StoreWrite {
    return { table: this.#name, key, value: null };
  }

  async save(key: string, row: T): Promise<void> {
    await this.#store.write([this.put(key, row)]);
  }

  #decode(bytes: Uint8Array): T {
    const decoded = this.#codec.decode(bytes);
    if (decoded.ok) return decoded.value;
    throw new ClientError(decoded.error.code, `store.${this.#name}`);
  }
}
