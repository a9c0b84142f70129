import type { ConversationId, MessageId, TimestampMs } from '@baton/kernel';
import type { Prompt, Reach } from '@baton/wire';
import { hasShort, withAsked } from '../prompts.ts';
import type { ThreadRow } from '../records/rows.ts';

/** A message that is opened within this time needs no text (docs/protocol/patients.md §4). */
export const NOTICE_AFTER_MS = 10_000;
/** What is written so soon after a text is announced by it. */
export const JOIN_MS = 5 * 60_000;
/** Messages that wait for a text at once; what is beyond is announced by the same notice, or does not go and says so. */
export const MOST_WAITING = 200;

export const EMPTY_THREAD: ThreadRow = { upTo: 0, run: null, asked: [], plain: [], notice: null };

export interface Written {
  readonly id: MessageId;
  readonly seq: number | null;
  /** What a programme asks with it. */
  readonly prompt: Prompt | null;
  /** Answers what was asked `stat`. */
  readonly isUrgent: boolean;
}

interface Place {
  readonly conv: ConversationId;
  readonly reach: Reach | null;
  /** When it was seen, by the assistant's own clock: what is due is counted by one clock only. */
  readonly at: TimestampMs;
}

/** The row with what one more message of staff calls for. The same message twice calls for nothing more. */
export function planned(before: ThreadRow, message: Written, { reach, conv, at }: Place): ThreadRow {
  const { id, seq, prompt, isUrgent } = message;
  if (reach === null || seq === null || reach.confidential === conv) return before;
  const row = withAsked(before, message, at);
  if (reach.channel === 'none') return row;
  // Whether the consent for the short words holds is looked up when it goes.
  if (reach.channel === 'plain' || hasShort(prompt)) {
    if (row.plain.some((one) => one.message === id)) return row;
    return { ...row, plain: [...row.plain, { message: id, seq, dueAt: at, said: null }] };
  }
  return withNotice(row, { message: id, seq, at, isUrgent });
}

/** The row as it can be kept, and which of its texts, the oldest, do not go therefore. */
export function withinBounds(row: ThreadRow): {
  readonly row: ThreadRow;
  readonly surplus: readonly MessageId[];
} {
  const surplus = row.plain.slice(0, -MOST_WAITING).map(({ message }) => message);
  return { row: surplus.length === 0 ? row : { ...row, plain: row.plain.slice(-MOST_WAITING) }, surplus };
}

/**
 * Puts a message to the open notice, or opens one. A notice that waits is judged again, with what joined it: that may be urgent, and says for itself that it
 * waits.
 */
export function withNotice(
  row: ThreadRow,
  {
    message,
    seq,
    at,
    isUrgent,
  }: {
    readonly message: MessageId;
    readonly seq: number;
    readonly at: TimestampMs;
    readonly isUrgent: boolean;
  },
): ThreadRow {
  const { notice } = row;
  if (notice?.messages.some((one) => one.message === message)) return row;
  const known = notice?.messages ?? [];
  const messages = [...known, { message, seq }].slice(-MOST_WAITING);
  const dueAt = at + NOTICE_AFTER_MS;
  if (notice && joinsNotice(notice, { at, isUrgent })) {
    const isHeld = notice.texts === 0 && (notice.said !== null || isUrgent);
    const again = isHeld ? { dueAt: Math.min(notice.dueAt, dueAt), said: null } : {};
    return { ...row, notice: { ...notice, messages, ...again } };
  }
  // The last text is long ago, or there was none: this message is announced by one of its own, with whatever is still unread.
  return {
    ...row,
    notice: { since: seq, firstAt: at, messages, texts: 0, lastTextAt: null, dueAt, said: null },
  };
}

/** What is urgent is announced by no text that went before it was written. */
export function joinsNotice(
  { texts, lastTextAt }: NonNullable<ThreadRow['notice']>,
  { at, isUrgent }: { readonly at: TimestampMs; readonly isUrgent: boolean },
): boolean {
  return texts === 0 || (!isUrgent && lastTextAt !== null && at - lastTextAt < JOIN_MS);
}

export function noticeReference(conv: ConversationId, since: number, texts: number): string {
  return `n.${conv}.${since}.${texts}`;
}

/** When something is to be done in a thread; null: nothing is. */
export function dueOf({ plain, notice }: ThreadRow): TimestampMs | null {
  const times = [...plain.map(({ dueAt }) => dueAt), ...(notice ? [notice.dueAt] : [])];
  return times.length === 0 ? null : Math.min(...times);
}
