import { AgentError, type AgentContext, type AgentConversation } from '@baton/agent';
import type { AccountId, ConversationId, MessageId } from '@baton/kernel';
import type { PatientDoor, Said, StaffAsk } from '../core/ports.ts';
import { findMessage, type Message } from './find-message.ts';

type DoorContext = Pick<AgentContext, 'session' | 'lease'>;

/** Patients' conversations, and the staff-only notes beside them, as the station's session has them. */
export class SessionDoor implements PatientDoor {
  readonly #context: DoorContext;
  readonly #messageId: (...parts: readonly string[]) => Promise<MessageId>;
  readonly #open = new Set<ConversationId>();
  #off: () => void = () => {};

  constructor(context: DoorContext, messageId: (...parts: readonly string[]) => Promise<MessageId>) {
    this.#context = context;
    this.#messageId = messageId;
  }

  /** Told of each conversation that the assistant is in from now on. */
  start(opened: (conv: ConversationId) => void): void {
    const { conversations } = this.#context.session;
    const look = (): void => {
      const now = new Set(conversations.list().flatMap(({ id, kind }) => (kind === 'patient' ? [id] : [])));
      for (const id of this.#open) if (!now.has(id)) this.#open.delete(id);
      for (const id of now) {
        if (this.#open.has(id)) continue;
        this.#open.add(id);
        opened(id);
      }
    };
    this.#off = conversations.subscribe(look);
    look();
  }

  stop(): void {
    this.#off();
  }

  isOpen(conv: ConversationId): boolean {
    return this.#open.has(conv);
  }

  async send(conv: ConversationId, { id, text, prompt }: Said): Promise<void> {
    const thread = await this.#context.session.conversations.open(conv);
    const marks = { automatic: true, prompt };
    await thread.send({ id, text, files: [], mentions: [], replyTo: null, marks });
    await thread.committed(id);
  }

  async isSaid(conv: ConversationId, id: MessageId): Promise<boolean> {
    const thread = await this.#context.session.conversations.open(conv);
    try {
      await thread.committed(id);
      return true;
    } catch (error) {
      if (error instanceof AgentError && error.code === 'refused') return false;
      throw error;
    }
  }

  async withdraw(conv: ConversationId, id: MessageId, readers: readonly AccountId[]): Promise<boolean> {
    const thread = await this.#context.session.conversations.open(conv);
    const said = await findMessage(thread, id);
    if (said?.mine !== true) return false;
    if (said.withdrawn !== null) return true;
    const isHad = isTexted(said) || isAnswered(thread, id) || thread.isOpenedBy(said, readers);
    if (isHad) return false;
    this.#context.lease.requireHeld();
    try {
      await thread.withdraw(id, null);
      return true;
    } catch (error) {
      // A manifest of before this was asked for: nothing can be taken back until the practice has confirmed the new one.
      if (error instanceof AgentError && error.code === 'manifest') return false;
      throw error;
    }
  }

  async settle(conv: ConversationId, answer: MessageId): Promise<boolean> {
    const thread = await this.#context.session.conversations.open(conv);
    return thread.settleAnswer(answer);
  }

  async ask(conv: ConversationId, { key, text, to, withinMs, patient }: StaffAsk): Promise<boolean> {
    const sidebar = await this.#sidebarOf(conv);
    if (sidebar === null) return false;
    const id = await this.#messageId('ask', ...key);
    this.#context.lease.requireHeld();
    try {
      const message = { id, text, files: [], mentions: [], replyTo: null };
      await sidebar.ask(message, { contract: 'reply', to: [to], withinMs, callback: null, patient });
      await sidebar.committed(id);
      return true;
    } catch (error) {
      // Whoever the settings name is gone, or never was: the patient's own message stays owed.
      if (isRefusal(error)) return false;
      throw error;
    }
  }

  async #sidebarOf(conv: ConversationId): Promise<AgentConversation | null> {
    const { conversations } = this.#context.session;
    for (const { id, kind } of conversations.list())
      if (kind === 'sidebar' && (await conversations.parentOf(id)) === conv) return conversations.open(id);
    return null;
  }
}

/** Whether a text that says or announces it has gone, or may have. */
function isTexted({ delivery }: Message): boolean {
  return delivery?.state === 'sent' || delivery?.state === 'delivered';
}

function isAnswered({ timeline }: AgentConversation, id: MessageId): boolean {
  return timeline.read().items.some((item) => item.type === 'message' && item.answers?.prompt === id);
}

function isRefusal(error: unknown): boolean {
  if (error instanceof AgentError) return error.code === 'refused';
  const code = (error as { readonly code?: unknown }).code;
  return typeof code === 'string' && /^(?:baton|policy|request|duty)\./.test(code);
}
