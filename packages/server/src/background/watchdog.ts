import type { OrgId } from '@baton/kernel';
import type { Services } from '../server-parts.ts';
import { appendAudit } from '../store/audit.ts';
import { alarmForgotten } from '../store/batons.ts';
import { listOrgs } from '../store/locators.ts';
import { lockOrg } from '../store/organisations.ts';
import { markStale } from '../store/timers.ts';
import { describeError } from '../telemetry/logger.ts';

type Needs = Pick<Services, 'db' | 'ports' | 'log' | 'metrics'>;

const ROUND_MS = 30_000;
/** A stat baton that nobody has acknowledged is never left alone for longer (standards: escalation engine defaults). */
const WATCHDOG_MS = 2 * 60_000;

/**
 * Looks, apart from the timers that it watches, for stat batons that nobody has acknowledged and for which nothing was tried: tells the operator
 * and has the clock look at them anew (docs/protocol/batons.md §4).
 */
export function startWatchdog(needs: Needs): { stop(): Promise<void> } {
  let stopped = false;
  let round: Promise<void> = Promise.resolve();
  let cancel = plan();

  function plan(): () => void {
    return needs.ports.timers.after(ROUND_MS, () => {
      round = watchAll(needs).then(
        () => {},
        (error: unknown) => needs.log.error('background', { event: 'watchdog', ...describeError(error) }),
      );
      void round.then(() => {
        if (!stopped) cancel = plan();
      });
    });
  }

  return {
    async stop() {
      stopped = true;
      cancel();
      await round;
    },
  };
}

/** Answers how many were forgotten. */
export async function watchAll(needs: Needs): Promise<number> {
  let forgotten = 0;
  // One organisation's trouble is not another's.
  for (const org of await listOrgs(needs.db.global))
    forgotten += await watch(needs, org).catch((error: unknown) => {
      needs.log.error('background', { event: 'watchdog', ...describeError(error) });
      return 0;
    });
  return forgotten;
}

async function watch(needs: Needs, org: OrgId): Promise<number> {
  const { db, ports, log, metrics } = needs;
  const batons = await db.inOrg(org, async (trx) => {
    const locked = await lockOrg(trx, org);
    const atMs = Math.max(ports.clock.nowMs(), locked.last_ts);
    const found = await alarmForgotten(trx, { org, triedBefore: atMs - WATCHDOG_MS, atMs });
    if (found.length === 0) return found;
    await markStale(trx, org, found);
    await appendAudit(
      trx,
      { org, atMs },
      found.map((baton) => ({
        actor: null,
        session: null,
        action: 'baton.watchdog',
        object: baton,
        outcome: 'failed' as const,
        code: null,
      })),
    );
    return found;
  });
  if (batons.length === 0) return 0;
  metrics.watchdogAlarm(batons.length);
  log.error('background', { event: 'watchdog: stat without an attempt', count: batons.length });
  return batons.length;
}
