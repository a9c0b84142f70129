import type { OrgId } from '@baton/kernel';
import type { Services } from '../server-parts.ts';
import { listOrgs } from '../store/locators.ts';
import { sweepExpired } from '../store/one-time.ts';
import { lockOrg } from '../store/organisations.ts';
import { describeError } from '../telemetry/logger.ts';
import { checkpointAudit } from '../use-cases/audit-trail.ts';
import { OPEN_LIFE_MS, sweepStaged, sweepUploads } from '../use-cases/sweep-uploads.ts';

type Needs = Pick<Services, 'db' | 'ports' | 'keys' | 'keyLogs' | 'treeHeads' | 'log' | 'blobs'>;

const ROUND_MS = 60_000;
/** Rounds between looks at what lies where files are put together. */
const STAGED_ROUNDS = 60;

/** Once a minute: signs heads and audit checkpoints of what changed, and sweeps out what has expired. */
export function startHousekeeping(needs: Needs): { stop(): Promise<void> } {
  let stopped = false;
  let round: Promise<void> = Promise.resolve();
  let rounds = 0;
  let cancel = schedule();

  function schedule(): () => void {
    return needs.ports.timers.after(ROUND_MS, () => {
      round = keepRound(needs, rounds++ % STAGED_ROUNDS === 0).catch((error: unknown) =>
        needs.log.error('background', { event: 'housekeeping', ...describeError(error) }),
      );
      void round.then(() => {
        if (!stopped) cancel = schedule();
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

async function keepRound(needs: Needs, looksAtStaged: boolean): Promise<void> {
  await keepHouse(needs);
  if (looksAtStaged) await sweepStaged(needs, needs.ports.clock.nowMs() - OPEN_LIFE_MS);
}

async function keepHouse(needs: Needs): Promise<void> {
  for (const org of await listOrgs(needs.db.global)) {
    await signHead(needs, org);
    await checkpointAudit(needs, org);
    await sweepUploads(needs, org, needs.ports.clock.nowMs());
  }
  await sweepExpired(needs.db.global, needs.ports.clock.nowMs());
}

async function signHead(needs: Needs, org: OrgId): Promise<void> {
  const keyLog = await needs.keyLogs.refresh(org);
  await needs.db.inOrg(org, async (trx) => {
    const locked = await lockOrg(trx, org);
    // Grown in between: whoever appended has signed a head.
    if (locked.keylog_size !== keyLog.tree.size) return;
    await needs.treeHeads.sign(trx, locked, keyLog);
  });
}
