import type { AgentConversation } from '@baton/agent';
import type { MessageId } from '@baton/kernel';

export type Message = Extract<
  ReturnType<AgentConversation['timeline']['read']>['items'][number],
  { readonly type: 'message' }
>;

/** A message of the conversation, however far back; null where this station has none of that id. */
export async function findMessage(thread: AgentConversation, id: MessageId): Promise<Message | null> {
  for (;;) {
    const { items, hasOlder } = thread.timeline.read();
    const found = items.find((item) => item.type === 'message' && item.id === id);
    if (found?.type === 'message') return found;
    if (!hasOlder || !(await loadOlder(thread))) return null;
  }
}

/** Answers whether there was more. */
export async function loadOlder(thread: AgentConversation): Promise<boolean> {
  const before = thread.timeline.read().items[0]?.id ?? null;
  await thread.loadOlder();
  return (thread.timeline.read().items[0]?.id ?? null) !== before;
}
