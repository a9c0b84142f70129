import type { OrgId } from '@baton/kernel';

/** What failed lately, and how long it is left alone. A memory of this process only: the first try after a start comes at once. */
export interface Troubles {
  /** Nothing of this organisation works: it is left alone for a while. */
  pauseOrg(org: OrgId, atMs: number): void;
  pausedOrgs(atMs: number): OrgId[];
  /** How long until one that failed by itself is tried again: short at first, since most failures pass. */
  pauseOf(subject: string): number;
  worked(subject: string): void;
}

const ORG_PAUSE_MS = 2000;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
const MAX_REMEMBERED = 10_000;

export function createTroubles(): Troubles {
  const orgs = new Map<OrgId, number>();
  const failures = new Map<string, number>();
  return {
    pauseOrg: (org, atMs) => void orgs.set(org, atMs + ORG_PAUSE_MS),
    pausedOrgs(atMs) {
      for (const [org, untilMs] of orgs) if (untilMs <= atMs) orgs.delete(org);
      return [...orgs.keys()];
    },
    pauseOf(subject) {
      if (failures.size >= MAX_REMEMBERED) failures.clear();
      const before = failures.get(subject) ?? 0;
      failures.set(subject, before + 1);
      return Math.min(FIRST_PAUSE_MS * 2 ** before, LONGEST_PAUSE_MS);
    },
    worked: (subject) => void failures.delete(subject),
  };
}
