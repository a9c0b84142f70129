import type { AccountId, OrgId } from '@baton/kernel';
import { findAccount } from '@baton/ledger';
import type { Services } from '../server-parts.ts';
import {
  type Attempt,
  claimAttempts,
  nextAttemptAt,
  type SentChannel,
  settleAttempts,
  type TriedAttempt,
} from '../store/attempts.ts';
import type { OrgTransaction } from '../store/database.ts';
import { describeError } from '../telemetry/logger.ts';

/** What came of one try. `again`: it may work later. The words are closed; they stay in the row. */
export type TryOutcome =
  | { readonly state: 'sent' }
  | {
      readonly state: 'none';
      readonly outcome: 'inactive' | 'no_subscription' | 'no_address' | 'no_channel';
    }
  | { readonly state: 'again'; readonly outcome: 'unreachable' | 'refused_by_service' };

/** One way to reach people: what it needs to know of all of them at once, and how it tries one. */
export interface AttemptWay<Known> {
  readonly channel: SentChannel;
  /** Asked in the transaction that claims the attempts. */
  read(trx: OrgTransaction, org: OrgId, accounts: readonly AccountId[]): Promise<Known>;
  tryOnce(org: OrgId, attempt: Attempt, known: Known): Promise<TryOutcome>;
}

type Needs = Pick<Services, 'db' | 'ports' | 'keyLogs' | 'log' | 'metrics'>;

const BATCH = 100;
/** Longer than any request may take. */
const LEASE_MS = 60_000;
/** Before each further try. After the last one it has failed. */
const PAUSES_MS = [5_000, 15_000, 60_000, 120_000] as const;

/**
 * Sends what is due by one way in an organisation; answers when the next is due. At least once: what a dead process had begun is sent again.
 */
export function createAttemptSender<Known>(
  needs: Needs,
  way: AttemptWay<Known>,
): (org: OrgId) => Promise<number | null> {
  const { db, ports } = needs;
  const { channel } = way;
  return async (org) => {
    for (;;) {
      const nextMs = await db.inOrg(org, (trx) => nextAttemptAt(trx, channel));
      const atMs = ports.clock.nowMs();
      if (nextMs === null || nextMs > atMs) return nextMs;
      const round = await db.inOrg(org, async (trx) => {
        const claimed = await claimAttempts(trx, {
          channel,
          atMs,
          leaseUntilMs: atMs + LEASE_MS,
          limit: BATCH,
        });
        if (claimed.length === 0) return null;
        const accounts = [...new Set(claimed.map(({ account }) => account as AccountId))];
        return { claimed, known: await way.read(trx, org, accounts) };
      });
      // Another process is at it.
      if (round === null) return null;
      const tried = await Promise.all(
        round.claimed.map((attempt) => tryOne(needs, way, { org, attempt, known: round.known })),
      );
      await db.inOrg(org, (trx) => settleAttempts(trx, ports.clock.nowMs(), tried));
    }
  };
}

async function tryOne<Known>(
  needs: Needs,
  way: AttemptWay<Known>,
  at: { readonly org: OrgId; readonly attempt: Attempt; readonly known: Known },
): Promise<TriedAttempt> {
  const { keyLogs, ports, log, metrics } = needs;
  const { org, attempt, known } = at;
  let result: TryOutcome;
  try {
    const account = findAccount(await keyLogs.get(org), attempt.account as AccountId);
    result =
      account?.active === true
        ? await way.tryOnce(org, attempt, known)
        : { state: 'none', outcome: 'inactive' };
  } catch (error) {
    log.warn('background', { event: 'notices', ...describeError(error) });
    result = { state: 'again', outcome: 'unreachable' };
  }
  // A process that died may have sent it already: then the person has it twice, and the row says so.
  const outcome = result.state === 'sent' ? (attempt.repeated ? 'sent_again' : 'sent') : result.outcome;
  metrics.attempt(attempt.channel, outcome);
  if (result.state !== 'again') return { attempt, state: result.state, outcome, dueAtMs: attempt.due_at };
  const pauseMs = PAUSES_MS[attempt.tries - 1];
  if (pauseMs === undefined) return { attempt, state: 'failed', outcome, dueAtMs: attempt.due_at };
  return { attempt, state: 'due', outcome, dueAtMs: ports.clock.nowMs() + pauseMs };
}
