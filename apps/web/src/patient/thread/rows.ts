import type { Member, Timeline, TimelineEvent, TimelineItem, TimelineMessage } from '@baton/client';
import type { AccountId } from '@baton/kernel';
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
  /** Others who read from now on, or no longer. */
  | {
      readonly t: 'event';
      readonly key: string;
      readonly members: readonly Member[];
      readonly joined: boolean;
    }
  /** The practice's words for closed hours, under what was written then. */
  | { readonly t: 'closed'; readonly key: string }
  | { readonly t: 'problem'; readonly key: string; readonly seq: number };

/** A pause after which the author is named again. */
const PAUSE_MS = 10 * 60_000;
const JOINS: ReadonlySet<TimelineEvent['what']> = new Set(['added', 'agent-added']);
const LEAVES: ReadonlySet<TimelineEvent['what']> = new Set(['removed', 'left', 'agent-removed']);

/** A thread as the page shows it: days, what is new, and of what happened to keys only who reads. */
export function rowsOf(
  { items, firstUnread }: Pick<Timeline, 'items' | 'firstUnread'>,
  me: AccountId,
  closedUnder: ReadonlySet<string> = new Set(),
): readonly Row[] {
  const rows: Row[] = [];
  let day = '';
  let last: TimelineMessage | null = null;
  let isNew = false;
  for (const item of items) {
    // What is new may begin with something that is not shown: then with what follows it.
    isNew ||= item.id === firstUnread;
    const row = rowOf(item, last, me);
    if (row === null) continue;
    const itsDay = dayKey(item.at);
    if (itsDay !== day) rows.push({ t: 'day', key: `day ${itsDay}`, at: item.at });
    if (isNew) rows.push({ t: 'new', key: 'new' });
    const named = itsDay !== day || isNew;
    isNew = false;
    day = itsDay;
    rows.push(row.t === 'message' && named ? { ...row, first: true } : row);
    if (closedUnder.has(item.id)) rows.push({ t: 'closed', key: `closed ${item.id}` });
    last = item.type === 'message' ? item : null;
  }
  return rows;
}

function rowOf(item: TimelineItem, last: TimelineMessage | null, me: AccountId): Row | null {
  if (item.type === 'problem') return { t: 'problem', key: item.id, seq: item.seq };
  if (item.type === 'message') {
    const goesOn = last !== null && sameAuthor(last, item) && item.at - last.at < PAUSE_MS;
    return { t: 'message', key: item.id, message: item, first: !goesOn };
  }
  const members = item.members.filter(({ id }) => id !== me);
  if (members.length === 0 || !(JOINS.has(item.what) || LEAVES.has(item.what))) return null;
  return { t: 'event', key: item.id, members, joined: JOINS.has(item.what) };
}

function sameAuthor(left: TimelineMessage, right: TimelineMessage): boolean {
  return (
    left.author.id === right.author.id &&
    left.as?.id === right.as?.id &&
    left.via?.from === right.via?.from &&
    left.automatic === right.automatic
  );
}
