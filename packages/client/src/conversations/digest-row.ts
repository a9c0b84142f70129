import type { AccountId } from '@baton/kernel';
import type { ConversationRow, ItemRow, MessageRow } from '../tables/records.ts';

const PREVIEW_LENGTH = 160;

export interface Reader {
  readonly me: AccountId;
  /** Whether the author is a patient or somebody who speaks for one. */
  readonly isOutside: (author: AccountId) => boolean;
}

/** Takes one newer item into the inbox row. Pure. */
export function digestNewer(row: ConversationRow, item: ItemRow, reader: Reader): ConversationRow {
  if (item.s !== 'message') return row;
  const { content, header, seq, ts } = item;
  const { me } = reader;
  switch (content.t) {
    case 'message': {
      const incoming = incomingOf(row, item, reader);
      const isNew = header.author !== me && seq > row.openedSeq;
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

function incomingOf(
  { incoming }: ConversationRow,
  { content, header, seq, ts }: MessageRow,
  { isOutside }: Reader,
): ConversationRow['incoming'] {
  if (content.t !== 'message' || (incoming?.seq ?? 0) >= seq) return incoming;
  const isFromOutside = content.via !== undefined || isOutside(header.author);
  return isFromOutside ? { seq, at: ts, topic: content.topic ?? null } : incoming;
}

export function countsAsUnread(item: ItemRow, me: AccountId): boolean {
  return item.s === 'message' && item.content.t === 'message' && item.header.author !== me;
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
