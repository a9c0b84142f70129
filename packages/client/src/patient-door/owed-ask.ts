import type { ContentOf, MessageClass, PracticeCard } from '@baton/wire';

type Owed = Pick<MessageClass, 'contract' | 'to' | 'withinMs'>;

const FYI: Owed = { contract: 'fyi', to: [], withinMs: null };

/**
 * Who owes the answer to a patient's message, and by when (patients.md §5): the owner that the practice card names for its topic, or, where
 * the message is urgent or the rules on this phone found a red flag, whom the card names for that. Before there is a card: nobody.
 */
export function owedFor(
  card: PracticeCard | null,
  message: Pick<ContentOf<'message'>, 'topic' | 'flags'>,
  urgent: boolean,
): Owed {
  if (!card) return FYI;
  if (urgent || (message.flags ?? []).length > 0)
    return { contract: 'stat', to: [card.urgentTo], withinMs: card.urgentWithinMs };
  const topic = card.topics.find(({ id }) => id === message.topic);
  return { contract: 'reply', to: [topic?.askTo ?? card.askTo], withinMs: card.withinMs };
}
