import {
  type BatonId,
  type Bytes,
  decodeBase64Url,
  equalBytes,
  type MessageId,
  messageOfBaton,
} from '@baton/kernel';
import { type Digest, openBatonEvent } from '@baton/ledger';
import { applyBatonEvent, type BatonState, type PlacedEvent } from '@baton/policy';
import { type BatonBody, batonPage, type ErrorCode } from '@baton/wire';
import type { Alarms } from '../alarms/alarms.ts';
import { ClientError } from '../failure.ts';
import type { Locks } from '../ports/platform.ts';
import { prefixRange, type Store, type StoreWrite } from '../ports/store.ts';
import type { Rest } from '../rest/rest.ts';
import { Table } from '../tables/table.ts';
import { type BatonRow, batonRowCodec, type FeedCursor, feedCursorCodec } from './baton-rows.ts';
import type { EventJudge } from './event-judge.ts';

const PAGE = 100;
const CURSOR = 'batons-cursor';

/** A baton as this device has verified it. */
export interface KnownBaton {
  readonly row: BatonRow;
  readonly state: BatonState;
  readonly events: readonly PlacedEvent[];
}

export interface FeedPorts {
  readonly rest: Rest;
  readonly store: Store;
  readonly locks: Locks;
  readonly alarms: Alarms;
  readonly digest: Digest;
  readonly judge: EventJudge;
  /** These batons are new or have new events. */
  readonly changed: (batons: readonly KnownBaton[]) => void;
}

/**
 * The batons that concern this account, each with its whole chain (docs/protocol/batons.md §3). Every event is verified before it is kept. A
 * chain that is shorter or other than the one that is here is a fork, and what is here stays.
 */
export class BatonFeed {
  readonly #ports: FeedPorts;
  readonly #table: Table<BatonRow>;
  readonly #cursors: Table<FeedCursor>;
  readonly #known = new Map<BatonId, KnownBaton>();
  readonly #byMessage = new Map<MessageId, KnownBaton[]>();
  #cursor = 0;
  #running: Promise<void> | null = null;
  #queued: Promise<void> | null = null;

  constructor(ports: FeedPorts) {
    this.#ports = ports;
    this.#table = new Table(ports.store, 'batons', batonRowCodec);
    this.#cursors = new Table(ports.store, 'profile', feedCursorCodec);
  }

  /** Chains were verified before they were sealed: signatures are not checked again. */
  async load(): Promise<void> {
    this.#cursor = (await this.#cursors.get(CURSOR))?.pos ?? 0;
    for (const { row } of await this.#table.list(prefixRange(''))) {
      const known = this.#rebuild(row);
      if (known) this.#keep(known);
    }
  }

  /** The feed up to this position is here. */
  get reached(): number {
    return this.#cursor;
  }

  get(baton: BatonId): KnownBaton | null {
    return this.#known.get(baton) ?? null;
  }

  /** In the order of their owners in the message's header. */
  ofMessage(message: MessageId): readonly KnownBaton[] {
    return this.#byMessage.get(message) ?? [];
  }

  all(): Iterable<KnownBaton> {
    return this.#known.values();
  }

  /** The person was told. */
  async saveTold(baton: BatonId, told: number): Promise<void> {
    const known = this.#known.get(baton);
    if (!known || known.row.told >= told) return;
    const row: BatonRow = { ...known.row, told };
    this.#keep({ ...known, row });
    await this.#store([row], null);
  }

  /**
   * The one place that writes rows. A fetch, a telling and another tab may write the same row at the same time, and the cursor must never be
   * ahead of what is stored: one at a time, and a longer chain is never replaced by a shorter one.
   */
  async #store(rows: readonly BatonRow[], pos: number | null): Promise<void> {
    await this.#ports.locks.run('batons', async () => {
      const writes: StoreWrite[] = [];
      for (const row of rows) {
        const stored = await this.#table.get(row.baton);
        const newest = stored !== null && stored.events.length > row.events.length ? stored : row;
        writes.push(this.#table.put(row.baton, { ...newest, told: Math.max(row.told, stored?.told ?? -1) }));
      }
      const before = (await this.#cursors.get(CURSOR))?.pos ?? 0;
      if (pos !== null && pos > before) writes.push(this.#cursors.put(CURSOR, { v: 1, pos }));
      if (writes.length > 0) await this.#ports.store.write(writes);
    });
  }

