import { isId, type MessageId, type OrgId, parseBatonId } from '@baton/kernel';
import { openBatonsOf } from '../batons/open-batons.ts';
import type { OpenDesk } from '../batons/baton-desk.ts';
import type { Services } from '../server-parts.ts';
import {
  type DueSubject,
  listDueOrgs,
  listDueSubjects,
  nextTimerAt,
  postponeTimer,
  removeTimers,
} from '../store/timers.ts';
import { describeError } from '../telemetry/logger.ts';
import { createTroubles, type Troubles } from './troubles.ts';

type Needs = Pick<Services, 'db' | 'ports' | 'batons' | 'log' | 'metrics'>;

export interface BatonClock {
  stop(): Promise<void>;
}

/** Between two looks at the times of all organisations. */
const LONGEST_PAUSE_MS = 250;
const SHORTEST_PAUSE_MS = 10;
/** One transaction's share: the organisation's lock is held for as long as these take. */
const MAX_SUBJECTS = 200;

/**
 * Fires what is due (docs/protocol/batons.md §4): from the database only, so that a restart finds everything, and under the organisation's lock,
 * so that of several processes one does it. Also opens what a process that died has left to be opened.
 */
export function startBatonClock(needs: Needs): BatonClock {
  const { ports } = needs;
  let stopped = false;
  let cancel: () => void = () => {};
  let round: Promise<void> = Promise.resolve();
  const troubles = createTroubles();

  function plan(delayMs: number): void {
    if (stopped) return;
    cancel = ports.timers.after(delayMs, () => {
      round = fireDue(needs, troubles, () => stopped)
        .catch((error: unknown) => {
          needs.log.error('background', { event: 'baton clock', ...describeError(error) });
          return LONGEST_PAUSE_MS;
        })
        .then(plan);
    });
  }

  plan(0);
  return {
    async stop() {
      stopped = true;
      cancel();
      await round;
    },
  };
}

/** Fires everything that is due now, in all organisations; answers how long nothing is. */
async function fireDue(needs: Needs, troubles: Troubles, isStopped: () => boolean): Promise<number> {
  for (;;) {
    const atMs = needs.ports.clock.nowMs();
    const paused = new Set(troubles.pausedOrgs(atMs));
    const orgs = (await listDueOrgs(needs.db, atMs)).filter(({ org }) => !paused.has(org));
    if (orgs.length === 0 || isStopped()) break;
    let done = 0;
    for (const { org } of orgs) {
      if (isStopped()) return LONGEST_PAUSE_MS;
      // One organisation's trouble is not another's.
      done += await fireOrg(needs, troubles, org).catch((error: unknown) => {
        needs.log.error('background', { event: 'baton clock', ...describeError(error) });
        return 0;
      });
    }
    if (done === 0) return LONGEST_PAUSE_MS;
  }
  const next = await nextTimerAt(needs.db, troubles.pausedOrgs(needs.ports.clock.nowMs()));
  const aheadMs = next === null ? LONGEST_PAUSE_MS : next - needs.ports.clock.nowMs();
  return Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, aheadMs));
}

/** One share of an organisation's due batons; where they fail together each is tried by itself. Answers how many were looked at. */
async function fireOrg(needs: Needs, troubles: Troubles, org: OrgId): Promise<number> {
  try {
    return await needs.batons.change(org, async (desk) => {
      const due = await listDueSubjects(desk.trx, { org, atMs: desk.atMs, limit: MAX_SUBJECTS });
      await fire(needs, desk, due);
      return due.length;
    });
  } catch (error) {
    needs.log.error('background', { event: 'baton clock batch', ...describeError(error) });
  }
  const atMs = needs.ports.clock.nowMs();
  try {
    await needs.batons.change(org, async () => {});
  } catch (error) {
    // Not one of its batons: the organisation itself, its lock or the database. Nothing of it is put off for that.
    troubles.pauseOrg(org, atMs);
    throw error;
  }
  const due = await needs.db.inOrg(org, (trx) => listDueSubjects(trx, { org, atMs, limit: MAX_SUBJECTS }));
  for (const subject of due) {
    try {
      await needs.batons.change(org, (desk) => fire(needs, desk, [subject]));
      troubles.worked(subject.subject);
    } catch (error) {
      needs.metrics.timerFailed();
      needs.log.error('background', { event: 'baton timer', ...describeError(error) });
      const pauseMs = troubles.pauseOf(subject.subject);
      const later = { org, subject: subject.subject, atMs: needs.ports.clock.nowMs() + pauseMs };
      await needs.db.inOrg(org, (trx) => postponeTimer(trx, later));
    }
  }
  return due.length;
}

async function fire(needs: Needs, desk: OpenDesk, due: readonly DueSubject[]): Promise<void> {
  const messages = due.filter(({ subject }) => isId('message', subject));
  await openBatonsOf(
    needs,
    desk,
    messages.map(({ subject }) => subject as MessageId),
  );
  const batons = due.flatMap(({ subject }) => parseBatonId(subject) ?? []);
  const states = await desk.load(batons);
  for (const [, state] of states) await desk.settle(state);
  const orphans = due.filter(({ subject }) => (isId('message', subject) ? false : !states.has(subject)));
  const without = [
    ...orphans.map(({ subject }) => subject),
    // Opened by somebody else between the question and the lock.
    ...messages.map(({ subject }) => subject),
  ];
  if (without.length > 0) await removeTimers(desk.trx, desk.book.org, without);
  for (const { at } of due) if (at <= desk.atMs) needs.metrics.timerFired(desk.atMs - at);
}
