import type { MessageId } from '@baton/kernel';
import type { Baton } from '../api/batons.ts';
import type { ConversationRow } from '../tables/records.ts';

/**
 * Position of the newest message from outside that staff have to know of. What a programme asked for and has dealt with is none
 * (docs/protocol/programmes.md §3): a closed conversation stays closed over daily check-ins. What is not on this device may be anything. Pure.
 */
export function incomingSeqOf(
  { incoming, lo }: Pick<ConversationRow, 'incoming' | 'lo'>,
  isSettled: (answer: MessageId) => boolean,
): number {
  if (!incoming) return 0;
  const { seq, plain, answers } = incoming;
  if (plain === null) return seq;
  const known = plain === 0 ? lo - 1 : plain;
  return answers.reduce((newest, answer) => {
    return answer.seq > newest && !isSettled(answer.id) ? answer.seq : newest;
  }, known);
}

/** An automation has ended everything that the answer asked; one that asked nobody is for everybody to see. */
export function isSettledBy(batons: readonly Pick<Baton, 'ended'>[]): boolean {
  return batons.length > 0 && batons.every(({ ended }) => ended?.reason === 'automation');
}
