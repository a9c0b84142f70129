import { type AccountId, type ConversationId, encodeUtf8, ID_BYTES, makeId } from '@baton/kernel';
import type { Digest } from '@baton/ledger';

/**
 * Collection in which an agent keeps its state (docs/protocol/agents.md §3). One who made it first, before the administrator, could only
 * keep the agent from working: whoever is in it is visible, and the agent comes in by a grant.
 */
export function agentStateOf(digest: Digest, agent: AccountId): ConversationId {
  return makeId('conversation', digest(encodeUtf8(`sg/agent-state/v1\0${agent}`)).slice(0, ID_BYTES));
}
