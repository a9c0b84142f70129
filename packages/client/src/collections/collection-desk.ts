import type { AccountId, Bytes, ConversationId, OrgId, RoleId } from '@baton/kernel';
import { NAMED_COLLECTIONS, type NamedCollection } from '@baton/wire';
import { findAccount, type Digest, listAccounts } from '@baton/ledger';
import type { Collection, Collections, CollectionValue } from '../api/collections.ts';
import type { ConversationBook } from '../conversations/book.ts';
import type { DirectoryBook } from '../directory/directory-book.ts';
import { ClientError } from '../failure.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import type { PeopleDesk } from '../people/people-desk.ts';
import type { SyncEngine } from '../sync/engine.ts';
import type { EntryWriter } from '../writing/entry-writer.ts';
import { agentStateOf } from './agent-state.ts';
import { namedCollectionOf } from './named-collection.ts';
import type { CollectionBook, PutRow } from './collection-book.ts';
import type { CollectionWriter } from './collection-writer.ts';
import { standingOf } from './put-row.ts';

type Listener = Parameters<Collection['subscribe']>[0];

/** Team role whose holders can look at what assistants keep. */
const STATE_ROLE = 'Assistants';

export interface CollectionDeskPorts {
  readonly me: AccountId;
  readonly org: OrgId;
  readonly digest: Digest;
  readonly keyLog: KeyLogReplica;
  readonly book: ConversationBook;
  readonly directory: DirectoryBook;
  readonly collections: CollectionBook;
  readonly writer: CollectionWriter;
  readonly entries: EntryWriter;
  readonly sync: SyncEngine;
  readonly people: () => Pick<PeopleDesk, 'defineRole'>;
}

/** Collections as agents and tools use them: by key, with compare-and-set. */
export class CollectionDesk implements Collections {
  readonly #ports: CollectionDeskPorts;
  readonly #listeners = new Map<ConversationId, Set<Listener>>();

  constructor(ports: CollectionDeskPorts) {
    this.#ports = ports;
  }

  stateOf(agent: AccountId): ConversationId {
    return agentStateOf(this.#ports.digest, agent);
  }

  named(name: NamedCollection): Promise<Collection> {
    return this.open(this.idOf(name));
  }

  idOf(name: NamedCollection): ConversationId {
    return namedCollectionOf(this.#ports.digest, this.#ports.org, name);
  }

  isNamed(id: ConversationId): boolean {
    return NAMED_COLLECTIONS.some((name) => this.idOf(name) === id);
  }

  async establishState(agent: AccountId): Promise<void> {
    const { book, sync, entries, keyLog } = this.#ports;
    const manifest = findAccount(keyLog.state, agent)?.manifest;
    if (!manifest) throw new ClientError('policy.manifest', 'agent');
    const conv = this.stateOf(agent);
    if (book.get(conv) === null) {
      const m = await this.#stateRole();
      await entries.create(conv, {
        op: 'create',
        kind: 'collection',
        members: [{ m, hist: true }],
        role: null,
        parent: null,
      });
    } else await sync.run(conv, () => sync.pullToNewest(conv));
    await entries.append(conv, ({ members }) =>
      members.has(agent) ? null : { op: 'agent-grant', agent, hist: true, manifest },
    );
  }

  async open(id: ConversationId): Promise<Collection> {
    const { book, collections, writer, sync } = this.#ports;
    const row = book.get(id);
    if (row?.kind !== 'collection') throw new ClientError('request.not_found', 'collection');
    const keyOf = async (key: string): Promise<Bytes> => {
      const opaque = await collections.keyFor(id, key);
      if (opaque === null) throw new ClientError('policy.not_a_member', 'collection');
      return opaque;
    };
    return {
      id,
      keyOf,
      async get(key) {
        const newest = await collections.get(id, await keyOf(key));
        return newest ? toValue(newest) : null;
      },
      put: (key, decide) => writer.put(id, key, (newest) => decide(newest ? toValue(newest) : null)),
      async list() {
        return (await collections.list(id)).map(toValue).filter(({ value }) => value !== null);
      },
      refresh: () => sync.run(id, () => sync.pullToNewest(id)),
      subscribe: (listener) => this.#subscribe(id, listener),
    };
  }

  isMember(id: ConversationId): boolean {
    const row = this.#ports.book.get(id);
    return row !== null && !row.left && row.members.includes(this.#ports.me);
  }

  /** Puts were stored. */
  changed(conv: ConversationId, rows: readonly PutRow[]): void {
    const listeners = [...(this.#listeners.get(conv) ?? [])];
    if (listeners.length === 0) return;
    const stored = rows.map(toValue);
    for (const listener of listeners) listener(stored);
  }

  /** Collections that are no registry of patients. */
  isState(conv: ConversationId): boolean {
    return listAccounts(this.#ports.keyLog.state).some(
      ({ account, kind }) => kind === 'agent' && this.stateOf(account) === conv,
    );
  }

  #subscribe(conv: ConversationId, listener: Listener): () => void {
    const listeners = this.#listeners.get(conv) ?? new Set();
    this.#listeners.set(conv, listeners);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  async #stateRole(): Promise<RoleId> {
    const { directory, people, me } = this.#ports;
    const mine = directory.roles
      .read()
      .find(({ name, use, heldByMe }) => name === STATE_ROLE && use === 'team' && heldByMe);
    return mine?.id ?? people().defineRole({ name: STATE_ROLE, unit: null, use: 'team', holders: [me] });
  }
}

function toValue(row: PutRow): CollectionValue {
  const standing = standingOf(row);
  return {
    key: row.key,
    value: standing?.value ?? null,
    version: row.version,
    at: standing?.at ?? row.ts,
    author: standing?.author ?? null,
    firm: standing?.firm ?? true,
  };
}
