import type {
  Conversation,
  ConversationSummary,
  Live,
  LiveSession,
  OutgoingMessage,
  Timeline,
  TimelineMessage,
} from '@baton/client';
import type { AccountId, Bytes, ConversationId, MessageId, OwnerId, TimestampMs } from '@baton/kernel';
import type {
  AgentWrite,
  Attachment,
  CloseReason,
  ContentOf,
  Contract,
  PracticeCard,
  Reaction,
} from '@baton/wire';
import { AgentError } from '../agent-error.ts';
import { settleAnswer } from './settle-answer.ts';

/** Looked at again so often, beside every change that is told. */
const LOOK_MS = 500;

/** A message as an agent writes it: as itself, never for a role. */
export type AgentMessage = Omit<OutgoingMessage, 'as' | 'ask' | 'holdMs' | 'answers'>;

/** What an agent asks, of whom, by when. The boxes of the ladder are made from the organisation's records, as for staff. */
export interface AgentAsk {
  readonly contract: Exclude<Contract, 'fyi'>;
  /** Roles, queues or persons. */
  readonly to: readonly OwnerId[];
  readonly withinMs: number;
  /** Number to call; null: the unit's or the organisation's. */
  readonly callback: string | null;
  /** As the registry names the patient: goes into the sealed context block only. */
  readonly patient: string | null;
}

/** How far a member has opened the conversation, by a watermark that the member signed. */
export interface OpenedMark {
  readonly account: AccountId;
  /** Everything up to here. */
  readonly seq: number;
  readonly at: TimestampMs;
}

/** One conversation, as far as the manifest goes. */
export interface AgentConversation {
  readonly id: ConversationId;
  readonly summary: Live<ConversationSummary>;
  readonly timeline: Live<Timeline>;
  /** What the practice says of itself here; null outside patient conversations. */
  readonly card: Live<PracticeCard | null>;
  loadOlder(): Promise<void>;
  /**
   * Resolves when it lies safely in this station's outbox; `id` makes it one message however often it is asked for. Each of the writing
   * methods throws AgentError `manifest`, before anything is sealed, where the manifest does not list the kind of message.
   */
  send(message: AgentMessage): Promise<MessageId>;
  /** As `send`, and makes batons of it. */
  ask(message: AgentMessage, ask: AgentAsk): Promise<MessageId>;
  /** Resolves when the server has committed it. Throws AgentError `refused` (with the code) where it never will be. Waits while offline. */
  committed(id: MessageId): Promise<void>;
  /** Closes what the agent's own message asked and is still open; answers how many batons that were. */
  settle(id: MessageId, reason: CloseReason): Promise<number>;
  /**
   * Ends what an answer to this agent's own question opened (`close` with `automation`), once it is dealt with; true where it is over by this
   * agent's hand, now or before, or never asked for anything. False where a person must see to it or was faster: it carries red flags, it asks for
   * more than a reply, somebody has acknowledged or answered it, it answers no question of this agent. Asking twice changes nothing. Throws
   * ClientError where the server could not be reached for 20 s; AgentError `manifest` where `settle` is not listed (docs/protocol/programmes.md §3).
   */
  settleAnswer(message: MessageId): Promise<boolean>;
  edit(id: MessageId, text: string): Promise<void>;
  withdraw(id: MessageId, reason: string | null): Promise<void>;
  react(id: MessageId, reaction: Reaction, on: boolean): Promise<void>;
  /** A practice card, or a report on what became of a text. */
  post(content: ContentOf<'card'> | ContentOf<'delivery'>): Promise<void>;
  /** Of every account that has opened anything. Changes are told by `timeline`. */
  openedBy(): readonly OpenedMark[];
  /** Whether one of these accounts has opened a committed message. */
  isOpenedBy(message: Pick<TimelineMessage, 'seq'>, accounts: readonly AccountId[]): boolean;
  /** Whole, checked and opened. Throws ClientFailure. */
  readAttachment(attachment: Attachment): Promise<Bytes>;
}

interface Restriction {
  readonly session: LiveSession;
  readonly wait: { after(delayMs: number, task: () => void): () => void };
  /** Throws AgentError `manifest` where it is not listed. */
  readonly require: (write: AgentWrite) => void;
}

/** Puts the manifest before every write of a conversation. */
export function restrictConversation(
  thread: Conversation,
  { session, wait, require }: Restriction,
): AgentConversation {
  const { outbox, marks, streams } = session.parts;
  const openedBy = (): readonly OpenedMark[] =>
    marks.of(thread.id).flatMap(({ account, opened }) => (opened ? [{ account, ...pick(opened) }] : []));
  const write = async (message: AgentMessage, ask: AgentAsk | null): Promise<MessageId> => {
    require('message');
    return thread.send({ ...message, as: null, ...(ask && { ask }) });
  };
  return {
    id: thread.id,
    summary: thread.summary,
    timeline: thread.timeline,
    card: thread.card,
    loadOlder: () => thread.loadOlder(),
    send: (message) => write(message, null),
    ask: (message, ask) => write(message, ask),
    async committed(id) {
      for (;;) {
        const row = outbox.find(id);
        if (row === null && (await streams.find(thread.id, id)) !== null) return;
        if (row?.committed) return;
        // The server has it, from a run whose answer was lost and whose item is no longer in this store.
        if (row?.failure?.code === 'conflict.exists') return void (await thread.unsend(id));
        if (row?.failure) throw new AgentError('refused', row.failure.code);
        if (row === null && outbox.find(id) === null) throw new AgentError('refused', 'unknown');
        await changeOf(thread.timeline, wait);
      }
    },
    async settle(id, reason) {
      require('message');
      const { account } = session.me.read();
      const own = session.batons.ofMessage(id).filter(({ ended, opener }) => {
        return ended === null && opener.id === account;
      });
      for (const baton of own) await session.batons.close(baton.id, reason);
      return own.length;
    },
    async settleAnswer(message) {
      require('settle');
      return settleAnswer(thread, message, { session, wait });
    },
    async edit(id, text) {
      require('edit');
      await thread.edit(id, text);
    },
    async withdraw(id, reason) {
      require('withdrawal');
      await thread.withdraw(id, reason);
    },
    async react(id, reaction, on) {
      require('reaction');
      await thread.react(id, reaction, on);
    },
    async post(content) {
      require(content.t);
      await thread.post(content);
    },
    openedBy,
    isOpenedBy: ({ seq }, accounts) =>
      seq !== null && openedBy().some((mark) => mark.seq >= seq && accounts.includes(mark.account)),
    readAttachment: (attachment) => thread.readAttachment(attachment),
  };
}

function pick({ seq, ts }: { readonly seq: number; readonly ts: TimestampMs }): Omit<OpenedMark, 'account'> {
  return { seq, at: ts };
}

function changeOf(live: Live<unknown>, wait: Restriction['wait']): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      unsubscribe();
      cancel();
      resolve();
    };
    const unsubscribe = live.subscribe(done);
    const cancel = wait.after(LOOK_MS, done);
  });
}
