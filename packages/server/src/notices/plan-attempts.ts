import type { OrgId } from '@baton/kernel';
import type { BatonOp } from '@baton/wire';
import { cancelAttempts, insertAttempts, type NewAttempt } from '../store/attempts.ts';
import type { OrgTransaction } from '../store/database.ts';
import type { BatonHappening, BatonWatch } from './baton-watch.ts';

/** After these nobody needs to be looked for any more: somebody has it in hand, or it has ended. */
const SETTLING: ReadonlySet<BatonOp['op']> = new Set(['acknowledge', 'take', 'accept', 'answer', 'close']);

/**
 * Writes, in the event's own transaction, how each person whom it reaches is going to be reached: the hint on open sockets now, web push and
 * a notice later, unless a device confirms before. Whoever settles the baton stops what is still due for everybody.
 */
export async function planAttempts(trx: OrgTransaction, happening: BatonHappening): Promise<void> {
  const { event, state, reached, times } = happening;
  const { baton } = state;
  const atMs = state.at;
  if (SETTLING.has(event.op.op)) await cancelAttempts(trx, { baton, atMs, outcome: event.op.op });
  else if (event.by !== null)
    await cancelAttempts(trx, { baton, account: event.by, atMs, outcome: event.op.op });
  const rows = [...new Set(reached)].flatMap((account): NewAttempt[] => {
    const row = {
      org: state.org,
      baton,
      n: state.n,
      account,
      contract: state.contract,
      addressed: state.addressed,
      opener: state.opener,
      unit: state.unit,
    };
    return [
      { ...row, channel: 'socket', due_at: atMs },
      { ...row, channel: 'push', due_at: atMs + times.pushMs },
      { ...row, channel: 'text', due_at: atMs + times.textMs },
    ];
  });
  await insertAttempts(trx, rows);
}

/** `planAttempts` for the watch; `wake` hears when the first of them is due (a hint: the sender looks by itself as well). */
export function createAttemptPlanner(wake: (org: OrgId, dueAtMs: number) => void): BatonWatch {
  return {
    async note(trx, happening) {
      await planAttempts(trx, happening);
      if (happening.reached.length === 0) return;
      const { pushMs, textMs } = happening.times;
      wake(happening.state.org, happening.state.at + Math.min(pushMs, textMs));
    },
  };
}
