import type { AccountId, BatonId } from '@baton/kernel';
import type { Baton } from '../api/batons.ts';
import { isClientError } from '../failure.ts';
import type { Connection } from '../sync/connection.ts';
import type { BatonFeed, KnownBaton } from './baton-feed.ts';

export interface TellerPorts {
  readonly me: AccountId;
  readonly feed: BatonFeed;
  readonly connection: () => Connection;
  /** Somebody wants to hand it over to this person. */
  readonly isOfferedToMe: (known: KnownBaton) => boolean;
  readonly view: (known: KnownBaton) => Baton;
  readonly failed: (error: unknown) => void;
}

const MAX_PER_FRAME = 100;

/**
 * Tells screens once of each baton that newly reaches this person, and then confirms it to the server, so that no other way is tried. Without
 * anybody who listens nothing is confirmed: a baton that nobody was shown has not reached anybody.
 */
export class ReachedTeller {
  readonly #ports: TellerPorts;
  readonly #listeners = new Set<(baton: Baton) => void>();
  readonly #unconfirmed = new Map<BatonId, number>();

  constructor(ports: TellerPorts) {
    this.#ports = ports;
  }

  listen(listener: (baton: Baton) => void): () => void {
    this.#listeners.add(listener);
    // What came before anybody listened is told now.
    this.look(this.#ports.feed.all());
    return () => this.#listeners.delete(listener);
  }

  look(batons: Iterable<KnownBaton>): void {
    if (this.#listeners.size === 0) return;
    const { me, feed } = this.#ports;
    for (const known of batons) {
      const n = Math.max(
        known.state.reached.get(me) ?? -1,
        offeredBy(known, this.#ports.isOfferedToMe(known)),
      );
      if (n <= known.row.told) continue;
      void feed.saveTold(known.row.baton, n).catch(this.#ports.failed);
      // Somebody was faster, or it was answered while this device was away: there is nothing to be told any more.
      if (known.state.status === 'open' || known.state.offer) {
        const baton = this.#ports.view(known);
        for (const listener of [...this.#listeners]) listener(baton);
      }
      this.#unconfirmed.set(known.row.baton, n);
    }
    void this.confirm().catch(this.#ports.failed);
  }

  /** Says to the server what was shown; what could not be said waits for the next connection. */
  async confirm(): Promise<void> {
    const { connection } = this.#ports;
    const batons = [...this.#unconfirmed].slice(0, MAX_PER_FRAME).map(([baton, n]) => ({ baton, n }));
    if (batons.length === 0 || !connection().isOnline) return;
    try {
      await connection().ask({ t: 'reached', batons });
    } catch (error) {
      if (!isClientError(error)) throw error;
      if (error.retryMs > 0) return;
    }
    for (const { baton, n } of batons)
      if (this.#unconfirmed.get(baton) === n) this.#unconfirmed.delete(baton);
  }
}

/** Position of the standing offer, where it is meant for this person; -1 where none is. */
function offeredBy(known: KnownBaton, isForMe: boolean): number {
  if (!isForMe) return -1;
  return known.events.findLastIndex(({ event }) => event.op.op === 'offer');
}
