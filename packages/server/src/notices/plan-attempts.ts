import type { OrgId } from '@baton/kernel';
import type { BatonOp } from '@baton/wire';
import {
  type Cancellation,
  cancelAttempts,
  insertAttempts,
  type NewAttempt,
  type SentChannel,
} from '../store/attempts.ts';
import type { OrgTransaction } from '../store/database.ts';
import type { BatonHappening, BatonWatch } from './baton-watch.ts';

/** After these nobody needs to be looked for any more: somebody has it in hand, or it has ended. */
const SETTLING: ReadonlySet<BatonOp['op']> = new Set(['acknowledge', 'take', 'accept', 'answer', 'close']);

/**
 * Writes, in the events' own transaction, how each person whom they reach is going to be reached: the hint on open sockets now, web push and
 * a notice later, unless a device confirms before. Whoever settles a baton stops what is still due for everybody.
 */
async function planAttempts(trx: OrgTransaction, happenings: readonly BatonHappening[]): Promise<void> {
  await cancelAttempts(trx, happenings.flatMap(cancellationsOf));
  await insertAttempts(trx, happenings.flatMap(attemptsOf));
}

function cancellationsOf({ event, state }: BatonHappening): Cancellation[] {
  const { op } = event.op;
  const account = SETTLING.has(op) ? null : event.by;
  if (account === null && !SETTLING.has(op)) return [];
  return [{ baton: state.baton, account, atMs: state.at, outcome: op }];
}

function attemptsOf({ event, state, reached, times }: BatonHappening): NewAttempt[] {
  return [...new Set(reached)].flatMap((account): NewAttempt[] => {
    const row = {
      org: state.org,
      baton: state.baton,
      n: event.n,
      account,
      contract: state.contract,
      addressed: state.addressed,
      opener: state.opener,
      unit: state.unit,
    };
    return [
      { ...row, channel: 'socket', due_at: state.at },
      { ...row, channel: 'push', due_at: state.at + times.pushMs },
      { ...row, channel: 'text', due_at: state.at + times.textMs },
    ];
  });
}

/** `planAttempts` as a watch; `wake` hears when something is going to be due by each way. */
export function createAttemptPlanner(
  wake: (channel: SentChannel, org: OrgId, dueAtMs: number) => void,
): BatonWatch {
  return {
    async note(trx, happenings) {
      await planAttempts(trx, happenings);
      for (const { state, reached, times } of happenings) {
        if (reached.length === 0) continue;
        wake('push', state.org, state.at + times.pushMs);
        wake('text', state.org, state.at + times.textMs);
      }
    },
  };
}
