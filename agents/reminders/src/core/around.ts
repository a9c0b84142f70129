import type { ValueFeed } from '@baton/agent';
import type { AppointmentsValue, TextingValue } from '@baton/wire';
import type { People } from './people.ts';
import type { ReminderPorts } from './ports.ts';
import type { Say } from './say.ts';
import type { VisitIndex } from './visit-index.ts';

/** What every part of the core works with. */
export interface Around {
  readonly ports: ReminderPorts;
  readonly index: VisitIndex;
  readonly people: People;
  readonly say: Say;
  readonly book: Book;
}

/** Reading what the server has now need not be asked more often than this. */
const FRESH_MS = 1500;

/** Writes to the collection `appointments`; what was written is in the index when it resolves. */
export class Book {
  readonly #ports: Pick<ReminderPorts, 'appointments' | 'lease' | 'clock'>;
  readonly #feeds: {
    readonly appointments: ValueFeed<AppointmentsValue>;
    readonly texting: ValueFeed<TextingValue>;
  };
  #freshAt = Number.NEGATIVE_INFINITY;

  constructor(
    ports: Pick<ReminderPorts, 'appointments' | 'lease' | 'clock'>,
    feeds: { readonly appointments: ValueFeed<AppointmentsValue>; readonly texting: ValueFeed<TextingValue> },
  ) {
    this.#ports = ports;
    this.#feeds = feeds;
  }

  /** What the server has at this moment, or had a moment ago. Throws while it cannot be reached. */
  async fresh(): Promise<void> {
    const nowMs = this.#ports.clock.nowMs();
    if (nowMs - this.#freshAt >= FRESH_MS || nowMs < this.#freshAt) {
      await Promise.all([this.#feeds.appointments.newest(), this.#feeds.texting.newest()]);
      this.#freshAt = nowMs;
    }
    await this.current();
  }

  async current(): Promise<void> {
    await Promise.all([this.#feeds.appointments.current(), this.#feeds.texting.current()]);
  }

  /**
   * Compare-and-set of one value: `decide` answers the value to write, null to leave it. Answers what lies there afterwards, and whether this
   * call wrote it.
   */
  async change<T extends AppointmentsValue['t']>(
    t: T,
    key: string,
    decide: (
      newest: Extract<AppointmentsValue, { t: T }> | null,
    ) => Extract<AppointmentsValue, { t: T }> | null,
  ): Promise<{ readonly value: Extract<AppointmentsValue, { t: T }> | null; readonly isWritten: boolean }> {
    type Value = Extract<AppointmentsValue, { t: T }>;
    let value: Value | null = null;
    this.#ports.lease.requireHeld();
    const isWritten = await this.#ports.appointments.update(key, (kept) => {
      const newest = kept?.value.t === t ? (kept.value as Value) : null;
      const next = decide(newest);
      value = next ?? newest;
      return next;
    });
    await this.#feeds.appointments.current();
    return { value, isWritten };
  }
}
