import type { StoreRange, StoreTable } from '@baton/client';
import type { SealedRow } from './row-seal.ts';

/** What a phone keeps of one account: sealed rows by table and key, and handles. */
const SHELVES = ['rows', 'handles'] as const;
type Shelf = (typeof SHELVES)[number];

/**
 * IndexedDB without a library: a phone's page has room for little script. Writes are reported when they would survive a loss of power
 * (`durability: 'strict'`); the outbox promises that.
 */
export class PhoneDatabase {
  readonly #name: string;
  #opening: Promise<IDBDatabase> | null = null;

  constructor(name: string) {
    this.#name = name;
  }

  get(shelf: Shelf, key: IDBValidKey): Promise<unknown> {
    return this.#run(shelf, 'readonly', (store) => asPromise<unknown>(store.get(key)));
  }

  /** Handles have their name beside them, rows in them. */
  async put(shelf: Shelf, value: unknown, key?: IDBValidKey): Promise<void> {
    await this.#run(shelf, 'readwrite', (store) => asPromise(store.put(value, key)));
  }

  /** Puts a handle where there is none, and answers the one that is there then. */
  addHandle(name: string, handle: unknown): Promise<unknown> {
    return this.#run('handles', 'readwrite', async (store) => {
      const known = await asPromise<unknown>(store.get(name));
      if (known !== undefined) return known;
      await asPromise(store.put(handle, name));
      return handle;
    });
  }

  async remove(shelf: Shelf, key: IDBValidKey): Promise<void> {
    await this.#run(shelf, 'readwrite', (store) => asPromise(store.delete(key)));
  }

  list(table: StoreTable, { from, to, limit, reverse }: StoreRange): Promise<SealedRow[]> {
    const range = IDBKeyRange.bound([table, from], [table, to], false, true);
    return this.#run('rows', 'readonly', (store) =>
      reverse
        ? newestFirst(store, range, limit)
        : asPromise(store.getAll(range, limit) as IDBRequest<SealedRow[]>),
    );
  }

  /** All or nothing. */
  async write(puts: readonly SealedRow[], removals: readonly IDBValidKey[]): Promise<void> {
    await this.#run('rows', 'readwrite', async (store) => {
      for (const row of puts) store.put(row);
      for (const key of removals) store.delete(key);
    });
  }

  close(): void {
    void this.#opening?.then((database) => database.close());
    this.#opening = null;
  }

  async wipe(): Promise<void> {
    // The keys go first: should another tab hold up the removal of the rows, nothing can open them any more.
    await this.#run('handles', 'readwrite', (store) => asPromise(store.clear()));
    await this.#run('rows', 'readwrite', (store) => asPromise(store.clear()));
    this.close();
    const request = indexedDB.deleteDatabase(this.#name);
    // Another tab closes its own when it is told.
    await new Promise<void>((resolve) => {
      for (const end of ['success', 'error', 'blocked']) request.addEventListener(end, () => resolve());
    });
  }

  async #run<T>(
    shelf: Shelf,
    mode: IDBTransactionMode,
    task: (store: IDBObjectStore) => Promise<T>,
  ): Promise<T> {
    const database = await this.#open();
    const transaction = database.transaction(shelf, mode, { durability: 'strict' });
    const done = new Promise<void>((resolve, reject) => {
      transaction.addEventListener('complete', () => resolve());
      transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('aborted')));
    });
    const [value] = await Promise.all([task(transaction.objectStore(shelf)), done]);
    return value;
  }

  #open(): Promise<IDBDatabase> {
    this.#opening ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(this.#name, 1);
      request.addEventListener('upgradeneeded', () => {
        request.result.createObjectStore('rows', { keyPath: ['t', 'k'] });
        request.result.createObjectStore('handles');
      });
      request.addEventListener('error', () => reject(request.error ?? new Error('no database')));
      request.addEventListener('success', () => {
        const database = request.result;
        // Another tab wipes the account.
        database.addEventListener('versionchange', () => database.close());
        resolve(database);
      });
    });
    return this.#opening;
  }
}

function asPromise<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('the store refused')));
  });
}

function newestFirst(
  store: IDBObjectStore,
  range: IDBKeyRange,
  limit: number | undefined,
): Promise<SealedRow[]> {
  const rows: SealedRow[] = [];
  const request = store.openCursor(range, 'prev');
  return new Promise((resolve, reject) => {
    request.addEventListener('error', () => reject(request.error ?? new Error('the store refused')));
    request.addEventListener('success', () => {
      const cursor = request.result;
      if (!cursor || rows.length === limit) return resolve(rows);
      rows.push(cursor.value as SealedRow);
      cursor.continue();
    });
  });
}
