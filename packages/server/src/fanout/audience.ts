import type { AccountId, ConversationId, OrgId } from '@baton/kernel';
import { findAccount, type KeyLogState } from '@baton/ledger';
import type { ConversationCache } from '../commit/conversation-cache.ts';
import type { KeyLogs } from '../keylog/key-logs.ts';
import type { Connection } from './connection.ts';

/** The connected ones of an organisation. */
export type ConnectedAccounts = ReadonlyMap<AccountId, ReadonlySet<Connection>>;

interface Needs {
  readonly conversations: ConversationCache;
  readonly keyLogs: KeyLogs;
}

/** Connections of everybody whom the conversation's members stand for now. */
export async function findAudience(
  needs: Needs,
  at: { org: OrgId; conv: ConversationId },
  connected: ConnectedAccounts,
): Promise<Connection[]> {
  const state = await needs.conversations.get(at.org, at.conv);
  if (state === null) return [];
  const reached = await needs.conversations.audience(state, await needs.keyLogs.get(at.org));
  // A team of hundreds with three online, or three members of hundreds online: go through the smaller side.
  const accounts =
    reached.size < connected.size
      ? [...reached].filter((account) => connected.has(account))
      : [...connected.keys()].filter((account) => reached.has(account));
  return accounts.flatMap((account) => [...(connected.get(account) ?? [])]);
}

/**
 * A patient is not shown when whom of the staff had or opened what: it would tell when each of them is at work (threat T38). Staff see patients'
 * marks, and everybody those of agents.
 */
export function seesMarkOf(
  keyLog: KeyLogState,
  { reader, of }: { readonly reader: AccountId; readonly of: AccountId },
): boolean {
  return (
    reader === of ||
    findAccount(keyLog, reader)?.kind !== 'patient' ||
    findAccount(keyLog, of)?.kind !== 'user'
  );
}

/** Of a conversation's audience those who are told of somebody's mark. */
export async function findMarkReaders(
  needs: Needs,
  at: { org: OrgId; conv: ConversationId; of: AccountId },
  connected: ConnectedAccounts,
): Promise<Connection[]> {
  const keyLog = await needs.keyLogs.get(at.org);
  const audience = await findAudience(needs, at, connected);
  return audience.filter(
    ({ account }) => account !== at.of && seesMarkOf(keyLog, { reader: account, of: at.of }),
  );
}

/** Connections of those whom the newest generation left out: shown the entry that did it, and nothing that follows. */
export async function findLeavers(
  needs: Needs,
  at: { org: OrgId; conv: ConversationId },
  connected: ConnectedAccounts,
): Promise<Connection[]> {
  const state = await needs.conversations.get(at.org, at.conv);
  if (state === null) return [];
  const left = [...state.past].filter(
    ([member, spans]) => !state.members.has(member) && spans.at(-1)?.until === state.gen,
  );
  return left.flatMap(([member]) => [...(connected.get(member as AccountId) ?? [])]);
}
