import type { AccountId, TimestampMs } from '@baton/kernel';
import type { DeliveryState, Receipt } from '../api/conversations.ts';
import type { Person } from '../api/directory.ts';

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

/**
 * One word for a message of mine. Members in person count all: "opened" means that each of them opened it. Where only roles are addressed,
 * one holder is enough.
 */
export function summariseReceipts(
  receipts: readonly Receipt[],
  inPerson: ReadonlySet<string>,
): Exclude<DeliveryState, 'waiting' | 'failed'> {
  const addressed = receipts.filter((receipt) => inPerson.has(receipt.person.id));
  const states = (addressed.length > 0 ? addressed : receipts).map((receipt) => receipt.state);
  if (states.length === 0) return 'sent';
  const ranked = states.sort((a, b) => RANK[a] - RANK[b]);
  return (addressed.length > 0 ? ranked[0] : ranked.at(-1)) ?? 'sent';
}
