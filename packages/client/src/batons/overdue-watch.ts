import type { AccountId, BatonId, MessageId, TimestampMs } from '@baton/kernel';
import { type BatonFacts, dueBatonOp } from '@baton/policy';
import type { Alarms } from '../alarms/alarms.ts';
import { isClientError } from '../failure.ts';
import type { ServerClock } from '../sync/server-clock.ts';
import type { ItemRow } from '../tables/records.ts';
import type { BatonFeed, KnownBaton } from './baton-feed.ts';

/** So late may a step be before the server is taken to have failed. */
const GRACE_MS = 2 * 60_000;

export interface WatchPorts {
  readonly me: AccountId;
  readonly clock: ServerClock;
  readonly alarms: Alarms;
  readonly feed: BatonFeed;
  readonly facts: () => BatonFacts;
  readonly isOnline: () => boolean;
  /** A batch of things that a person can do about it: who owns it and how to call. */
  readonly describe: (known: KnownBaton) => { readonly owner: string; readonly callback: string | null };
}

/**
 * Watches the server: it runs the timers, and a server that does not is noticed by whoever waits for an answer or owes one. Where something
 * was due for more than two minutes, by the server's own time and while this device was connected, and no event came, it says so.
 */
export class OverdueWatch {
  readonly #ports: WatchPorts;
  /** When something was first seen to be due, and at which event. */
  readonly #due = new Map<BatonId, { readonly n: number; readonly since: TimestampMs }>();
  /** Own messages that ask for something, until their batons are here. */
  readonly #asked = new Map<MessageId, { readonly owners: number; readonly since: TimestampMs }>();

  constructor(ports: WatchPorts) {
    this.#ports = ports;
  }

  /** Rows were stored: own messages that ask for something must get batons. */
  take(rows: readonly ItemRow[]): void {
    const { me, clock } = this.#ports;
    for (const row of rows) {
      if (row.s !== 'message' || row.header.author !== me || row.header.class.contract === 'fyi') continue;
      this.#asked.set(row.header.id, { owners: row.header.class.to.length, since: clock.nowMs() });
    }
  }

  /** Called every few seconds. */
  async tick(): Promise<void> {
    if (!this.#ports.isOnline()) {
      this.#due.clear();
      return;
    }
    const late = [...this.#lateBatons(), ...this.#missing()];
    if (late.length === 0) return;
    try {
      // It may have come without a word; then it was no more than a lost push.
      await this.#ports.feed.catchUp();
    } catch (error) {
      if (isClientError(error)) return;
      throw error;
    }
    for (const known of this.#lateBatons()) this.#raise(known);
    for (const message of this.#missing()) {
      this.#asked.delete(message);
      this.#ports.alarms.raise({
        code: 'server.internal',
        severity: 'danger',
        about: `baton.missing.${message}`,
        sentence:
          'The server keeps no watch over a message of yours that asks for an answer. Call whoever should answer, and tell your administrator.',
      });
    }
  }

  #lateBatons(): KnownBaton[] {
    const { feed, me, clock } = this.#ports;
    const facts = this.#ports.facts();
    const nowMs = clock.nowMs();
    const late: KnownBaton[] = [];
    for (const known of feed.all()) {
      const { state } = known;
      const { baton, n } = state;
      const isMine = state.opener === me || state.owner === me || state.reached.has(me);
      if (state.ended || !isMine || dueBatonOp(state, facts, nowMs) === null) {
        this.#due.delete(baton);
        continue;
      }
      const seen = this.#due.get(baton);
      if (seen?.n !== n) this.#due.set(baton, { n, since: nowMs });
      else if (nowMs - seen.since > GRACE_MS) late.push(known);
    }
    return late;
  }

  #missing(): MessageId[] {
    const { feed, clock } = this.#ports;
    const missing: MessageId[] = [];
    for (const [message, { owners, since }] of this.#asked) {
      if (feed.ofMessage(message).length >= owners) this.#asked.delete(message);
      else if (clock.nowMs() - since > GRACE_MS) missing.push(message);
    }
    return missing;
  }

  #raise(known: KnownBaton): void {
    const { owner, callback } = this.#ports.describe(known);
    const { baton, n } = known.state;
    this.#ports.alarms.raise({
      code: 'server.internal',
      severity: 'danger',
      about: `baton.${baton}.late.${n}`,
      sentence: `The server did not escalate a message that waits for ${owner}. Call ${callback ?? 'them'} now, and tell your administrator.`,
    });
  }
}
