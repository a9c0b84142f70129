import type {
  ConnectionState,
  Conversation,
  ConversationSummary,
  Directory,
  DutyRow,
  LiveSession,
  Live,
  OutgoingMessage,
  Timeline,
} from '@baton/client';
import type { ConversationId, MessageId } from '@baton/kernel';
import type { AgentWrite, ConversationKind, Manifest, Reaction } from '@baton/wire';
import { AgentError } from '../agent-error.ts';
import { AgentRoles } from './agent-roles.ts';

/** One conversation, as far as the manifest goes. */
export interface AgentConversation {
  readonly id: ConversationId;
  readonly summary: Live<ConversationSummary>;
  readonly timeline: Live<Timeline>;
  loadOlder(): Promise<void>;
  /** Each of these throws AgentError `manifest`, before anything is sealed, where the manifest does not list the kind of message. */
  send(message: Omit<OutgoingMessage, 'as'>): Promise<MessageId>;
  edit(id: MessageId, text: string): Promise<void>;
  withdraw(id: MessageId, reason: string | null): Promise<void>;
  react(id: MessageId, reaction: Reaction, on: boolean): Promise<void>;
}

/** The session as a program sees it: what its manifest lists, and no more (docs/protocol/agents.md §1). */
export interface AgentSession {
  readonly connection: Live<ConnectionState>;
  readonly directory: Pick<Directory, 'people' | 'roles' | 'member'>;
  readonly conversations: {
    /** Of the kinds that the manifest lists, those of which the agent is a member in person. */
    list(): readonly ConversationSummary[];
    subscribe(listener: () => void): () => void;
    /** Throws AgentError `manifest` for any other. */
    open(id: ConversationId): Promise<AgentConversation>;
  };
  /** Who is on duty: visible to everybody in the organisation. */
  readonly duty: Live<readonly DutyRow[]>;
  /** Keyrings that it keeps; empty, and closed to it, unless the manifest says `duty`. */
  readonly roles: AgentRoles;
}

export function restrictSession(session: LiveSession, manifest: Manifest): AgentSession {
  const { account } = session.me.read();
  const rule = (kind: ConversationKind) => manifest.access.find((access) => access.kind === kind) ?? null;
  const isOpen = (summary: ConversationSummary): boolean =>
    rule(summary.kind) !== null && summary.members.some(({ id }) => id === account);
  const { connection, directory, duty } = session;
  return {
    connection,
    directory,
    conversations: {
      list: () => session.conversations.list.read().filter(isOpen),
      subscribe: (listener) => session.conversations.list.subscribe(listener),
      async open(id) {
        const summary = session.conversations.list.read().find((row) => row.id === id);
        if (summary === undefined || !isOpen(summary)) throw new AgentError('manifest', 'conversation');
        const writes = rule(summary.kind)?.writes ?? [];
        return restrictConversation(await session.conversations.open(id), (write) => {
          if (!writes.includes(write)) throw new AgentError('manifest', `${summary.kind}.${write}`);
        });
      },
    },
    duty: duty.roles,
    roles: new AgentRoles(session, manifest),
  };
}

function restrictConversation(thread: Conversation, require: (write: AgentWrite) => void): AgentConversation {
  return {
    id: thread.id,
    summary: thread.summary,
    timeline: thread.timeline,
    loadOlder: () => thread.loadOlder(),
    async send(message) {
      require('message');
      return thread.send({ ...message, as: null });
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
  };
}
