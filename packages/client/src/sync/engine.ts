import type { ConversationId, Timers } from '@baton/kernel';
import { type Item, type ItemsAnswer, MAX_ITEMS_PER_FRAME } from '@baton/wire';
import { ClientError, isClientError } from '../failure.ts';
import type { Answer, Connection, Push } from './connection.ts';
import { Lanes } from './lanes.ts';

/** After a push, the cursor is confirmed by `changes` so much later: one question for a burst. */
const CONFIRM_MS = 250;
/** A push that was lost without a trace is found so much later at the latest. */
const HEARTBEAT_MS = 25_000;
const CHANGES_PER_PAGE = 200;
const SIDE_BY_SIDE = 6;

/** Where items go. It never throws for a bad item (that becomes a row that says so), only when it cannot do its work now. */
export interface ItemSink {
  /** Newest item stored without a hole before it; null for a conversation that this device does not know. */
  reached(conv: ConversationId): number | null;
  /** Learns a conversation from its membership log and its latest page. */
  introduce(conv: ConversationId, seq: number): Promise<void>;
  /** Stores items that follow each other and the newest one stored. */
  ingest(conv: ConversationId, items: readonly Item[]): Promise<void>;
  /** The server shows this account the conversation no longer. */
  gone(conv: ConversationId): Promise<void>;
  /** Whether an item that the server calls committed before stands in the stream. */
  holds(conv: ConversationId, item: Pick<Item, 'seq' | 'k' | 'b'>): Promise<boolean>;
  /** Compares an item that came again with the one that is stored. */
  compare(conv: ConversationId, item: Item): Promise<void>;
}

export interface SyncAlarms {
  /** The server's answer leaves a hole where it says that there is an item. */
  withheld(conv: ConversationId, seq: number): void;
  /** The server shows less than it did before. */
  rolledBack(at: string): void;
}

export interface SyncPorts {
  readonly connection: () => Connection;
  readonly timers: Timers;
  readonly sink: ItemSink;
  readonly alarms: SyncAlarms;
  readonly loadCursor: () => number;
  readonly saveCursor: (batch: number) => Promise<void>;
  /** Statements of the key log that this device has. */
  readonly keyLogSize: () => number;
  /** Everything up to this batch was answered for after the device had so many statements. */
  readonly confirmKeyLog: (batch: number, size: number) => Promise<void>;
  /** The first complete round has ended. */
  readonly caughtUp: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Brings every conversation to its newest item. What counts is what `changes` and `pull` answer; pushed items are taken when they follow
 * without a hole, and are otherwise only a hint to pull (docs/protocol/sync.md).
 */
export class SyncEngine {
  readonly #ports: SyncPorts;
  readonly #lanes = new Lanes();
  #round: Promise<void> | null = null;
  #again = false;
  #cancelConfirm: (() => void) | null = null;
  #cancelHeartbeat: () => void = () => {};
  #stopped = false;

  constructor(ports: SyncPorts) {
    this.#ports = ports;
  }

