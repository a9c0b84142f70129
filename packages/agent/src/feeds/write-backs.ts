import type { Appointment, AppointmentsValue, WriteBack } from '@baton/wire';
import type { KeptValue } from '../session/named-values.ts';
import type { FeedPorts } from './feed-ports.ts';
import { Soonest } from './soonest.ts';

const FIRST_RETRY_MS = 5000;
const LAST_RETRY_MS = 15 * 60_000;
/** Then a person has to do it; until then the record system may only have been away. */
const MOST_TRIES = 40;

/** What became of an offer. `later`: the record system is not there now. `refused`: it will not have it, whoever asks again. */
export type EhrOutcome = { readonly t: 'taken' } | { readonly t: 'refused' | 'later'; readonly code: string };

/**
 * Port to a record system that takes changes of visits. An offer may come twice: the adapter makes sure that it has the same effect once. `code` is for
 * staff: words and numbers of the interface, nothing of a patient.
 */
export interface EhrAdapter {
  offer(change: WriteBack, visit: Appointment): Promise<EhrOutcome>;
}

/** Offers what Baton changed of a feed's visits to the system that they came from (docs/protocol/programmes.md §1); says so where nothing takes it. */
export class WriteBacks {
  readonly #ports: FeedPorts;
  readonly #adapter: EhrAdapter | null;
  /** By appointment: when it is offered next. */
  readonly #waiting = new Map<string, { readonly dueAt: number }>();
  readonly #next: Soonest;
  #off: () => void = () => {};
  #acting = false;

  /** Without an adapter each change is marked as one that a person has to make over there. */
  constructor(ports: FeedPorts, adapter: EhrAdapter | null) {
    this.#ports = ports;
    this.#adapter = adapter;
    this.#next = new Soonest(ports.context, () => this.#work());
  }

  /** While this station acts. `known`: all values, read after this was called. */
  async start(known: Promise<readonly KeptValue<AppointmentsValue>[]>): Promise<void> {
    this.#acting = true;
    this.#next.start();
    this.#off = this.#ports.values.subscribe((stored) => {
      for (const value of stored) this.#note(value);
    });
    for (const { value } of await known) this.#note(value);
  }

  async stop(): Promise<void> {
    this.#acting = false;
    this.#off();
    await this.#next.stop();
  }

  #note(value: AppointmentsValue): void {
    if (value.t !== 'write-back' || value.state !== 'waiting') return;
    // One that is tried again waits for its time; a new change does not.
    if (value.tries > 0 && this.#waiting.has(value.appointment)) return;
    this.#waiting.set(value.appointment, { dueAt: this.#ports.context.clock.nowMs() });
    this.#next.in(0);
  }

  async #work(): Promise<void> {
    const { clock, lease } = this.#ports.context;
    for (const [id, turn] of [...this.#waiting]) {
      if (!this.#acting || !lease.isHeld) return;
      if (turn.dueAt > clock.nowMs()) continue;
      const againMs = await this.#offer(id).catch(() => FIRST_RETRY_MS);
      // Changed again while it was offered: that change has a turn of its own.
      if (this.#waiting.get(id) !== turn) continue;
      if (againMs === null) this.#waiting.delete(id);
      else this.#waiting.set(id, { dueAt: clock.nowMs() + againMs });
    }
    for (const { dueAt } of this.#waiting.values()) this.#next.in(Math.max(0, dueAt - clock.nowMs()));
  }

  /** Milliseconds until it is tried again; null: nothing more to do. */
  async #offer(id: string): Promise<number | null> {
    const { context, values, feed } = this.#ports;
    const change = (await values.get(`write-back:${id}`))?.value;
    if (change?.t !== 'write-back' || change.state !== 'waiting') return null;
    const visit = (await values.get(`appointment:${id}`))?.value;
    // Visits of other sources are for whoever speaks to those.
    if (visit?.t !== 'appointment' || visit.source.kind !== feed) return null;
    context.lease.requireHeld();
    const outcome = this.#adapter === null ? null : await this.#adapter.offer(change, visit);
    const isGivenUp = outcome?.t === 'later' && change.tries + 1 >= MOST_TRIES;
    const isLater = outcome?.t === 'later' && !isGivenUp;
    const state =
      outcome === null ? 'no-adapter' : outcome.t === 'taken' ? 'taken' : isLater ? 'waiting' : 'refused';
    const code = outcome === null || outcome.t === 'taken' ? null : outcome.code.slice(0, 120);
    await values.update(`write-back:${id}`, (newest) => {
      // Changed again in the meantime: the newer one is still to be offered.
      if (newest?.value.t !== 'write-back' || !isSameChange(newest.value, change)) return null;
      return { ...newest.value, state, code, tries: change.tries + 1 };
    });
    const newest = (await values.get(`write-back:${id}`))?.value;
    if (newest?.t !== 'write-back' || newest.state !== 'waiting') return null;
    return isLater ? Math.min(FIRST_RETRY_MS * 2 ** Math.min(change.tries, 8), LAST_RETRY_MS) : 0;
  }
}

function isSameChange(a: WriteBack, b: WriteBack): boolean {
  return (
    a.at === b.at && a.status === b.status && a.answer === b.answer && a.start === b.start && a.end === b.end
  );
}
