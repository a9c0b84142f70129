import type { TimelineEvent, TimelineItem, TimelineMessage } from '@baton/client';
import { dayKey } from '../texts/time-texts.ts';

export type Row =
  | { readonly t: 'day'; readonly key: string; readonly at: number }
  | { readonly t: 'new'; readonly key: string }
  /** `first` of a run of one author's messages: names the author. */
  | {
      readonly t: 'message';
      readonly key: string;
      readonly message: TimelineMessage;
      readonly first: boolean;
    }
  | { readonly t: 'event'; readonly key: string; readonly event: TimelineEvent; readonly joined: boolean }
  | { readonly t: 'problem'; readonly key: string; readonly seq: number };

/** A pause after which the author is named again. */
const PAUSE_MS = 10 * 60_000;
const JOINS: ReadonlySet<TimelineEvent['what']> = new Set(['added', 'agent-added']);
const LEAVES: ReadonlySet<TimelineEvent['what']> = new Set(['removed', 'left', 'agent-removed']);

/** A thread as the page shows it: days, what is new, and of what happened to keys only who reads. */
export function rowsOf(items: readonly TimelineItem[], firstUnread: string | null): readonly Row[] {
  const rows: Row[] = [];
  let day = '';
  let last: TimelineMessage | null = null;
  for (const item of items) {
    const row = rowOf(item, last);
    if (row === null) continue;
    const itsDay = dayKey(item.at);
    if (itsDay !== day) rows.push({ t: 'day', key: `day ${itsDay}`, at: item.at });
    const isNew = item.id === firstUnread;
    if (isNew) rows.push({ t: 'new', key: 'new' });
    const named = itsDay !== day || isNew;
    day = itsDay;
    rows.push(row.t === 'message' && named ? { ...row, first: true } : row);
    last = item.type === 'message' ? item : null;
  }
  return rows;
}

function rowOf(item: TimelineItem, last: TimelineMessage | null): Row | null {
  if (item.type === 'problem') return { t: 'problem', key: item.id, seq: item.seq };
  if (item.type === 'message') {
    const goesOn = last !== null && sameAuthor(last, item) && item.at - last.at < PAUSE_MS;
    return { t: 'message', key: item.id, message: item, first: !goesOn };
  }
  if (item.members.length === 0 || !(JOINS.has(item.what) || LEAVES.has(item.what))) return null;
  return { t: 'event', key: item.id, event: item, joined: JOINS.has(item.what) };
}

function sameAuthor(left: TimelineMessage, right: TimelineMessage): boolean {
  return (
    left.author.id === right.author.id &&
    left.as?.id === right.as?.id &&
    left.via?.from === right.via?.from &&
    left.automatic === right.automatic
  );
}
