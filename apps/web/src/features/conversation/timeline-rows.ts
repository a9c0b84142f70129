import type { TimelineEvent, TimelineItem, TimelineMessage } from '@baton/client';
import { dayKey, type TimeFrame } from '../../design/words/time-words.ts';
import { NO_NOTE, notePrompts, type PromptNote } from './prompt-notes.ts';

/** One row of the transcript. */
export type TimelineRow =
  | { readonly type: 'day'; readonly key: string; readonly at: number }
  | { readonly type: 'unread'; readonly key: string; readonly count: number }
  | {
      readonly type: 'message';
      readonly key: string;
      readonly message: TimelineMessage;
      /** Carries face, name and time; the rows after it belong to it. */
      readonly head: boolean;
      /** The last one under its name: says in words how far it has come. */
      readonly tail: boolean;
      readonly note: PromptNote;
    }
  | { readonly type: 'other'; readonly key: string; readonly item: Exclude<TimelineItem, TimelineMessage> }
  /** Changes that follow each other, in one line that opens. */
  | { readonly type: 'changes'; readonly key: string; readonly events: readonly TimelineEvent[] };

/** Messages of one author within this time stand under one name. */
const GROUP_MS = 5 * 60_000;

/** So many changes in a row, and they would outweigh the messages. */
const FOLDED_FROM = 3;
/** What is folded: who came in, and new keys. That somebody can no longer read, and that a conversation is closed, always stands by itself. */
const FOLDED: ReadonlySet<TimelineEvent['what']> = new Set([
  'created',
  'added',
  'agent-added',
  'rotated',
  'titled',
  'policy',
]);

/** Rows of a transcript, oldest first: days, the unread line, messages grouped by author, and runs of changes in one line. */
export function layOutTimeline(
  items: readonly TimelineItem[],
  { firstUnread, frame }: { readonly firstUnread: string | null; readonly frame: TimeFrame },
): readonly TimelineRow[] {
  const rows: TimelineRow[] = [];
  const notes = notePrompts(items);
  let day = '';
  let previous: TimelineMessage | null = null;
  items.forEach((item, index) => {
    const itemDay = dayKey(item.at, frame);
    if (itemDay !== day) {
      rows.push({ type: 'day', key: `day ${itemDay}`, at: item.at });
      day = itemDay;
      previous = null;
    }
    if (item.id === firstUnread) {
      rows.push({ type: 'unread', key: 'unread', count: countOthers(items.slice(index)) });
      previous = null;
    }
    if (item.type !== 'message') {
      rows.push({ type: 'other', key: item.id, item });
      previous = null;
      return;
    }
    const head = !continues(previous, item);
    const above = rows.at(-1);
    if (!head && above?.type === 'message') rows[rows.length - 1] = { ...above, tail: false };
    const note = notes.get(item.id) ?? NO_NOTE;
    rows.push({ type: 'message', key: item.id, message: item, head, tail: true, note });
    previous = item;
  });
  return foldChanges(rows);
}

/** A run of changes goes into the place of its first one: it keeps its key, and stays open, while it grows. */
function foldChanges(rows: readonly TimelineRow[]): readonly TimelineRow[] {
  const folded: TimelineRow[] = [];
  let run: TimelineEvent[] = [];
  const end = (): void => {
    const [first] = run;
    if (first !== undefined && run.length >= FOLDED_FROM)
      folded.push({ type: 'changes', key: `changes ${first.id}`, events: run });
    else folded.push(...run.map((item) => ({ type: 'other', key: item.id, item }) as const));
    run = [];
  };
  for (const row of rows) {
    const event = row.type === 'other' && row.item.type === 'event' ? row.item : null;
    if (event !== null && FOLDED.has(event.what)) {
      run.push(event);
      continue;
    }
    end();
    folded.push(row);
  }
  end();
  return folded;
}

/** How many of these a reader has not written himself. */
export function countOthers(items: readonly TimelineItem[]): number {
  return items.filter((item) => item.type === 'message' && !item.mine).length;
}

function continues(previous: TimelineMessage | null, message: TimelineMessage): boolean {
  return (
    previous !== null &&
    previous.author.id === message.author.id &&
    previous.as?.id === message.as?.id &&
    message.at - previous.at < GROUP_MS &&
    message.at >= previous.at &&
    message.contract === previous.contract
  );
}

/** Older items came in above: the first one is new while the last one is the same. */
export function wasPrepended(
  before: readonly TimelineItem[] | null,
  after: readonly TimelineItem[],
): boolean {
  if (before === null || before.length === 0 || after.length <= before.length) return false;
  return before[0]?.id !== after[0]?.id && before.at(-1)?.id === after.at(-1)?.id;
}
