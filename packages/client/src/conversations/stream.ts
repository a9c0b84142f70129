import { type AccountId, type Bytes, type ConversationId, equalBytes, type MessageId } from '@baton/kernel';
import { type ErrorCode, type Item } from '@baton/wire';
import { encodeUint64 } from '@baton/ledger';
import type { Alarms } from '../alarms/alarms.ts';
import { ClientError } from '../failure.ts';
import type { MembershipLogs } from '../membership/membership-logs.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { positionKey, type Store, type StoreWrite } from '../ports/store.ts';
import type { Connection } from '../sync/connection.ts';
import { asItems, type ItemSink } from '../sync/engine.ts';
import { type ConversationRow, type ItemRow, itemRowCodec, type MessageRow } from '../tables/records.ts';
import { Table } from '../tables/table.ts';
import type { ConversationBook } from './book.ts';
import { countsAsUnread, digestNewer, digestOlder } from './digest-row.ts';
import type { EnvelopeOpener } from './envelope-opener.ts';
import { StreamOrder } from './stream-order.ts';

export const PAGE_ITEMS = 60;
const UNREAD_SCAN = 2000;
const NEWEST = Number.MAX_SAFE_INTEGER;

export interface StreamPorts {
  readonly store: Store;
  readonly book: ConversationBook;
  readonly logs: MembershipLogs;
  readonly opener: EnvelopeOpener;
  readonly outbox: Outbox;
  readonly alarms: Alarms;
  readonly connection: () => Connection;
  readonly me: AccountId;
  readonly isOutside: (author: AccountId) => boolean;
  /** Whether a message counts as a text that somebody outside sent. */
  readonly isText: (message: MessageRow) => boolean;
  /** Collections keep their items in another way. */
  readonly collections: CollectionSink;
  /** Rows were stored: newer ones at the end, or older ones before. */
  readonly stored: (conv: ConversationId, rows: readonly ItemRow[], where: 'newer' | 'older') => void;
  /** A membership log grew. */
  readonly membershipChanged: (conv: ConversationId) => void;
  /** Where this account last was in a conversation that is new on this device. */
  readonly loadOpened: (conv: ConversationId) => Promise<number>;
}

export interface CollectionSink {
  introduce(conv: ConversationId): Promise<number>;
  take(conv: ConversationId, item: Item): Promise<ItemRow>;
}

/** Turns the items of a stream into verified rows, in order, and keeps the inbox row in step with them, in one write. */
export class ConversationStreams implements ItemSink {
  readonly #ports: StreamPorts;
  readonly #items: Table<ItemRow>;
  readonly #order: StreamOrder;
  #newestBatch = 0;

  constructor(ports: StreamPorts) {
    this.#ports = ports;
    this.#items = new Table(ports.store, 'items', itemRowCodec);
    this.#order = new StreamOrder({ items: this.#items, alarms: ports.alarms });
  }

  /** Newest commit that any stream has shown since the start: the server cannot be behind it. */
  get newestBatch(): number {
    return this.#newestBatch;
  }

  reached(conv: ConversationId): number | null {
    return this.#ports.book.get(conv)?.hi ?? null;
  }

