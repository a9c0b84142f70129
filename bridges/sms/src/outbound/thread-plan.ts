import type { ConversationId, MessageId, TimestampMs } from '@baton/kernel';
import type { Prompt, Reach } from '@baton/wire';
import { hasShort, withAsked } from '../prompts.ts';
import type { ThreadRow } from '../records/rows.ts';

/** A message that is opened within this time needs no text (docs/protocol/patients.md §4). */
export const NOTICE_AFTER_MS = 10_000;
/** What is written so soon after a text is announced by it. */
export const JOIN_MS = 5 * 60_000;
/** Messages that wait for a text at once; what is beyond is announced by the same notice. */
export const MOST_WAITING = 200;

export const EMPTY_THREAD: ThreadRow = { upTo: 0, run: null, asked: [], plain: [], notice: null };

export interface Written {
  readonly id: MessageId;
  readonly seq: number | null;
  /** What a programme asks with it. */
  readonly prompt: Prompt | null;
}

interface Place {
  readonly conv: ConversationId;
  readonly reach: Reach | null;
  /** When it was seen, by the assistant's own clock: what is due is counted by one clock only. */
  readonly at: TimestampMs;
}

/** The row with what one more message of staff calls for. The same message twice calls for nothing more. */
export function planned(before: ThreadRow, message: Written, { reach, conv, at }: Place): ThreadRow {
  const { id, seq, prompt } = message;
  if (reach === null || seq === null || reach.confidential === conv) return before;
  const row = withAsked(before, message, at);
  if (reach.channel === 'none') return row;
  // Whether the consent for the short words holds is looked up when it goes.
  if (reach.channel === 'plain' || hasShort(prompt)) {
    if (row.plain.some((one) => one.message === id)) return row;
    return {
      ...row,
      plain: [...row.plain, { message: id, seq, dueAt: at, said: null }].slice(-MOST_WAITING),
    };
  }
  return withNotice(row, { message: id, seq, at });
}

/** Puts a message to the open notice, or opens one. */
export function withNotice(
  row: ThreadRow,
  { message, seq, at }: { readonly message: MessageId; readonly seq: number; readonly at: TimestampMs },
): ThreadRow {
  const { notice } = row;
  if (notice?.messages.some((one) => one.message === message)) return row;
  const known = notice?.messages ?? [];
  const messages = [...known, { message, seq }].slice(-MOST_WAITING);
  if (notice && joinsNotice(notice, at)) return { ...row, notice: { ...notice, messages } };
  // The last text is long ago, or there was none: this message is announced by one of its own, with whatever is still unread.
  return {
    ...row,
    notice: {
      since: seq,
      firstAt: at,
      messages,
      texts: 0,
      lastTextAt: null,
      dueAt: at + NOTICE_AFTER_MS,
      said: null,
    },
  };
}

export function joinsNotice(notice: NonNullable<ThreadRow['notice']>, at: TimestampMs): boolean {
  return notice.texts === 0 || (notice.lastTextAt !== null && at - notice.lastTextAt < JOIN_MS);
}

export function noticeReference(conv: ConversationId, since: number, texts: number): string {
  return `n.${conv}.${since}.${texts}`;
}

/** When something is to be done in a thread; null: nothing is. */
export function dueOf({ plain, notice }: ThreadRow): TimestampMs | null {
  const times = [...plain.slice(0, 1).map(({ dueAt }) => dueAt), ...(notice ? [notice.dueAt] : [])];
  return times.length === 0 ? null : Math.min(...times);
}