  /** Fetches and verifies what is new. Throws when the server cannot be asked. */
  catchUp(): Promise<void> {
    this.#queued ??= (this.#running ?? Promise.resolve()).then(() => {
      this.#queued = null;
      const round = this.#fetch();
      this.#running = round.catch(() => {});
      return round;
    });
    return this.#queued;
  }

  /** Asks for everything again: who joins a conversation or takes a role sees batons that were there before. */
  rescan(): Promise<void> {
    this.#cursor = 0;
    return this.catchUp();
  }

  async #fetch(): Promise<void> {
    for (;;) {
      const after = this.#cursor;
      const page = await this.#ports.rest.call({
        method: 'GET',
        path: '/batons',
        query: { after, limit: PAGE },
        answer: batonPage,
      });
      if (page.upTo < after || (page.more && page.upTo === after))
        return this.#alarm('ledger.rollback', 'feed');
      const taken: KnownBaton[] = [];
      for (const body of page.batons) {
        const known = await this.#take(body);
        if (known) taken.push(known);
      }
      const rows = taken.map(({ row }) => row);
      await this.#store(rows, page.upTo > after ? page.upTo : null);
      for (const known of taken) this.#keep(this.#withTold(known));
      this.#cursor = page.upTo;
      if (taken.length > 0) this.#ports.changed(taken);
      if (!page.more) return;
    }
  }

  /** Told meanwhile. */
  #withTold(known: KnownBaton): KnownBaton {
    const told = Math.max(known.row.told, this.#known.get(known.row.baton)?.row.told ?? -1);
    return { ...known, row: { ...known.row, told } };
  }

  /** null where nothing is new, or where the chain does not hold. */
  async #take(body: BatonBody): Promise<KnownBaton | null> {
    const before = this.#known.get(body.baton) ?? null;
    const shown = body.events.map(({ event, at }) => ({
      signed: decodeBase64Url(event) ?? new Uint8Array(),
      at,
    }));
    const kept = before?.row.events ?? [];
    const fits = kept.every(
      (event, n) => shown[n] !== undefined && equalBytes(event.signed, shown[n].signed),
    );
    if (!fits) {
      this.#alarm(shown.length < kept.length ? 'ledger.rollback' : 'ledger.fork', body.baton);
      return null;
    }
    let state = before?.state ?? null;
    let doubted = before?.row.doubted ?? false;
    const events: PlacedEvent[] = [...(before?.events ?? [])];
    for (const { signed, at } of shown.slice(kept.length)) {
      const next = await this.#ports.judge.judge(body.baton, state, { signed, at });
      if (!next.ok) {
        this.#alarm(next.code, `${body.baton}.${next.at}`);
        break;
      }
      if (next.doubt) {
        this.#alarm(next.doubt.code, `${body.baton}.${next.doubt.at}`);
        doubted = true;
      }
      if (next.unsure) doubted = true;
      state = next.state;
      events.push(next.placed);
    }
    if (!state || events.length === kept.length) return null;
    const row: BatonRow = {
      v: 1,
      baton: body.baton,
      pos: body.pos,
      via: body.via,
      events: shown.slice(0, events.length),
      told: before?.row.told ?? -1,
      doubted,
    };
    return { row, state, events };
  }

  #rebuild(row: BatonRow): KnownBaton | null {
    let state: BatonState | null = null;
    const events: PlacedEvent[] = [];
    for (const { signed, at } of row.events) {
      const placed = placeEvent(this.#ports.digest, signed, at);
      const applied = applyBatonEvent(state, placed);
      if (!applied.ok) throw new ClientError(applied.error.code, 'store.batons');
      state = applied.value;
      events.push(placed);
    }
    return state && { row, state, events };
  }

  #keep(known: KnownBaton): void {
    const { baton } = known.row;
    this.#known.set(baton, known);
    const made = messageOfBaton(baton);
    if (!made) return;
    const others = (this.#byMessage.get(made.message) ?? []).filter(({ row }) => row.baton !== baton);
    const all = [...others, known].sort((a, b) => indexOf(a) - indexOf(b));
    this.#byMessage.set(made.message, all);
  }

  #alarm(code: ErrorCode, at: string): void {
    this.#ports.alarms.raise({ code, severity: 'danger', about: `baton.${at}` });
  }
}

function placeEvent(digest: Digest, signed: Bytes, at: number): PlacedEvent {
  const opened = openBatonEvent(digest, signed);
  if (!opened.ok) throw new ClientError(opened.error.code, 'store.batons');
  return { event: opened.value.body, hash: opened.value.hash, at };
}

function indexOf({ row }: KnownBaton): number {
  return messageOfBaton(row.baton)?.index ?? 0;
}
