import type { AgentContext, AgentConversation } from '@baton/agent';
import type { AccountId, ConversationId, MemberId, TimestampMs } from '@baton/kernel';
import type { Cursor } from './triage-memory.ts';
import type { TimelineMessage } from './findings.ts';

type ThreadsContext = Pick<AgentContext, 'session'>;

/** A patient conversation with what staff write beside it. */
export interface PatientThread {
  readonly conv: ConversationId;
  readonly thread: AgentConversation;
  readonly sidebar: AgentConversation;
}

/** The patient conversations that the assistant is in now, and their sidebars. */
export class PatientThreads {
  readonly #session: ThreadsContext['session'];

  constructor({ session }: ThreadsContext) {
    this.#session = session;
  }

  /** Each with a mark that changes when something new is in it. */
  list(): readonly { readonly conv: ConversationId; readonly mark: string }[] {
    return this.#session.conversations.list().flatMap(({ id, kind, lastAt, preview }) => {
      return kind === 'patient' ? [{ conv: id, mark: `${lastAt} ${preview?.text ?? ''}` }] : [];
    });
  }

  /** null: the assistant is not in the conversation any more, or its sidebar is not here yet. */
  async open(conv: ConversationId): Promise<PatientThread | null> {
    const sidebar = await this.#sidebarOf(conv);
    if (sidebar === null || !this.#has(conv)) return null;
    const { conversations } = this.#session;
    return { conv, thread: await conversations.open(conv), sidebar: await conversations.open(sidebar) };
  }

  /** Messages after the cursor and those changed since, oldest first; `notBefore` bounds how far a first look goes back. */
  async newSince(
    thread: AgentConversation,
    cursor: Cursor,
    notBefore: TimestampMs,
  ): Promise<readonly TimelineMessage[]> {
    for (;;) {
      const { items, hasOlder } = thread.timeline.read();
      const first = items.find(({ seq }) => seq !== null);
      const isMissing = (first?.seq ?? 0) > cursor.seq + 1 && (first?.at ?? 0) >= notBefore;
      if (isMissing && hasOlder && (await loadOlder(thread))) continue;
      return messagesOf(thread).filter(({ seq, at, editedAt }) => {
        const isNew = (seq ?? 0) > cursor.seq && at >= notBefore;
        return isNew || (editedAt ?? 0) > Math.max(cursor.editedAt, notBefore);
      });
    }
  }

  /** A message that is here; null where it is not, or no longer, to be read. */
  async find(thread: AgentConversation, id: string): Promise<TimelineMessage | null> {
    for (;;) {
      const found = messagesOf(thread).find((message) => message.id === id);
      if (found !== undefined) return found;
      if (!thread.timeline.read().hasOlder || !(await loadOlder(thread))) return null;
    }
  }

  /** Accounts of the patient and of those who speak for them. */
  patientsOf(thread: AgentConversation): readonly AccountId[] {
    return thread.summary.read().members.flatMap((member) => (member.kind === 'patient' ? [member.id] : []));
  }

  /** The roles that read a sidebar: whoever is asked where nobody else can be. */
  rolesOf(thread: AgentConversation): readonly MemberId[] {
    return thread.summary.read().members.flatMap((member) => (member.kind === 'role' ? [member.id] : []));
  }

  #has(conv: ConversationId): boolean {
    return this.#session.conversations.list().some(({ id }) => id === conv);
  }

  /** An adolescent's own conversation shares the sidebar of the one that proxies read; the desk knows that both are of one patient. */
  async #sidebarOf(conv: ConversationId): Promise<ConversationId | null> {
    const { conversations, collections } = this.#session;
    const byParent = new Map<ConversationId, ConversationId>();
    for (const { id, kind } of conversations.list()) {
      const parent = kind === 'sidebar' ? await conversations.parentOf(id) : null;
      if (parent !== null) byParent.set(parent, id);
    }
    const own = byParent.get(conv);
    if (own !== undefined) return own;
    const desk = await collections.named('desk');
    const ref = await desk?.get(`thread:${conv}`);
    if (!desk || ref?.value.t !== 'thread') return null;
    const same = ref.value.ref;
    for (const { value } of await desk.list()) {
      const sidebar =
        value.t === 'thread' && value.ref === same ? byParent.get(value.conversation) : undefined;
      if (sidebar !== undefined) return sidebar;
    }
    return null;
  }
}

/** Position of the first item whose key is late; it becomes a message when the key comes. null: none. */
export function waitingAt(thread: AgentConversation): number | null {
  const waiting = thread.timeline.read().items.find((item) => {
    return item.type === 'problem' && item.code === 'policy.generation';
  });
  return waiting?.seq ?? null;
}

/** Committed messages that are here, oldest first. */
export function messagesOf(thread: AgentConversation): readonly TimelineMessage[] {
  return thread.timeline
    .read()
    .items.filter((item): item is TimelineMessage => item.type === 'message' && item.seq !== null);
}

/** Answers whether there was more. */
async function loadOlder(thread: AgentConversation): Promise<boolean> {
  const before = thread.timeline.read().items[0]?.id ?? null;
  await thread.loadOlder();
  return (thread.timeline.read().items[0]?.id ?? null) !== before;
}
