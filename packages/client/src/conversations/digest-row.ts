import type { AccountId } from '@baton/kernel';
import type { ConversationRow, ItemRow, MessageRow } from '../tables/records.ts';

const PREVIEW_LENGTH = 160;

export interface Reader {
  readonly me: AccountId;
  /** Whether the author is a patient or somebody who speaks for one. */
  readonly isOutside: (author: AccountId) => boolean;
  /** Whether it counts as a text that somebody outside sent (`countedVia`). */
  readonly isText: (message: MessageRow) => boolean;
}

/** Takes one newer item into the inbox row. Pure. */
export function digestNewer(row: ConversationRow, item: ItemRow, reader: Reader): ConversationRow {
  if (item.s !== 'message') return row;
  const { content, header, seq, ts } = item;
  switch (content.t) {
    case 'message': {
      const incoming = incomingOf(row, item, reader);
      const isNew = countsAsUnread(item, reader) && seq > row.openedSeq;
      const unread = row.unread + (isNew ? 1 : 0);
      // An item that had waited for its key may be older than the one shown.
      if (row.last && row.last.seq > seq) return { ...row, unread, incoming };
      const last = { seq, id: header.id, author: header.author, text: previewOf(item) };
      return { ...row, lastAt: ts, last, unread, incoming };
    }
    case 'edit':
      if (row.last?.id !== content.target || row.last.author !== header.author) return row;
      return { ...row, last: { ...row.last, text: content.text.slice(0, PREVIEW_LENGTH) } };
    case 'withdrawal':
      if (row.last?.id !== content.target || row.last.author !== header.author) return row;
      return { ...row, last: { ...row.last, text: '' } };
    case 'subject':
      // One that had waited for its key may be older than the one shown.
      return (row.title?.seq ?? 0) > seq ? row : { ...row, title: { seq, text: content.title } };
    case 'card':
      return (row.card?.seq ?? 0) > seq ? row : { ...row, card: { seq, card: content } };
    case 'reaction':
    case 'delivery':
      return row;
  }
}

/** Takes one older item in: only a title, a practice card or what somebody outside wrote can still matter. */
export function digestOlder(row: ConversationRow, item: ItemRow, reader: Reader): ConversationRow {
  if (item.s !== 'message') return row;
  const { content, seq } = item;
  if (content.t === 'subject' && (row.title?.seq ?? 0) < seq)
    return { ...row, title: { seq, text: content.title } };
  if (content.t === 'card' && (row.card?.seq ?? 0) < seq) return { ...row, card: { seq, card: content } };
  return content.t === 'message' ? { ...row, incoming: incomingOf(row, item, reader) } : row;
}

/** Answers that are told apart; those before them are long dealt with, or owed by somebody. */
const MOST_ANSWERS = 60;

/** The same in whichever order items come. */
function incomingOf(
  { incoming }: ConversationRow,
  message: MessageRow,
  { isOutside, isText }: Reader,
): ConversationRow['incoming'] {
  const { content, header, seq, ts } = message;
  if (content.t !== 'message' || !(isOutside(header.author) || isText(message))) return incoming;
  const known = incoming ?? { seq: 0, at: 0, topic: null, plain: 0, answers: [] };
  const newest = known.seq < seq ? { seq, at: ts, topic: content.topic ?? null } : known;
  const told = { ...known, seq: newest.seq, at: newest.at, topic: newest.topic };
  if (content.answers === undefined) return { ...told, plain: Math.max(known.plain ?? known.seq, seq) };
  if (known.answers.some((answer) => answer.seq === seq)) return told;
  const answers = [...known.answers, { seq, id: header.id }].sort((left, right) => left.seq - right.seq);
  return { ...told, plain: known.plain ?? known.seq, answers: answers.slice(-MOST_ANSWERS) };
}

/**
 * Staff are not told of what a programme asks, nor of what answers it: where somebody has to see to an answer, it is owed (docs/protocol/programmes.md
 * §3). A patient is told of everything.
 */
export function countsAsUnread(item: ItemRow, { me, isOutside }: Omit<Reader, 'isText'>): boolean {
  if (item.s !== 'message' || item.content.t !== 'message' || item.header.author === me) return false;
  const { prompt, answers, automatic, flags } = item.content;
  const isExchange =
    (prompt !== undefined && automatic === true) || (answers !== undefined && !flags?.length);
  return !isExchange || isOutside(me);
}

function previewOf({ content }: MessageRow): string {
  if (content.t !== 'message') return '';
  const text = content.text.replaceAll(/\s+/g, ' ').trim();
  if (text !== '') return text.slice(0, PREVIEW_LENGTH);
  return content.attachments
    .map(({ name }) => name)
    .join(', ')
    .slice(0, PREVIEW_LENGTH);
}
