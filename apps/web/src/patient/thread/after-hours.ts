import type { TimelineItem, TimelineMessage } from '@baton/client';
import type { PracticeCard } from '@baton/wire';
import { openingAt } from './opening-hours.ts';

/** As with texts (docs/protocol/patients.md §4): the practice's words for closed hours are said once in fifteen minutes. */
const ONCE_IN_MS = 15 * 60_000;

/**
 * Own messages under which the practice's words for closed hours stand: the first one that was written out of hours, and the next one fifteen
 * minutes later or more. An urgent one has the emergency notice in their place, and goes to who is called at night; a programme's question has
 * been answered by its answer.
 */
export function afterHoursUnder(
  items: readonly TimelineItem[],
  card: Pick<PracticeCard, 'hours'> | null,
): ReadonlySet<string> {
  const under = new Set<string>();
  let last = Number.NEGATIVE_INFINITY;
  if (card === null) return under;
  for (const item of items) {
    if (item.type !== 'message' || !isAnswered(item) || item.at - last < ONCE_IN_MS) continue;
    if (openingAt(card.hours, item.at)?.open !== false) continue;
    under.add(item.id);
    last = item.at;
  }
  return under;
}

/** A text has had its answer by text, which stands in the thread; what did not go out has none. */
function isAnswered({ mine, via, answers, flags, contract, state, withdrawn }: TimelineMessage): boolean {
  const isUrgent = contract === 'stat' || flags.length > 0;
  return mine && via === null && answers === null && !isUrgent && state !== 'failed' && withdrawn === null;
}
