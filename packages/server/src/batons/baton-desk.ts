import type { AccountId, BatonId, MessageId, OrgId } from '@baton/kernel';
import { type BatonState, dueBatonOp, nextBatonTimer, policyOf } from '@baton/policy';
import type { ServerKeys } from '../adapters/server-keys.ts';
import { ApiError } from '../api-error.ts';
import type { DutyBook, DutyBooks } from '../duty/duty-books.ts';
import type { BatonWatch } from '../notices/baton-watch.ts';
import type { Ports } from '../ports.ts';
import { findBatons, type NewBatonRow, writeBatons } from '../store/batons.ts';
import type { Database, OrgTransaction } from '../store/database.ts';
import { lockOrg } from '../store/organisations.ts';
import { decodeBaton, encodeBaton } from './baton-codec.ts';
import { type Chain, type PlannedEvent, signServerEvent } from './sign-event.ts';

/** An event with its place in the organisation's feed, and whom it reaches. */
export interface BatonChange extends PlannedEvent {
  readonly pos: number;
  readonly reached: readonly AccountId[];
}

/** What one transaction did to an organisation's batons. */
export interface BatonChanges {
  readonly org: OrgId;
  readonly book: DutyBook;
  readonly changes: readonly BatonChange[];
}

/** Batons of one organisation, under its lock: nobody else changes them, its records or its members until the transaction ends. */
export interface OpenDesk {
  readonly trx: OrgTransaction;
  readonly book: DutyBook;
  /** Commit time; never before that of anything committed. */
  readonly atMs: number;
  /** As stored, or as this transaction has changed them; those that exist. */
  load(batons: readonly BatonId[]): Promise<Map<BatonId, BatonState>>;
  /** A person's event that was judged, and the state after it; answers its place in the feed. */
  put(planned: PlannedEvent): number;
  /** An event of the server's own; `atMs` for one that is told of an earlier moment (the message's commit). */
  sign(chain: Chain, op: Parameters<typeof signServerEvent>[2]['op'], atMs?: number): Promise<BatonState>;
  /** Everything that is due now, one event after the other, until the baton has a time ahead (docs/protocol/batons.md §4). */
  settle(state: BatonState): Promise<BatonState>;
  /** All batons of this message are open now. */
  opened(message: MessageId): void;
}

/** The one way in which batons change. */
export interface BatonDesk {
  /** Runs the work under the organisation's lock and commits what it did; again from the start where its view was old. */
  change<T>(org: OrgId, work: (desk: OpenDesk) => Promise<T>): Promise<T>;
}

interface Needs {
  readonly db: Database;
  readonly ports: Ports;
  readonly keys: ServerKeys;
  readonly duty: DutyBooks;
  /** Told within the transaction. */
  readonly watch: BatonWatch;
  /** Told after the commit. */
  readonly publish: (changes: BatonChanges) => void;
}

const ATTEMPTS = 6;
/** More events than this in one moment are no course of a baton but a fault. */
const MAX_DUE = 64;
const STALE = Symbol('stale');

export function createBatonDesk(needs: Needs): BatonDesk {
  return {
    async change(org, work) {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        const book = await (attempt === 1 ? needs.duty.get(org) : needs.duty.refresh(org));
        const result = await needs.db.inOrg(org, async (trx) => {
          const locked = await lockOrg(trx, org);
          if (!needs.duty.isCurrent(book, locked)) return STALE;
          const atMs = Math.max(needs.ports.clock.nowMs(), locked.last_ts);
          const draft = createDraft(needs, { trx, book, atMs, pos: locked.baton_pos });
          const value = await work(draft.desk);
          const changes = await draft.write();
          return { value, changes };
        });
        if (result === STALE) continue;
        if (result.changes.length > 0) needs.publish({ org, book, changes: result.changes });
        return result.value;
      }
      throw new ApiError('limit.busy', '', 200);
    },
  };
}

