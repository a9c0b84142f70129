import {
  type AccountId,
  type ConversationId,
  isId,
  newId,
  type OrgId,
  type Rng,
  type RoleId,
} from '@baton/kernel';
import { findAccount, findRole, type KeyLogState, listAccounts } from '@baton/ledger';
import { agentActivity, type EntryOp, type Manifest } from '@baton/wire';
import type { AgentActivity, AgentRow, Agents } from '../api/agents.ts';
import type { ConversationBook } from '../conversations/book.ts';
import type { DirectoryBook } from '../directory/directory-book.ts';
import { ClientError, isClientError } from '../failure.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import { LiveView, type Soon } from '../live/cell.ts';
import type { MembershipLogs } from '../membership/membership-logs.ts';
import type { PeopleDesk } from '../people/people-desk.ts';
import type { Rest } from '../rest/rest.ts';
import type { RoleKeeper } from '../roles/role-keeper.ts';
import type { EntryWriter } from '../writing/entry-writer.ts';
import type { ManifestBook } from './manifest-book.ts';

const ACTIVITY_ROWS = 100;
type ManifestWish = Omit<Manifest, 'v' | 't' | 'org' | 'version'>;

export interface AgentPorts {
  readonly org: OrgId;
  readonly rng: Rng;
  readonly soon: Soon;
  readonly rest: Rest;
  readonly keyLog: KeyLogReplica;
  readonly logs: MembershipLogs;
  readonly book: ConversationBook;
  readonly directory: DirectoryBook;
  readonly manifests: ManifestBook;
  readonly people: PeopleDesk;
  readonly roles: RoleKeeper;
  readonly writer: EntryWriter;
  /** Makes the collection in which the agent keeps its state, unless there is one. */
  readonly establishState: (agent: AccountId) => Promise<void>;
  /** Resolves when what was written in the conversation before has gone out: it stays on its side of the change. */
  readonly settled: (conv: ConversationId) => Promise<void>;
  /** Title of a conversation as this account sees it. */
  readonly titleOf: (conv: ConversationId) => string;
  readonly failed: (error: unknown) => void;
}

/** Agents of the organisation: what each may do, where it is, and the changes to that. */
export class AgentDesk implements Agents {
  readonly rows: LiveView<readonly AgentRow[]>;
  readonly #ports: AgentPorts;

