import type {
  ConnectionState,
  ConversationSummary,
  Directory,
  DutyRow,
  Live,
  LiveSession,
} from '@baton/client';
import { ClientError } from '@baton/client';
import type { ConversationId, Timers } from '@baton/kernel';
import type { ConversationKind, Manifest, NamedCollection } from '@baton/wire';
import { AgentError } from '../agent-error.ts';
import { type AgentConversation, restrictConversation } from './agent-conversation.ts';
import { AgentRoles } from './agent-roles.ts';
import { checkProtocols, type ProtocolCheck } from './protocol-check.ts';
import { type NamedValue, type NamedValues, openNamed } from './named-values.ts';

/** An agent that waits to be let into a collection looks again so often. */
const LOOK_MS = 1000;

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
    /** The conversation that a sidebar belongs to, by its own verified log; null for every other, and for one that the agent is not in. */
    parentOf(id: ConversationId): Promise<ConversationId | null>;
  };
  readonly collections: {
    /**
     * A collection that the organisation has one of; null while there is none or the agent has not been let in. Throws AgentError `manifest`
     * where the manifest lists no collections.
     */
    named<N extends NamedCollection>(name: N): Promise<NamedValues<NamedValue[N]> | null>;
    /** As `named`; waits until somebody has let the agent in. */
    awaitNamed<N extends NamedCollection>(name: N): Promise<NamedValues<NamedValue[N]>>;
  };
  /** Whether a check-in protocol may run. */
  readonly protocols: ProtocolCheck;
  /** Who is on duty: visible to everybody in the organisation. */
  readonly duty: Live<readonly DutyRow[]>;
  /** Keyrings that it keeps; empty, and closed to it, unless the manifest says `duty`. */
  readonly roles: AgentRoles;
}

export function restrictSession(session: LiveSession, manifest: Manifest, wait: Timers): AgentSession {
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
        return restrictConversation(await session.conversations.open(id), {
          session,
          wait,
          require: (write) => {
            if (!writes.includes(write)) throw new AgentError('manifest', `${summary.kind}.${write}`);
          },
        });
      },
      async parentOf(id) {
        const summary = session.conversations.list.read().find((row) => row.id === id);
        if (summary === undefined || !isOpen(summary)) return null;
        return (await session.parts.logs.load(id))?.state.parent ?? null;
      },
    },
    collections: restrictCollections(session, manifest, wait),
    protocols: checkProtocols(session, manifest),
    duty: duty.roles,
    roles: new AgentRoles(session, manifest),
  };
}

function restrictCollections(
  session: LiveSession,
  manifest: Manifest,
  wait: Timers,
): AgentSession['collections'] {
  const rule = manifest.access.find(({ kind }) => kind === 'collection') ?? null;
  const requirePut = (): void => {
    if (rule?.writes.includes('put') !== true) throw new AgentError('manifest', 'collection.put');
  };
  const named: AgentSession['collections']['named'] = async (name) => {
    if (rule === null) throw new AgentError('manifest', 'collection');
    try {
      const collection = await session.collections.named(name);
      if (!session.collections.isMember(collection.id)) return null;
      return openNamed(name, collection, requirePut);
    } catch (error) {
      // There is none, or it is not for this agent: from outside the two look alike.
      if (error instanceof ClientError && error.code === 'request.not_found') return null;
      throw error;
    }
  };
  return {
    named,
    async awaitNamed(name) {
      for (;;) {
        const values = await named(name);
        // Opened, but are its keys here? Late ones come soon.
        const isReadable = await values?.list().then(
          () => true,
          () => false,
        );
        if (values && isReadable) return values;
        await new Promise<void>((resolve) => wait.after(LOOK_MS, resolve));
      }
    },
  };
}
