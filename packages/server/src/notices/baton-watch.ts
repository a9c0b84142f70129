import type { AccountId } from '@baton/kernel';
import type { BatonState } from '@baton/policy';
import type { BatonEvent } from '@baton/wire';
import type { OrgTransaction } from '../store/database.ts';

/** After an event that reaches somebody, what is tried next where no device has confirmed; milliseconds. */
export interface NoticeTimes {
  readonly pushMs: number;
  readonly textMs: number;
}

/** One event of a baton, seen from inside the transaction that writes it. */
export interface BatonHappening {
  readonly event: BatonEvent;
  /** After the event. */
  readonly state: BatonState;
  /** Whom this event reaches: those it names, or whom its offer stands for; empty for an event that reaches nobody. */
  readonly reached: readonly AccountId[];
  /** The organisation's, for this contract. */
  readonly times: NoticeTimes;
}

/**
 * Told of all events of all batons within the transaction that writes them (together where several are written together), so that what
 * follows from them is written with them or not at all.
 */
export interface BatonWatch {
  note(trx: OrgTransaction, happenings: readonly BatonHappening[]): Promise<void>;
}

/** Several as one, in order. */
export function joinWatches(watches: readonly BatonWatch[]): BatonWatch {
  return {
    async note(trx, happenings) {
      for (const watch of watches) await watch.note(trx, happenings);
    },
  };
}