  /** Runs a round now; calls during a round make one more after it. */
  catchUp(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    if (this.#round) {
      this.#again = true;
      return this.#round;
    }
    this.#round = this.#rounds().finally(() => {
      this.#round = null;
    });
    return this.#round;
  }

  push(frame: Extract<Push, { t: 'items' | 'missed' }>): void {
    if (frame.t === 'missed') {
      void this.catchUp();
      return;
    }
    void this.run(frame.conv, () => this.#takePush(frame.conv, frame.items)).catch(this.#ports.failed);
    this.#confirmSoon();
  }

  /** One task of a conversation at a time: ingesting, changing members, loading older pages. */
  run<T>(conv: ConversationId, task: () => Promise<T>): Promise<T> {
    return this.#lanes.run(conv, task);
  }

  /** Inside the conversation's lane: everything that the server has now. */
  async pullToNewest(conv: ConversationId): Promise<void> {
    try {
      await this.#pullAll(conv);
    } catch (error) {
      if (!isClientError(error, 'request.not_found')) throw error;
      await this.#ports.sink.gone(conv);
    }
  }

  async #pullAll(conv: ConversationId): Promise<void> {
    for (let isFirst = true; ; isFirst = false) {
      const after = this.#ports.sink.reached(conv);
      if (after === null) return this.#ports.sink.introduce(conv, 0);
      // One item that is here already comes along: a stream that was restored and has grown again does not fit on to it (threat T9).
      const overlap = isFirst && after > 0 ? 1 : 0;
      const answer = await this.#pull(conv, after - overlap);
      if (answer.newest < after) return this.#ports.alarms.rolledBack(conv);
      const again = overlap === 1 ? answer.items[0] : undefined;
      if (again) await this.#ports.sink.compare(conv, again);
      const fresh = answer.items.slice(overlap);
      if (fresh.length > 0) await this.#ports.sink.ingest(conv, fresh);
      const reached = this.#ports.sink.reached(conv) ?? after;
      if (reached >= answer.newest) return;
      if (reached === after) return this.#ports.alarms.withheld(conv, after + 1);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelConfirm?.();
    this.#cancelHeartbeat();
  }

  idle(): Promise<void> {
    return this.#lanes.idle();
  }

  async #rounds(): Promise<void> {
    do {
      this.#again = false;
      try {
        await this.#roundOnce();
      } catch (error) {
        // The connection is gone or the server is busy: the next welcome or the heartbeat begins another round.
        if (!isClientError(error)) this.#ports.failed(error);
        break;
      }
    } while (this.#again && !this.#stopped);
    this.#scheduleHeartbeat();
  }

  async #roundOnce(): Promise<void> {
    for (;;) {
      const after = this.#ports.loadCursor();
      const known = this.#ports.keyLogSize();
      const answer = await this.#ports.connection().ask({ t: 'changes', after, limit: CHANGES_PER_PAGE });
      if (!('changes' in answer)) throw new ClientError('wire.schema', 'changes');
      // A page that leads nowhere would be asked for for ever.
      if (answer.upTo < after || (answer.more && answer.upTo === after)) {
        this.#ports.alarms.rolledBack('changes');
        return;
      }
      await inParallel(answer.changes, SIDE_BY_SIDE, (change) =>
        this.run(change.conv, () => this.#bring(change.conv, change.seq)),
      );
      if (answer.upTo > after) await this.#ports.saveCursor(answer.upTo);
      this.#ports.connection().tellCursor(answer.upTo);
      if (answer.more) continue;
      // Only now: what follows an earlier page is old.
      await this.#ports.confirmKeyLog(answer.upTo, known);
      break;
    }
    this.#ports.caughtUp();
  }

  async #bring(conv: ConversationId, seq: number): Promise<void> {
    const reached = this.#ports.sink.reached(conv);
    if (reached === null) return this.#ports.sink.introduce(conv, seq);
    // More than the server knows of may be an own message that has just landed, or a server that went back: asked again, it is clear.
    if (reached !== seq) await this.pullToNewest(conv);
  }

  async #takePush(conv: ConversationId, items: readonly Item[]): Promise<void> {
    const reached = this.#ports.sink.reached(conv);
    if (reached === null || !isContiguous(items)) return this.pullToNewest(conv);
    for (const item of items) if (item.seq <= reached) await this.#ports.sink.compare(conv, item);
    const fresh = items.filter((item) => item.seq > reached);
    const first = fresh[0];
    if (!first) return;
    if (first.seq === reached + 1) await this.#ports.sink.ingest(conv, fresh);
    else await this.pullToNewest(conv);
  }

  async #pull(conv: ConversationId, after: number): Promise<ItemsAnswer> {
    const answer = asItems(
      await this.#ports.connection().ask({ t: 'pull', conv, after, limit: MAX_ITEMS_PER_FRAME }),
    );
    const items = answer.items.filter((item, index) => item.seq === after + 1 + index);
    // What follows a hole is not taken: the next question asks for the missing item.
    return { newest: answer.newest, items };
  }

  #confirmSoon(): void {
    if (this.#cancelConfirm) return;
    this.#cancelConfirm = this.#ports.timers.after(CONFIRM_MS, () => {
      this.#cancelConfirm = null;
      if (this.#ports.connection().isOnline) void this.catchUp();
    });
  }

  #scheduleHeartbeat(): void {
    this.#cancelHeartbeat();
    if (this.#stopped) return;
    this.#cancelHeartbeat = this.#ports.timers.after(HEARTBEAT_MS, () => {
      if (this.#ports.connection().isOnline) void this.catchUp();
      else this.#scheduleHeartbeat();
    });
  }
}

export function asItems(answer: Answer): ItemsAnswer {
  if ('items' in answer) return answer as ItemsAnswer;
  throw new ClientError('wire.schema', 'items');
}

function isContiguous(items: readonly Item[]): boolean {
  return items.every((item, index) => item.seq === (items[0] as Item).seq + index);
}

/** At most `width` at a time; the first failure is thrown after the others have ended. */
export async function inParallel<T>(
  list: readonly T[],
  width: number,
  task: (value: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failure: { readonly of: unknown } | null = null;
  const worker = async (): Promise<void> => {
    while (next < list.length) {
      const value = list[next++] as T;
      await task(value).catch((error: unknown) => {
        failure ??= { of: error };
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, list.length) }, worker));
  if (failure) throw (failure as { readonly of: unknown }).of;
}
