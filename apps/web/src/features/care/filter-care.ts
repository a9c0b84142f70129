import type { CareThread } from '@baton/client';
import { foldText } from '../../design/words/fold-text.ts';

export const CARE_VIEWS = ['open', 'mine', 'waiting', 'snoozed', 'closed'] as const;
export type CareView = (typeof CARE_VIEWS)[number];

export interface CareFilter {
  readonly view: CareView;
  readonly query: string;
  /** Member ids that stand for me: my account and the roles that I hold. */
  readonly mine: ReadonlySet<string>;
  /** The open thread stays in the list when it changes its place. */
  readonly keep: string | null;
}

/** Order is the desk's own: urgent first, then who waits longest. A search looks through everything. */
export function filterCare(threads: readonly CareThread[], filter: CareFilter): readonly CareThread[] {
  const words = foldText(filter.query)
    .split(' ')
    .filter((word) => word !== '');
  if (words.length > 0) {
    return threads.filter((thread) => {
      const text = foldText(`${thread.name} ${thread.topic ?? ''} ${thread.preview?.text ?? ''}`);
      return words.every((word) => text.includes(word));
    });
  }
  return threads.filter(
    (thread) => isIn(filter.view, thread, filter.mine) || thread.conversation === filter.keep,
  );
}

function isIn(view: CareView, thread: CareThread, mine: ReadonlySet<string>): boolean {
  // Whatever is urgent is seen in every view but those of what is over.
  const isHere = thread.status === 'open' || (thread.urgent && view !== 'snoozed' && view !== 'closed');
  switch (view) {
    case 'open':
      return isHere;
    case 'mine':
      return thread.status !== 'closed' && (thread.owed.mine > 0 || isAssigned(thread, mine));
    case 'waiting':
      return thread.status === 'waiting';
    case 'snoozed':
      return thread.status === 'snoozed';
    case 'closed':
      return thread.status === 'closed';
  }
}

export function countIn(view: CareView, threads: readonly CareThread[], mine: ReadonlySet<string>): number {
  return threads.filter((thread) => isIn(view, thread, mine)).length;
}

function isAssigned({ assignee }: CareThread, mine: ReadonlySet<string>): boolean {
  return assignee !== null && mine.has(assignee.id);
}
