import { createHash } from 'node:crypto';
import { type AccountId, type BatonId, type Bytes, isId, type RoleId } from '@baton/kernel';
import { openBatonEvent } from '@baton/ledger';
import { applyBatonEvent, type BatonState, defaultLadders } from '@baton/policy';
import type { BatonOp } from '@baton/wire';
import type pg from 'pg';
import type { ReplayedBaton } from '../report.ts';

/** The shortest repeat of the ladders in force. */
const LEAST_REPEAT_MS = Math.min(...Object.values(defaultLadders()).map(({ repeatMs }) => repeatMs));

/** A baton as the server's log of events has it. */
export interface LoggedBaton extends ReplayedBaton {
  state: BatonState;
  acknowledgedAfterMs: number | null;
  steps: number;
  reachedSupervisor: boolean;
  /** Events that a client shows as lines. */
  lines: number;
  /** Steps that are there a second time. Must be none. */
  repeated: number;
  /** When each was last fired. */
  readonly fired: Map<string, number>;
}

export interface LoggedEvent {
  readonly baton: BatonId;
  readonly by: AccountId | null;
  readonly op: BatonOp;
  readonly at: number;
}

/** Reads what the server wrote, past the server: events in the order of its feed, timers, messages that wait to be opened. */
export class ServerBatons {
  readonly batons = new Map<BatonId, LoggedBaton>();
  readonly #database: pg.Pool;
  readonly #supervisor: RoleId;
  #pos = 0;
  #events = 0;

  constructor(database: pg.Pool, supervisor: RoleId) {
    this.#database = database;
    this.#supervisor = supervisor;
  }

  /** Events read so far. */
  get eventCount(): number {
    return this.#events;
  }

  /** Events since the last time. */
  async read(): Promise<LoggedEvent[]> {
    const { rows } = await this.#database.query<{ body: Buffer; at: string; pos: string }>(
      'SELECT body, at, pos FROM baton.baton_events WHERE pos > $1 ORDER BY pos',
      [this.#pos],
    );
    return rows.map(({ body, at, pos }) => {
      this.#pos = Number(pos);
      this.#events += 1;
      return this.#add(body, Number(at));
    });
  }

  #add(body: Buffer, at: number): LoggedEvent {
    const opened = openBatonEvent(sha256, new Uint8Array(body));
    if (!opened.ok) throw new Error(`an event that cannot be read: ${opened.error.code}`);
    const { body: event, hash } = opened.value;
    const before = this.batons.get(event.baton);
    const applied = applyBatonEvent(before?.state ?? null, { event, hash, at });
    if (!applied.ok) throw new Error(`${event.op.op}: ${applied.error.code} at ${applied.error.at}`);
    const logged: LoggedBaton = before ?? {
      state: applied.value,
      acknowledgedAfterMs: null,
      steps: 0,
      reachedSupervisor: false,
      lines: 0,
      repeated: 0,
      fired: new Map(),
    };
    const { op } = event;
    if (op.op === 'step') {
      const key = [logged.state.clockFrom, op.offsetMs, op.target, ...op.reached].join(' ');
      // What a ladder repeats for ever keeps its offset, but not its time.
      if (at - (logged.fired.get(key) ?? -LEAST_REPEAT_MS) < LEAST_REPEAT_MS) logged.repeated += 1;
      logged.fired.set(key, at);
      logged.steps += 1;
    }
    logged.state = applied.value;
    if (op.op !== 'box') logged.lines += 1;
    const { owner, steps, openedAt } = logged.state;
    if (owner === this.#supervisor || steps.target === this.#supervisor) logged.reachedSupervisor = true;
    if (['acknowledge', 'take', 'accept', 'answer'].includes(op.op))
      logged.acknowledgedAfterMs ??= at - openedAt;
    this.batons.set(event.baton, logged);
    return { baton: event.baton, by: event.by, op, at };
  }

  /** Whether everything that is due at this moment was done, and when the next is; null: nothing waits. */
  async look(atMs: number): Promise<{ isSettled: boolean; nextAt: number | null }> {
    const { rows } = await this.#database.query<{ next: string | null; busy: boolean }>(
      `SELECT min(next_at) AS next,
        COALESCE(bool_or(stale OR next_at <= $1), false) OR EXISTS (SELECT FROM baton.baton_openings) AS busy
       FROM baton.timers`,
      [atMs],
    );
    const [row] = rows;
    return {
      isSettled: row?.busy === false,
      nextAt: row?.next === null || row?.next === undefined ? null : Number(row.next),
    };
  }

  /** How many batons these messages made. */
  async countOpened(messages: readonly string[]): Promise<number> {
    const { rows } = await this.#database.query<{ count: string }>(
      'SELECT count(*) AS count FROM baton.batons WHERE message = ANY ($1)',
      [messages],
    );
    return Number(rows[0]?.count ?? 0);
  }

  /** Batons that nobody would ever look at again, or that ended without a person, or whose row says something else than their events. */
  async findWrong(atMs: number): Promise<{ dropped: BatonId[]; unlike: BatonId[] }> {
    const { rows } = await this.#database.query<Row>(
      `SELECT b.baton, b.n, b.owner, b.status, t.next_at AS next
       FROM baton.batons b LEFT JOIN baton.timers t ON t.org = b.org AND t.subject = b.baton`,
    );
    const rowOf = new Map(rows.map((row) => [row.baton, row]));
    const all = [...this.batons.values()];
    const isDropped = ({ state }: LoggedBaton): boolean => {
      if (state.ended !== null) return !isId('account', state.ended.by);
      const next = rowOf.get(state.baton)?.next ?? null;
      return next === null || Number(next) <= atMs;
    };
    const isUnlike = ({ state }: LoggedBaton): boolean => {
      const row = rowOf.get(state.baton);
      return Number(row?.n) !== state.n || row?.owner !== state.owner || row.status !== state.status;
    };
    const idOf = ({ state }: LoggedBaton): BatonId => state.baton;
    return { dropped: all.filter(isDropped).map(idOf), unlike: all.filter(isUnlike).map(idOf) };
  }
}

interface Row {
  readonly baton: string;
  readonly n: string;
  readonly owner: string;
  readonly status: string;
  readonly next: string | null;
}

function sha256(bytes: Bytes): Bytes {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}