  constructor(ports: AgentPorts) {
    this.#ports = ports;
    this.rows = new LiveView(ports.soon, () => this.#list());
  }

  /** Accounts, members or manifests changed. */
  invalidate(): void {
    this.rows.invalidate();
    void this.#fetchManifests().catch((error: unknown) => {
      if (!isClientError(error)) this.#ports.failed(error);
    });
  }

  async invite(input: { readonly name: string; readonly manifest: ManifestWish }) {
    const { people, rng } = this.#ports;
    const manifest = await this.#publish(input.manifest, 1);
    const account = newId('account', rng);
    const { link } = await people.issue({
      account,
      kind: 'agent',
      gen: 1,
      name: input.name,
      jobs: ['agent'],
      manifest,
    });
    return { link };
  }

  async changeManifest(agent: AccountId, manifest: ManifestWish): Promise<void> {
    const { manifests, people } = this.#ports;
    const before = await manifests.find(this.#manifestOf(agent));
    await people.grantManifest(agent, await this.#publish(manifest, (before?.version ?? 0) + 1));
    this.invalidate();
  }

  async admit(
    agent: AccountId,
    conversation: ConversationId,
    options: { readonly history: boolean },
  ): Promise<void> {
    const manifest = this.#manifestOf(agent);
    await this.#prepareState(agent, manifest);
    await this.#ports.settled(conversation);
    await this.#ports.writer.append(conversation, (state) =>
      state.members.has(agent)
        ? null
        : ({ op: 'agent-grant', agent, hist: options.history, manifest } satisfies EntryOp),
    );
  }

  async revoke(agent: AccountId, conversation: ConversationId): Promise<void> {
    await this.#ports.settled(conversation);
    await this.#ports.writer.append(conversation, (state) =>
      state.members.has(agent) ? { op: 'agent-revoke', agent } : null,
    );
  }

  async keepRole(agent: AccountId, role: RoleId, on: boolean): Promise<void> {
    const { keyLog, roles } = this.#ports;
    const keyring = findRole(keyLog.state, role)?.keyring;
    if (!keyring) throw new ClientError('request.not_found', 'role');
    if (on) return this.admit(agent, keyring, { history: true });
    await this.revoke(agent, keyring);
    await roles.publishKey(role);
  }

  async end(agent: AccountId): Promise<void> {
    const { book, directory, people } = this.#ports;
    // First of all it loses its session and gets no new keys; taking it out makes that seen everywhere.
    await people.deactivate(agent);
    const served = [...book.all()].filter(({ members }) => members.includes(agent)).map(({ conv }) => conv);
    const kept = directory.roles.read().filter(({ holders }) => holders.some(({ id }) => id === agent));
    for (const conv of served) await this.revoke(agent, conv).catch(ignoreRefusal);
    for (const { id } of kept) await this.keepRole(agent, id, false).catch(ignoreRefusal);
    this.invalidate();
  }

  async activity(agent: AccountId): Promise<AgentActivity> {
    const { rest, titleOf, book } = this.#ports;
    const seen = await rest.call({
      method: 'GET',
      path: `/agents/${agent}/activity`,
      query: { limit: ACTIVITY_ROWS },
      answer: agentActivity,
    });
    return {
      conversations: seen.conversations.map((id) => ({ id, title: book.get(id) ? titleOf(id) : '' })),
      lastSeenAt: seen.lastSeenAt,
      events: seen.events.map(({ at, action, object, outcome }) => ({ at, action, object, outcome })),
    };
  }

  /** An agent that remembers nothing does nothing: whoever may sign for the organisation gives it its state with the first admission. */
  async #prepareState(agent: AccountId, hash: Uint8Array): Promise<void> {
    const { people, manifests, establishState } = this.#ports;
    const manifest = await manifests.find(hash);
    const keepsState = manifest?.access.some(({ kind, history }) => kind === 'collection' && history);
    if (!keepsState || !people.canEnrol.read()) return;
    // Another administrator made it, and is in it.
    await establishState(agent).catch(ignoreRefusal);
  }

  #list(): readonly AgentRow[] {
    const { keyLog, manifests, directory, book, logs, titleOf } = this.#ports;
    return agentsOf(keyLog.state).map(({ account, manifest: hash }) => {
      const manifest = hash ? manifests.peek(hash) : null;
      const serves = [...book.all()]
        .filter(({ members, kind, left }) => kind !== 'keyring' && !left && members.includes(account))
        .map(({ conv }) => ({
          conversation: conv,
          title: titleOf(conv),
          history: logs.peek(conv)?.state.members.get(account)?.hist ?? false,
        }));
      return {
        agent: directory.person(account),
        manifest,
        responsible: manifest && directory.person(manifest.responsible),
        serves,
        roles: directory.roles.read().filter(({ holders }) => holders.some(({ id }) => id === account)),
      };
    });
  }

  async #fetchManifests(): Promise<void> {
    const { keyLog, manifests } = this.#ports;
    const missing = agentsOf(keyLog.state).flatMap(({ manifest }) =>
      manifest && !manifests.peek(manifest) ? [manifest] : [],
    );
    if (missing.length === 0) return;
    await manifests.prepare(missing);
    this.rows.invalidate();
  }

  #publish(wish: ManifestWish, version: number): Promise<Uint8Array> {
    const { manifests, org } = this.#ports;
    return manifests.publish({ v: 1, t: 'manifest', org, version, ...wish });
  }

  #manifestOf(agent: AccountId): Uint8Array {
    const hash = isId('account', agent) ? findAccount(this.#ports.keyLog.state, agent)?.manifest : null;
    if (!hash) throw new ClientError('request.not_found', 'agent');
    return hash;
  }
}

function agentsOf(state: KeyLogState) {
  return listAccounts(state).filter(({ kind, claimed }) => kind === 'agent' && claimed);
}

/** Where this account may not change the members, somebody else does; without an active account nothing is sealed to it any more. */
function ignoreRefusal(error: unknown): void {
  if (!isClientError(error)) throw error;
}
