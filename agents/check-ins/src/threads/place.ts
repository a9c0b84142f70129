import type { AgentContext, AgentConversation } from '@baton/agent';
import { type ConversationId, encodeUtf8, type MessageId } from '@baton/kernel';
import type { Reach } from '@baton/wire';

export type TimelineMessage = Extract<
  ReturnType<AgentConversation['timeline']['read']>['items'][number],
  { readonly type: 'message' }
>;

/** A patient's conversation and what staff write beside it. */
export interface Place {
  readonly thread: AgentConversation;
  readonly sidebar: AgentConversation;
}

/** The conversations that the assistant is in now. One that it was taken out of is not there any more, whatever was planned for it. */
export class Places {
  readonly #session: AgentContext['session'];

  constructor(session: AgentContext['session']) {
    this.#session = session;
  }

  /** null: the assistant is not, or not yet, in both of them. */
  async open(reach: Pick<Reach, 'conversation' | 'sidebar'>): Promise<Place | null> {
    const { conversation, sidebar } = reach;
    if (!this.#has(conversation) || !this.#has(sidebar)) return null;
    const { conversations } = this.#session;
    return { thread: await conversations.open(conversation), sidebar: await conversations.open(sidebar) };
  }

  #has(conv: ConversationId | null): conv is ConversationId {
    return conv !== null && this.#session.conversations.list().some(({ id }) => id === conv);
  }
}

/** Committed messages after a position, oldest first. */
export async function messagesAfter(
  thread: AgentConversation,
  seq: number,
): Promise<readonly TimelineMessage[]> {
  for (;;) {
    const { items, hasOlder } = thread.timeline.read();
    const first = items.find((item) => item.seq !== null)?.seq ?? 0;
    if (first > seq + 1 && hasOlder && (await loadOlder(thread))) continue;
    return items.filter(
      (item): item is TimelineMessage => item.type === 'message' && item.seq !== null && item.seq > seq,
    );
  }
}

/** Position of the first item whose key is late; it becomes a message when the key comes. null: none. */
export function waitingAt(thread: AgentConversation): number | null {
  const waiting = thread.timeline.read().items.find((item) => {
    return item.type === 'problem' && item.code === 'policy.generation';
  });
  return waiting?.seq ?? null;
}

/** Position of the newest item. */
export function newestSeq(thread: AgentConversation): number {
  return Math.max(0, ...thread.timeline.read().items.map(({ seq }) => seq ?? 0));
}

/** An id that follows from another: the same on every try and on every station. */
export async function followingId(
  base: MessageId,
  part: string,
  make: (bytes: Uint8Array<ArrayBuffer>) => MessageId,
): Promise<MessageId> {
  const text = new Uint8Array(encodeUtf8(`sg/check-ins-message/v1\0${base}\0${part}`));
  return make(new Uint8Array(await crypto.subtle.digest('SHA-256', text)).slice(0, 16));
}

/** Answers whether there was more. */
async function loadOlder(thread: AgentConversation): Promise<boolean> {
  const before = thread.timeline.read().items[0]?.id ?? null;
  await thread.loadOlder();
  return (thread.timeline.read().items[0]?.id ?? null) !== before;
}
