import type { AccountId, ConversationId, TimestampMs } from '@baton/kernel';
import type { Baton, Owner } from '../api/batons.ts';

/** What is owed in one conversation. */
export interface OpenHere {
  readonly all: number;
  readonly mine: number;
  readonly urgent: boolean;
  /** When the oldest message from outside that waits for an answer was committed. */
  readonly waitingSince: TimestampMs | null;
  /** Accountable for the oldest of them. */
  readonly owner: Owner | null;
}

export const NOTHING_OPEN: OpenHere = { all: 0, mine: 0, urgent: false, waitingSince: null, owner: null };

/** Open batons of a conversation and its sidebar as the inbox counts them. Staff's own questions are owed, but keep no patient waiting. Pure. */
export function countOpen(
  batons: readonly Baton[],
  options: { readonly conversation: ConversationId; readonly isOutside: (opener: AccountId) => boolean },
): OpenHere {
  if (batons.length === 0) return NOTHING_OPEN;
  const oldestFirst = [...batons].sort((a, b) => a.openedAt - b.openedAt);
  const waiting = oldestFirst.filter(
    ({ conversation, opener }) =>
      conversation === options.conversation && opener.kind !== 'integration' && options.isOutside(opener.id),
  );
  return {
    all: batons.length,
    mine: batons.filter(({ mine }) => mine === 'owe').length,
    urgent: batons.some(({ contract }) => contract === 'stat'),
    waitingSince: waiting[0]?.openedAt ?? null,
    owner: (waiting[0] ?? oldestFirst[0])?.owner ?? null,
  };
}
