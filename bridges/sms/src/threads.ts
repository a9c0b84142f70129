import type { AgentConversation, AgentSession } from '@baton/agent';
import type { ConversationId, MessageId } from '@baton/kernel';

export type TimelineMessage = Extract<
  ReturnType<AgentConversation['timeline']['read']>['items'][number],
  { readonly type: 'message' }
>;

/** The conversations that the assistant is in now. One that it was taken out of is not there any more, whatever was planned for it. */
export class Threads {
  readonly #session: AgentSession;

  constructor(session: AgentSession) {
    this.#session = session;
  }

  isOpen(conv: ConversationId): boolean {
    return this.#session.conversations.list().some(({ id }) => id === conv);
  }

  /** The organisation's queue of unknown numbers; null where it is not set up or the assistant is not in it. */
  queue(): ConversationId | null {
    return this.#session.conversations.list().find(({ kind }) => kind === 'queue')?.id ?? null;
  }

  open(conv: ConversationId): Promise<AgentConversation> {
    return this.#session.conversations.open(conv);
  }

  /** A message that was committed here; null where it is not, or no longer, to be read. */
  async find(thread: AgentConversation, id: MessageId): Promise<TimelineMessage | null> {
    for (;;) {
      const { items, hasOlder } = thread.timeline.read();
      const found = items.find((item) => item.type === 'message' && item.id === id);
      if (found?.type === 'message') return found;
      if (!hasOlder || !(await loadOlder(thread))) return null;
    }
  }

  /** Committed messages after a position, oldest first. */
  async after(thread: AgentConversation, seq: number): Promise<readonly TimelineMessage[]> {
    for (;;) {
      const { items, hasOlder } = thread.timeline.read();
      const first = items.find((item) => item.seq !== null)?.seq ?? 0;
      if (first > seq + 1 && hasOlder && (await loadOlder(thread))) continue;
      return items.filter(
        (item): item is TimelineMessage => item.type === 'message' && item.seq !== null && item.seq > seq,
      );
    }
  }
}

/** Answers whether there was more. */
async function loadOlder(thread: AgentConversation): Promise<boolean> {
  const before = firstOf(thread);
  await thread.loadOlder();
  return firstOf(thread) !== before;
}

function firstOf(thread: AgentConversation): string | null {
  const [first] = thread.timeline.read().items;
  return first ? first.id : null;
}
