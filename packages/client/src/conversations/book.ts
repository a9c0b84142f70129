import type { ConversationId } from '@baton/kernel';
import { prefixRange, type Store, type StoreWrite } from '../ports/store.ts';
import { type ConversationRow, conversationRowCodec } from '../tables/records.ts';
import { Table } from '../tables/table.ts';

/** The rows of all conversations that this device knows: small, so all of them are in memory from the start. */
export class ConversationBook {
  readonly #store: Store;
  readonly #table: Table<ConversationRow>;
  readonly #rows = new Map<ConversationId, ConversationRow>();
  readonly #changed: (conv: ConversationId) => void;

  constructor(store: Store, changed: (conv: ConversationId) => void) {
    this.#store = store;
    this.#table = new Table(store, 'conversations', conversationRowCodec);
    this.#changed = changed;
  }

  async load(): Promise<void> {
    for (const { row } of await this.#table.list(prefixRange(''))) this.#rows.set(row.conv, row);
  }

  get(conv: ConversationId): ConversationRow | null {
    return this.#rows.get(conv) ?? null;
  }

  all(): Iterable<ConversationRow> {
    return this.#rows.values();
  }

  /** Stores the row together with what it summarises, then shows it. */
  async commit(row: ConversationRow, writes: readonly StoreWrite[] = []): Promise<void> {
    await this.#store.write([...writes, this.#table.put(row.conv, row)]);
    this.#rows.set(row.conv, row);
    this.#changed(row.conv);
  }

  /** Takes over what another tab stored. */
  async reload(conv: ConversationId): Promise<void> {
    const row = await this.#table.get(conv);
    if (!row) return;
    this.#rows.set(conv, row);
    this.#changed(conv);
  }
}
