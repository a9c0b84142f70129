import type { OrgId } from '@baton/kernel';
import { lookOver } from '../duty/look-over.ts';
import type { Services } from '../server-parts.ts';
import { listOrgs } from '../store/locators.ts';
import { type DueRounds, startDueRounds } from './due-rounds.ts';

type Needs = Parameters<typeof lookOver>[0] & Pick<Services, 'log'>;

/** However little has changed: who is on duty changes with the time of day. */
const ROUND_MS = 60_000;

/** Looks organisations over when something about them has changed (`wake`), and once a minute. */
export function startDutyRounds(needs: Needs): DueRounds {
  const { ports, log } = needs;
  const looked = new Map<OrgId, { atMs: number; version: string }>();
  return startDueRounds({
    ports,
    log,
    event: 'duty round',
    listOrgs: () => listOrgs(needs.db.global),
    async work(org) {
      const book = await needs.duty.refresh(org);
      const version = `${book.keyLog.tree.size}/${book.recordsSize}/${book.keyringEntries}`;
      const before = looked.get(org);
      const nowMs = ports.clock.nowMs();
      if (before?.version === version && nowMs - before.atMs < ROUND_MS) return null;
      await lookOver(needs, org);
      looked.set(org, { atMs: nowMs, version });
      return null;
    },
  });
}
