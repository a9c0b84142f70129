import { type Bytes, type ConversationId, encodeHex } from '@baton/kernel';
import type { Alarms } from '../alarms/alarms.ts';
import { positionKey } from '../ports/store.ts';
import type { ItemRow } from '../tables/records.ts';
import type { Table } from '../tables/table.ts';

/** Looked through from the newest on: an author has nearly always seen the item right before. */
const FIRST_LOOK = 4;
const LATER_LOOK = 500;
/** Who has not seen that many items yet may name one from before this device's window. */
const LONGEST_LAG = 1000;

export interface OrderPorts {
  readonly items: Table<ItemRow>;
  readonly alarms: Alarms;
}

/**
 * Whether a stream is the one that its authors saw. Commit numbers and times never go back, and every envelope names the newest item that
 * its author had (`header.last`, signed): that item must stand before it here too. A server that leaves an item out and closes the gap, or
 * puts items into another order, or shows two members two streams, is noticed with the next message (threat T9, docs/protocol §5).
 */
export class StreamOrder {
  readonly #ports: OrderPorts;

  constructor(ports: OrderPorts) {
    this.#ports = ports;
  }

  /** `rows`: about to be stored, oldest first. `lo`: the first position of the stream that this device has. */
  async check(conv: ConversationId, rows: readonly ItemRow[], lo: number): Promise<void> {
    const first = rows[0];
    if (!first) return;
    const fresh = new Set<string>();
    let [before] = await this.#rowsBefore(conv, first.seq, 1);
    for (const row of rows) {
      if (before?.seq === row.seq - 1 && (row.batch < before.batch || row.ts < before.ts))
        this.#alarm('ledger.bad_chain', `${conv}.${row.seq}.order`);
      const last = row.s === 'message' ? row.header.last : null;
      if (last && !fresh.has(encodeHex(last))) await this.#require(conv, { last, seq: row.seq, lo });
      fresh.add(encodeHex(row.hash));
      before = row;
    }
  }

  /** Hash of the newest item at or below a position, for the next header; null where there is none. */
  async newest(conv: ConversationId, hi: number): Promise<Bytes | null> {
    const rows = await this.#rowsBefore(conv, hi + 1, FIRST_LOOK);
    return rows.find(isGood)?.hash ?? null;
  }

  async #require(
    conv: ConversationId,
    named: { readonly last: Bytes; readonly seq: number; readonly lo: number },
  ): Promise<void> {
    const { last, seq, lo } = named;
    const wanted = encodeHex(last);
    let before = seq;
    for (let look = FIRST_LOOK; before > lo; look = LATER_LOOK) {
      const rows = await this.#rowsBefore(conv, before, look);
      if (rows.some((row) => encodeHex(row.hash) === wanted)) return;
      const oldest = rows.at(-1);
      if (!oldest) break;
      before = oldest.seq;
    }
    if (lo <= 1 || seq - lo > LONGEST_LAG) this.#alarm('ledger.fork', `${conv}.${seq}.last`);
  }

  /** Newest first. */
  async #rowsBefore(conv: ConversationId, seq: number, limit: number): Promise<readonly ItemRow[]> {
    const range = { from: itemKey(conv, 0), to: itemKey(conv, seq), limit, reverse: true };
    return (await this.#ports.items.list(range)).map(({ row }) => row);
  }

  #alarm(code: 'ledger.bad_chain' | 'ledger.fork', about: string): void {
    this.#ports.alarms.raise({ code, severity: 'danger', about });
  }
}

/** What one device refuses, another may have been able to read: it is no common ground. */
function isGood(row: ItemRow): boolean {
  return row.s !== 'problem';
}

function itemKey(conv: ConversationId, seq: number): string {
  return `${conv}/${positionKey(seq)}`;
}