  async introduce(conv: ConversationId, seq: number): Promise<void> {
    if (this.#ports.book.get(conv)) return;
    const { log, code, at } = await this.#ports.logs.refresh(conv);
    if (code !== null) this.#alarm(code, `${conv}.${at}`);
    const first = log?.rows[0];
    if (!log || !first) return;
    const frozen = code === null ? null : { code, at };
    const row = {
      ...emptyRow(conv, log.state.kind, first.ts),
      frozen,
      members: [...log.state.members.keys()],
    };
    if (log.state.kind === 'collection') {
      const hi = await this.#ports.collections.introduce(conv);
      await this.#ports.book.commit({ ...row, lo: hi + 1, hi });
      this.#ports.membershipChanged(conv);
      return;
    }
    const openedSeq = await this.#ports.loadOpened(conv);
    const page = await this.#pageBefore(conv, seq > 0 ? seq + 1 : NEWEST);
    const lo = page[0]?.seq ?? 1;
    await this.#take({ ...row, openedSeq, lo, hi: lo - 1, closed: log.state.closed !== null }, page);
    this.#ports.membershipChanged(conv);
    if (log.state.kind === 'patient' && this.#ports.isOutside(this.#ports.me)) await this.#seekCard(conv);
  }

  /** A patient's client cannot do without the practice card, however long ago it was written: whom a message is owed by is in it. */
  async #seekCard(conv: ConversationId): Promise<void> {
    for (let lo = Number.MAX_SAFE_INTEGER; ; ) {
      const row = this.#ports.book.get(conv);
      if (!row || row.card !== null || row.lo <= 1 || row.lo >= lo) return;
      lo = row.lo;
      await this.loadOlder(conv);
    }
  }

  async ingest(conv: ConversationId, items: readonly Item[]): Promise<void> {
    const row = this.#ports.book.get(conv);
    if (!row) throw new ClientError('request.not_found', conv);
    await this.#take(row, items);
  }

  /** One page before the oldest row that is here. */
  async loadOlder(conv: ConversationId): Promise<void> {
    const row = this.#ports.book.get(conv);
    if (!row || row.lo <= 1) return;
    const page = await this.#pageBefore(conv, row.lo);
    const first = page[0];
    if (!first) return this.#alarm('ledger.rollback', `${conv}.${row.lo - 1}`);
    const rows = await this.#openAll(conv, page);
    await this.#order.check(conv, rows, first.seq);
    const writes = rows.flatMap((item) => this.#writesOf(conv, item));
    const current = this.#ports.book.get(conv) ?? row;
    const next = rows.reduce((next, item) => digestOlder(next, item, this.#ports), {
      ...current,
      lo: first.seq,
    });
    await this.#ports.book.commit({ ...next, sealedFrom: lowestSealed(current.sealedFrom, rows) }, writes);
    this.#ports.stored(conv, rows, 'older');
  }

  async compare(conv: ConversationId, item: Item): Promise<void> {
    const known = await this.#items.get(itemKey(conv, item.seq));
    if (!known || known.s === 'problem') return;
    const isEntry = known.s === 'entry';
    const same =
      known.batch === item.batch &&
      isEntry === (item.k === 'entry') &&
      (isEntry
        ? (await this.#ports.logs.take(conv, item.b, item)).ok
        : equalBytes(known.hash, this.#ports.opener.hashOf(item)));
    if (!same) this.#alarm('ledger.fork', `${conv}.${item.seq}`);
  }

  async holds(conv: ConversationId, item: Pick<Item, 'seq' | 'k' | 'b'>): Promise<boolean> {
    const row = await this.#items.get(itemKey(conv, item.seq));
    if (item.k === 'entry') return row?.s === 'entry' && this.#ports.logs.contains(conv, item.b);
    if (item.k === 'put') return row !== null && equalBytes(row.hash, this.#ports.opener.hashOf(item));
    // Sealed anew, it has other bytes; its id stays.
    const id = this.#ports.opener.idOf(item.b);
    return id !== null && (await this.#seqOf(conv, id)) === item.seq;
  }

  /** Hash of the newest item that is here: what the next header names, so that others notice when it is kept from them. */
  async newestHash(conv: ConversationId): Promise<Bytes | null> {
    return this.#order.newest(conv, this.#ports.book.get(conv)?.hi ?? 0);
  }

  /** Rows of the local window from `from` on, oldest first. */
  async read(
    conv: ConversationId,
    range: { readonly from: number; readonly to: number },
  ): Promise<ItemRow[]> {
    const rows = await this.#items.list({ from: itemKey(conv, range.from), to: itemKey(conv, range.to) });
    return rows.map(({ row }) => row);
  }

  async find(conv: ConversationId, id: MessageId): Promise<ItemRow | null> {
    const seq = await this.#seqOf(conv, id);
    return seq === null ? null : this.#items.get(itemKey(conv, seq));
  }

  /** Tries the items again that waited for a key. */
  async reopen(conv: ConversationId): Promise<void> {
    const row = this.#ports.book.get(conv);
    if (!row || row.sealedFrom === null) return;
    const waiting = (await this.read(conv, { from: row.sealedFrom, to: row.hi + 1 })).filter(
      (item) => item.s === 'sealed',
    );
    const rows = await this.#openAll(
      conv,
      waiting.flatMap((item) =>
        item.s === 'sealed'
          ? [{ seq: item.seq, batch: item.batch, ts: item.ts, k: 'envelope' as const, b: item.raw }]
          : [],
      ),
    );
    const opened = rows.filter((item) => item.s !== 'sealed');
    if (opened.length === 0) return;
    await this.#order.check(conv, opened, row.lo);
    const current = this.#ports.book.get(conv) ?? row;
    const next = opened.reduce((next, item) => digestNewer(next, item, this.#ports), current);
    const sealedFrom = lowestSealed(null, rows);
    await this.#ports.book.commit(
      { ...next, sealedFrom },
      opened.flatMap((item) => this.#writesOf(conv, item)),
    );
    this.#ports.stored(conv, opened, 'newer');
  }

  /** The account has seen everything up to here, on this or another device. */
  async opened(conv: ConversationId, seq: number): Promise<void> {
    const row = this.#ports.book.get(conv);
    if (!row || seq <= row.openedSeq) return;
    const openedSeq = Math.min(seq, row.hi);
    const later = await this.read(conv, {
      from: Math.max(openedSeq + 1, row.hi - UNREAD_SCAN),
      to: row.hi + 1,
    });
    const unread = later.filter((item) => countsAsUnread(item, this.#ports)).length;
    const current = this.#ports.book.get(conv) ?? row;
    await this.#ports.book.commit({ ...current, openedSeq, unread });
  }

  gone(conv: ConversationId): Promise<void> {
    return this.setLeft(conv, true);
  }

  /** The server shows it no longer, or again. */
  async setLeft(conv: ConversationId, left: boolean): Promise<void> {
    const row = this.#ports.book.get(conv);
    if (row && row.left !== left) await this.#ports.book.commit({ ...row, left });
  }

  async #take(row: ConversationRow, items: readonly Item[]): Promise<void> {
    const { conv } = row;
    const rows = await this.#openAll(conv, items);
    const settled = rows.flatMap((item) =>
      item.s === 'message' && item.header.author === this.#ports.me ? [item.header.id] : [],
    );
    const writes = [
      ...rows.flatMap((item) => this.#writesOf(conv, item)),
      ...settled.flatMap((id) => this.#ports.outbox.removal(id)),
    ];
    for (const item of rows) this.#compareReceipt(conv, item);
    await this.#order.check(conv, rows, row.lo);
    this.#newestBatch = Math.max(this.#newestBatch, ...rows.map(({ batch }) => batch));
    const log = this.#ports.logs.peek(conv);
    let next = rows.reduce((next, item) => digestNewer(next, item, this.#ports), row);
    next = {
      ...next,
      left: false,
      hi: items.at(-1)?.seq ?? row.hi,
      sealedFrom: lowestSealed(row.sealedFrom, rows),
    };
    if (log) next = { ...next, members: [...log.state.members.keys()], closed: log.state.closed !== null };
    const broken = rows.find((item) => item.s === 'problem' && item.k === 'entry');
    if (broken?.s === 'problem') next = { ...next, frozen: { code: broken.code, at: broken.at } };
    await this.#ports.book.commit(next, writes);
    for (const id of settled) this.#ports.outbox.forget(id);
    this.#ports.stored(conv, rows, 'newer');
    if (rows.some((item) => item.s === 'entry')) this.#ports.membershipChanged(conv);
  }

  /** Entries one by one, since each decides how the next item is judged; what lies between them side by side. */
  async #openAll(conv: ConversationId, items: readonly Item[]): Promise<ItemRow[]> {
    const rows: ItemRow[] = [];
    const seen = new Map<MessageId, number>();
    let from = 0;
    while (from < items.length) {
      const item = items[from] as Item;
      if (item.k === 'entry') {
        rows.push(await this.#openEntry(conv, item));
        from += 1;
        continue;
      }
      const nextEntry = items.findIndex((other, index) => index > from && other.k === 'entry');
      const run = items.slice(from, nextEntry === -1 ? undefined : nextEntry);
      for (const row of await Promise.all(run.map((other) => this.#openOne(conv, other))))
        rows.push(await this.#refuseReplay(conv, row, seen));
      from += run.length;
    }
    return rows;
  }

  #openOne(conv: ConversationId, item: Item): Promise<ItemRow> {
    return item.k === 'put' ? this.#ports.collections.take(conv, item) : this.#ports.opener.open(conv, item);
  }

  async #openEntry(conv: ConversationId, item: Item): Promise<ItemRow> {
    const { seq, batch, ts } = item;
    const taken = await this.#ports.logs.take(conv, item.b, item);
    if (taken.ok) return { v: 1, s: 'entry', seq, batch, ts, hash: taken.row.hash, n: taken.row.entry.n };
    this.#alarm(taken.code, `${conv}.${taken.at}`);
    const hash = this.#ports.opener.hashOf(item);
    return { v: 1, s: 'problem', k: 'entry', seq, batch, ts, hash, code: taken.code, at: taken.at };
  }

  /** A message id stands at one place only: the same envelope at another is a replay. */
  async #refuseReplay(conv: ConversationId, row: ItemRow, seen: Map<MessageId, number>): Promise<ItemRow> {
    if (row.s !== 'message') return row;
    const { id } = row.header;
    const place = seen.get(id) ?? (await this.#seqOf(conv, id)) ?? row.seq;
    seen.set(id, place);
    if (place === row.seq) return row;
    this.#alarm('ledger.bad_chain', `${conv}.replay.${id}`);
    const { v, seq, batch, ts, hash } = row;
    return {
      v,
      s: 'problem',
      k: 'envelope',
      seq,
      batch,
      ts,
      hash,
      code: 'ledger.bad_chain',
      at: 'header.id',
    };
  }

  /** What the receipt promised for a message of this device must be what the stream shows (drop and reorder evidence). */
  #compareReceipt(conv: ConversationId, item: ItemRow): void {
    if (item.s !== 'message') return;
    const promised = this.#ports.outbox.find(item.header.id)?.committed;
    if (promised && promised.seq !== item.seq)
      this.#alarm('ledger.fork', `${conv}.receipt.${item.header.id}`);
  }

  async #pageBefore(conv: ConversationId, before: number): Promise<readonly Item[]> {
    const answer = asItems(
      await this.#ports.connection().ask({ t: 'pull-back', conv, before, limit: PAGE_ITEMS }),
    );
    const { items } = answer;
    const last = items.at(-1);
    const follows = items.every((item, index) => item.seq === (items[0] as Item).seq + index);
    // More may have been committed between the server's look at the position and at the items.
    const reaches = before === NEWEST ? !last || last.seq >= answer.newest : last?.seq === before - 1;
    if (follows && reaches) return items;
    this.#alarm('ledger.rollback', `${conv}.page.${before}`);
    return [];
  }

  async #seqOf(conv: ConversationId, id: MessageId): Promise<number | null> {
    const bytes = await this.#ports.store.get('messages', `${conv}/${id}`);
    if (!bytes) return null;
    return bytes.reduce((value, byte) => value * 256 + byte, 0);
  }

  #writesOf(conv: ConversationId, row: ItemRow): StoreWrite[] {
    const write = this.#items.put(itemKey(conv, row.seq), row);
    if (row.s !== 'message') return [write];
    return [write, { table: 'messages', key: `${conv}/${row.header.id}`, value: encodeUint64(row.seq) }];
  }

  #alarm(code: ErrorCode, about: string): void {
    this.#ports.alarms.raise({ code, severity: 'danger', about });
  }
}

function emptyRow(conv: ConversationId, kind: ConversationRow['kind'], createdAt: number): ConversationRow {
  return {
    v: 1,
    conv,
    kind,
    lo: 1,
    hi: 0,
    createdAt,
    lastAt: createdAt,
    members: [],
    closed: false,
    left: false,
    title: null,
    card: null,
    last: null,
    incoming: null,
    openedSeq: 0,
    unread: 0,
    sealedFrom: null,
    frozen: null,
  };
}

function itemKey(conv: ConversationId, seq: number): string {
  return `${conv}/${positionKey(seq)}`;
}

function lowestSealed(known: number | null, rows: readonly ItemRow[]): number | null {
  const sealed = rows.filter((row) => row.s === 'sealed').map((row) => row.seq);
  if (sealed.length === 0) return known;
  return Math.min(known ?? Number.MAX_SAFE_INTEGER, ...sealed);
}
