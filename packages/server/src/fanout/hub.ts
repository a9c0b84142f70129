import type { AccountId, Bytes, ConversationId, OrgId, SessionId } from '@baton/kernel';
import { encodeServerFrame, type ErrorCode, type Item, MAX_ITEMS_PER_FRAME, type Mark } from '@baton/wire';
import type { ConversationCache } from '../commit/conversation-cache.ts';
import type { CommittedBatch } from '../commit/committer.ts';
import type { KeyLogs } from '../keylog/key-logs.ts';
import type { Ports } from '../ports.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';
import { type ConnectedAccounts, findAudience, findLeavers, findMarkReaders } from './audience.ts';
import { findBatonAudience, type ToldBatons } from './baton-audience.ts';
import type { Connection } from './connection.ts';

const NOBODY: ConnectedAccounts = new Map();

/** Sends what was committed to the sockets of this process. A hint: the record is what clients pull. */
export interface Hub {
  add(connection: Connection): () => void;
  hasConnections(org: OrgId): boolean;
  /** Batches of one organisation go out in the order of the calls. */
  publish(batch: CommittedBatch): void;
  publishMark(org: OrgId, conv: ConversationId, mark: Mark): void;
  publishKeyLog(org: OrgId, size: number): void;
  publishRecords(org: OrgId, size: number): void;
  /** Hints to everybody who sees these batons: ask for what changed. */
  publishBatons(told: ToldBatons): void;
  connectionsOf(org: OrgId, account: AccountId): Connection[];
  endSessions(org: OrgId, sessions: readonly SessionId[], code: ErrorCode): void;
  /** After a break in what this process hears: everybody catches up. */
  missAll(): void;
  endAll(code: ErrorCode): void;
}

export function createHub(needs: {
  conversations: ConversationCache;
  keyLogs: KeyLogs;
  ports: Pick<Ports, 'clock'>;
  log: Logger;
}): Hub {
  const { log } = needs;
  const orgs = new Map<OrgId, Map<AccountId, Set<Connection>>>();
  const order = new Map<OrgId, Promise<void>>();

  const all = function* (): Generator<Connection> {
    for (const accounts of orgs.values()) for (const set of accounts.values()) yield* set;
  };

  /** One thing after the other for each organisation; a failure costs its own recipients a pull and nobody else anything. */
  function inOrder(org: OrgId, task: () => Promise<void>): void {
    const next = (order.get(org) ?? Promise.resolve()).then(task).catch((error: unknown) => {
      log.error('background', { event: 'fan-out', ...describeError(error) });
      for (const connection of all()) if (connection.org === org) connection.miss();
    });
    order.set(org, next);
    void next.then(() => {
      if (order.get(org) === next) order.delete(org);
    });
  }

  async function send(batch: CommittedBatch): Promise<void> {
    const groups = new Map<ConversationId, Item[]>();
    for (const { conv, item } of batch.rows) {
      const items = groups.get(conv);
      if (items === undefined) groups.set(conv, [item]);
      else items.push(item);
    }
    const outgoing = new Map<Connection, Bytes[]>();
    const connected = orgs.get(batch.org) ?? NOBODY;
    for (const [conv, items] of groups) {
      const frames = framesOf(conv, items);
      const at = { org: batch.org, conv };
      for (const connection of await findAudience(needs, at, connected)) {
        const queued = outgoing.get(connection);
        if (queued === undefined) outgoing.set(connection, [...frames]);
        else queued.push(...frames);
      }
      const entries = items.filter(({ k }) => k === 'entry');
      for (const connection of entries.length === 0 ? [] : await findLeavers(needs, at, connected))
        outgoing.set(connection, [...(outgoing.get(connection) ?? []), ...framesOf(conv, entries)]);
    }
    for (const [connection, frames] of outgoing) connection.push(batch.batch, frames);
  }

  return {
    add(connection) {
      const accounts = orgs.get(connection.org) ?? new Map<AccountId, Set<Connection>>();
      orgs.set(connection.org, accounts);
      const set = accounts.get(connection.account) ?? new Set<Connection>();
      accounts.set(connection.account, set);
      set.add(connection);
      return () => {
        set.delete(connection);
        if (set.size === 0 && accounts.get(connection.account) === set) accounts.delete(connection.account);
        if (accounts.size === 0 && orgs.get(connection.org) === accounts) orgs.delete(connection.org);
      };
    },
    hasConnections: (org) => orgs.has(org),
    publish(batch) {
      if (orgs.has(batch.org)) inOrder(batch.org, () => send(batch));
    },
    publishMark(org, conv, mark) {
      if (orgs.has(org)) inOrder(org, () => sendMark(needs, { org, conv, mark }, orgs.get(org) ?? NOBODY));
    },
    publishKeyLog(org, size) {
      for (const set of orgs.get(org)?.values() ?? [])
        for (const connection of set) connection.send({ t: 'keylog', size });
    },
    publishRecords(org, size) {
      for (const set of orgs.get(org)?.values() ?? [])
        for (const connection of set) connection.send({ t: 'records', size });
    },
    publishBatons(told) {
      const { org } = told.book;
      if (!orgs.has(org)) return;
      inOrder(org, async () => {
        const connected = orgs.get(org) ?? NOBODY;
        for (const [account, hint] of await findBatonAudience(needs, told, connected))
          for (const connection of connected.get(account) ?? []) connection.send({ t: 'batons', ...hint });
      });
    },
    connectionsOf: (org, account) => [...(orgs.get(org)?.get(account) ?? [])],
    endSessions(org, sessions, code) {
      const ended = new Set(sessions);
      for (const connection of all())
        if (connection.org === org && ended.has(connection.session)) connection.end(code);
    },
    missAll() {
      for (const connection of all()) connection.miss();
    },
    endAll(code) {
      for (const connection of all()) connection.end(code);
    },
  };
}

function framesOf(conv: ConversationId, items: readonly Item[]): Bytes[] {
  const frames: Bytes[] = [];
  for (let start = 0; start < items.length; start += MAX_ITEMS_PER_FRAME)
    frames.push(
      encodeServerFrame({ t: 'items', conv, items: items.slice(start, start + MAX_ITEMS_PER_FRAME) }),
    );
  return frames;
}

async function sendMark(
  needs: Parameters<typeof findMarkReaders>[0],
  { org, conv, mark }: { org: OrgId; conv: ConversationId; mark: Mark },
  connected: ConnectedAccounts,
): Promise<void> {
  const readers = await findMarkReaders(needs, { org, conv, of: mark.account }, connected);
  for (const connection of readers) connection.send({ t: 'mark', conv, mark });
}
