import { type AccountId, encodeHex } from '@baton/kernel';
import { findAccount, type KeyLogState } from '@baton/ledger';
import type { AgentWrite, ConversationKind, Manifest } from '@baton/wire';

/** What an agent is about to write, and where. */
export interface AgentWriting {
  readonly conversationKind: ConversationKind;
  /** Kind of message, a collection's `put`, or `members`: changes of a keyring's holders. */
  readonly kind: AgentWrite;
}

/** Whether the manifest lists it; changes of holders need `duty` as well (docs/protocol/agents.md §1). */
export function mayAgentWrite(manifest: Manifest, { conversationKind, kind }: AgentWriting): boolean {
  if (kind === 'members' && !(manifest.duty && conversationKind === 'keyring')) return false;
  const access = manifest.access.find((listed) => listed.kind === conversationKind);
  return access?.writes.includes(kind) === true;
}

export interface AuthorWriting extends AgentWriting {
  readonly keyLog: KeyLogState;
  /** Size of the key log; left out: now. */
  readonly size?: number;
  readonly author: AccountId;
  /** Those known, by hexadecimal hash. One that is not known lists nothing. */
  readonly manifests: ReadonlyMap<string, Manifest>;
}

/** As `mayAgentWrite`, by the manifest that the author had at that size of the key log; anybody who is no agent has none and needs none. */
export function isWithinManifest(writing: AuthorWriting): boolean {
  const { keyLog, author, size, manifests } = writing;
  const account = findAccount(keyLog, author, size);
  if (account?.kind !== 'agent') return true;
  const manifest = account.manifest === null ? undefined : manifests.get(encodeHex(account.manifest));
  return manifest !== undefined && mayAgentWrite(manifest, writing);
}