function createDraft(
  needs: Needs,
  at: Pick<OpenDesk, 'trx' | 'book' | 'atMs'> & { readonly pos: number },
): { desk: OpenDesk; write(): Promise<BatonChange[]> } {
  const { trx, book, atMs, pos } = at;
  const { facts, org } = book;
  const states = new Map<BatonId, BatonState>();
  /** Looked at: its timer is written anew even where nothing happened to it. */
  const touched = new Set<BatonId>();
  const planned: PlannedEvent[] = [];
  const done: MessageId[] = [];

  function put(event: PlannedEvent): number {
    states.set(event.state.baton, event.state);
    touched.add(event.state.baton);
    return at.pos + planned.push(event);
  }

  async function sign(chain: Chain, op: PlannedEvent['event']['op'], when = atMs): Promise<BatonState> {
    const event = await signServerEvent(needs, chain, { op, atMs: when });
    put(event);
    return event.state;
  }

  const desk: OpenDesk = {
    trx,
    book,
    atMs,
    async load(batons) {
      const missing = batons.filter((baton) => !states.has(baton));
      for (const [baton, row] of await findBatons(trx, missing)) states.set(baton, decodeBaton(row.state));
      return new Map(
        batons.flatMap((baton) => {
          const state = states.get(baton);
          return state === undefined ? [] : [[baton, state] as const];
        }),
      );
    },
    put,
    sign,
    async settle(state) {
      let now = state;
      touched.add(state.baton);
      for (let count = 0; count < MAX_DUE; count++) {
        const op = dueBatonOp(now, facts, atMs);
        if (op === null) return now;
        now = await sign(now, op);
      }
      throw new Error('a baton does not come to rest');
    },
    opened: (message) => done.push(message),
  };

  async function write(): Promise<BatonChange[]> {
    const changes = planned.map(
      (event, index): BatonChange => ({ ...event, pos: pos + index + 1, reached: reachedBy(event, book) }),
    );
    if (touched.size === 0 && done.length === 0) return changes;
    const newest = new Map(changes.map((change) => [change.state.baton, change]));
    const tried = new Set(changes.flatMap(({ reached, state }) => (reached.length > 0 ? [state.baton] : [])));
    await writeBatons(trx, {
      org,
      lastTs: atMs,
      pos: pos + changes.length,
      events: changes.map(({ event, hash, body, at: when, pos: place }) => ({
        baton: event.baton,
        n: event.n,
        hash,
        body,
        at: when,
        pos: place,
      })),
      batons: [...newest.values()].map(({ state, pos: place }) =>
        rowOf(state, { pos: place, triedAt: tried.has(state.baton) ? atMs : null }),
      ),
      timers: [...touched].flatMap((baton) => {
        const state = states.get(baton);
        return state === undefined ? [] : [{ baton, nextAt: nextBatonTimer(state, facts, atMs) }];
      }),
      reached: changes.flatMap((change) =>
        seenBy(change, book).map((account) => ({ baton: change.state.baton, account })),
      ),
      opened: done,
    });
    await needs.watch.note(
      trx,
      changes.map(({ event, state, reached }) => ({ event, state, reached, times: timesOf(state, book) })),
    );
    return changes;
  }

  return { desk, write };
}

/** Those whom the event names; with an offer, those for whom the offered one stands. */
function reachedBy({ event, at }: PlannedEvent, book: DutyBook): readonly AccountId[] {
  const { op } = event;
  if ('reached' in op) return op.reached;
  return op.op === 'offer' ? book.facts.holders(op.to, at) : [];
}

/** Whom it reaches, and everybody for whom it is to see to now: they go on seeing it when it has moved on to somebody else. */
function seenBy({ state, at, reached }: BatonChange, book: DutyBook): readonly AccountId[] {
  const { facts } = book;
  const owners = state.offer === null ? [state.owner] : [state.owner, state.offer.to];
  const standing = owners.flatMap((owner) => [...facts.holders(owner, at), ...facts.allHolders(owner)]);
  return [...new Set([...reached, ...standing])];
}

function timesOf(state: BatonState, book: DutyBook): { pushMs: number; textMs: number } {
  return policyOf(book.records)?.notices[state.contract] ?? { pushMs: 0, textMs: 0 };
}

function rowOf(state: BatonState, place: { pos: number; triedAt: number | null }): NewBatonRow {
  return {
    ...place,
    baton: state.baton,
    n: state.n,
    head: state.head,
    state: encodeBaton(state),
    conv: state.conv,
    message: state.message,
    opener: state.opener,
    reference: state.reference,
    owner: state.owner,
    offered: state.offer?.to ?? null,
    contract: state.contract,
    status: state.status,
    opened_at: state.openedAt,
    at: state.at,
  };
}
