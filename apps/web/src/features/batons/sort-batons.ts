import type { Baton } from '@baton/client';
import { escalatesNow } from '../../design/batons/baton-words.ts';

/** The four parts of the staff home, in the order of attention. */
export interface BatonParts {
  /** Not acknowledged and past its first notice, mine or reached me: the only part that may use a strong colour. */
  readonly now: readonly Baton[];
  /** Handed over to me, not accepted yet. */
  readonly offered: readonly Baton[];
  readonly owe: readonly Baton[];
  readonly waiting: readonly Baton[];
  /** Reached me; somebody else has acknowledged: in sight, and nothing that I owe. */
  readonly others: readonly Baton[];
  readonly ended: readonly Baton[];
}

export function sortBatons(lists: {
  readonly owe: readonly Baton[];
  readonly waiting: readonly Baton[];
  readonly escalated: readonly Baton[];
  readonly ended: readonly Baton[];
}): BatonParts {
  // What I asked for myself may be handed to me as well.
  const offered = [...lists.owe, ...lists.escalated, ...lists.waiting].filter(
    (baton) => baton.offer?.toMe === true,
  );
  const isOffered = (baton: Baton): boolean => offered.includes(baton);
  const reached = lists.escalated.filter((baton) => !isOffered(baton));
  const owe = lists.owe.filter((baton) => !isOffered(baton));
  const urgent = [...owe, ...reached].filter(escalatesNow);
  return {
    now: urgent.toSorted(byUrgency),
    offered,
    owe: owe.filter((baton) => !escalatesNow(baton)),
    waiting: lists.waiting.filter((baton) => !isOffered(baton)),
    others: reached.filter((baton) => !escalatesNow(baton)),
    ended: lists.ended,
  };
}

/** Stat first, then by clock. */
function byUrgency(a: Baton, b: Baton): number {
  return Number(b.contract === 'stat') - Number(a.contract === 'stat') || a.deadline - b.deadline;
}

/** In the order in which they stand on the screen, for J and K. */
export function inOrder(parts: BatonParts): readonly Baton[] {
  return [...parts.now, ...parts.offered, ...parts.owe, ...parts.waiting, ...parts.others, ...parts.ended];
}

/** The one after or before this one; the first where none is chosen. */
export function neighbourOf(list: readonly Baton[], id: string | null, step: 1 | -1): Baton | null {
  if (id === null) return list[0] ?? null;
  const here = list.findIndex((baton) => baton.id === id);
  return list[Math.min(Math.max(here + step, 0), list.length - 1)] ?? null;
}
