import type { AccountId, TimestampMs } from '@baton/kernel';
import type { DeliveryState, Receipt } from '../api/conversations.ts';
import type { Person } from '../api/directory.ts';
import type { Addressed } from './addressed.ts';

/** What is known of one account in one conversation. */
export interface MarkState {
  readonly account: AccountId;
  /** Everything of batches up to here reached one of its devices. */
  readonly delivered: number;
  /** Verified watermark; null before the first. */
  readonly opened: { readonly seq: number; readonly ts: TimestampMs } | null;
}

export interface ReceiptQuestion {
  readonly seq: number;
  readonly batch: number;
  readonly author: AccountId;
  readonly marks: readonly MarkState[];
  /** Who turned "Got it" on, and when. */
  readonly acknowledged: ReadonlyMap<AccountId, TimestampMs>;
  readonly personOf: (id: AccountId) => Person;
}

const RANK = { sent: 0, delivered: 1, opened: 2, acknowledged: 3 } as const;

/** Delivered, Opened, Acknowledged by name, for everybody but the author. */
export function listReceipts(question: ReceiptQuestion): Receipt[] {
  const { acknowledged, seq, batch } = question;
  return question.marks
    .filter((mark) => mark.account !== question.author)
    .map((mark): Receipt => {
      const person = question.personOf(mark.account);
      const acknowledgedAt = acknowledged.get(mark.account);
      if (acknowledgedAt !== undefined) return { person, state: 'acknowledged', at: acknowledgedAt };
      if (mark.opened && mark.opened.seq >= seq) return { person, state: 'opened', at: mark.opened.ts };
      return { person, state: mark.delivered >= batch ? 'delivered' : 'sent', at: null };
    })
    .sort((a, b) => RANK[b.state] - RANK[a.state] || a.person.name.localeCompare(b.person.name));
}

/** One word for a message of mine: what each of those addressed has done, or where only roles are addressed, what one of their holders has. */
export function summariseReceipts(
  receipts: readonly Receipt[],
  { each, any }: Addressed,
): Exclude<DeliveryState, 'waiting' | 'failed'> {
  const addressed = receipts.filter(({ person }) => each.has(person.id));
  const counting = addressed.length > 0 ? addressed : receipts.filter(({ person }) => any(person));
  const ranked = counting.map(({ state }) => state).sort((a, b) => RANK[a] - RANK[b]);
  return (addressed.length > 0 ? ranked[0] : ranked.at(-1)) ?? 'sent';
}
