import type { Receipt, TimelineMessage } from '@baton/client';

/** How far a message of mine has come, in one word and a count. */
export type ReceiptSummary =
  | { readonly state: 'waiting' | 'failed' | 'sent' }
  | { readonly state: 'delivered' | 'opened' | 'acknowledged'; readonly count: number; readonly of: number };

/** The furthest state that anybody reached, and how many of the readers reached it. */
export function summariseReceipts(message: Pick<TimelineMessage, 'state' | 'receipts'>): ReceiptSummary {
  const { state, receipts } = message;
  if (state === 'waiting' || state === 'failed') return { state };
  const of = receipts.length;
  for (const reached of ['acknowledged', 'opened', 'delivered'] as const) {
    const count = receipts.filter((receipt) => rank(receipt.state) >= rank(reached)).length;
    if (count > 0) return { state: reached, count, of };
  }
  return { state: 'sent' };
}

/** The furthest first; within a state the earliest first. */
export function sortReceipts(receipts: readonly Receipt[]): readonly Receipt[] {
  return [...receipts].sort(
    (a, b) =>
      rank(b.state) - rank(a.state) ||
      (a.at ?? 0) - (b.at ?? 0) ||
      a.person.name.localeCompare(b.person.name),
  );
}

function rank(state: Receipt['state']): number {
  return ['sent', 'delivered', 'opened', 'acknowledged'].indexOf(state);
}
