import type { ConversationSummary } from '@baton/client';
import { foldText } from '../../design/words/fold-text.ts';

export interface ThreadFilter {
  readonly query: string;
  readonly onlyUnread: boolean;
  /** The open thread stays in the list when reading it makes it read. */
  readonly keep: string | null;
}

export function filterThreads(
  threads: readonly ConversationSummary[],
  { query, onlyUnread, keep }: ThreadFilter,
): readonly ConversationSummary[] {
  const words = foldText(query)
    .split(' ')
    .filter((word) => word !== '');
  if (words.length === 0 && !onlyUnread) return threads;
  return threads.filter((thread) => {
    if (onlyUnread && thread.unread === 0 && thread.id !== keep) return false;
    const text = foldText(
      [thread.title, ...thread.members.map((member) => member.name), thread.preview?.text ?? ''].join(' '),
    );
    return words.every((word) => text.includes(word));
  });
}

/** The thread before or after the selected one; the first when none is. */
export function neighbourOf(
  threads: readonly ConversationSummary[],
  selected: string | null,
  step: 1 | -1,
): ConversationSummary | null {
  const index = threads.findIndex((thread) => thread.id === selected);
  if (index === -1) return threads[0] ?? null;
  return threads[index + step] ?? null;
}
