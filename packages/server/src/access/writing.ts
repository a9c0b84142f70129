import { type ConversationId, isId, type RoleId } from '@baton/kernel';
import type { KeyLogState } from '@baton/ledger';
import { type ConversationState, isAuthorAmong } from '@baton/policy';
import { notFound } from '../api-error.ts';
import type { ConversationCache, HeldRole } from '../commit/conversation-cache.ts';
import { actorOf, requirePermission } from './actor.ts';
import type { Session } from './sessions.ts';

declare const granted: unique symbol;

/** The right to append to a conversation, and what it rests on: the database compares these positions when it commits. */
export interface WriteGrant {
  readonly [granted]: true;
  readonly session: Session;
  readonly keyLog: KeyLogState;
  readonly state: ConversationState;
  /** The roles among the members that the author holds. */
  readonly held: readonly HeldRole[];
  /** The keyring by which the author reaches the conversation; null for a direct member. */
  readonly keyring: { readonly conv: ConversationId; readonly n: number } | null;
}

/** The write side of the door: a member in person or through a role, with the right to send. Otherwise as if it did not exist. */
export async function openForWriting(
  conversations: ConversationCache,
  at: { session: Session; keyLog: KeyLogState },
  conv: ConversationId,
): Promise<WriteGrant> {
  const { session, keyLog } = at;
  const actor = actorOf(keyLog, session);
  const state = await conversations.get(session.org, conv);
  if (state === null) throw notFound();
  const roles = [...state.members.keys()].filter((member): member is RoleId => isId('role', member));
  const held = await conversations.heldAmong({ org: session.org, keyLog, account: session.account, roles });
  const holds = held.map(({ role }) => role);
  const author = { account: session.account, kind: actor.kind, active: true, jobs: actor.jobs, holds };
  if (!isAuthorAmong(author, state.members)) throw notFound();
  requirePermission(actor, 'message.send');
  const isDirect = state.members.get(session.account)?.invitation === null;
  const via = isDirect ? undefined : held[0]?.keyring;
  const keyring = via === undefined ? null : { conv: via.conv, n: via.n };
  return { session, keyLog, state, held, keyring } as unknown as WriteGrant;
}

/**
 * A conversation's membership state for whoever belongs to it, an invited one included; null where it is to be made by its first entry.
 * Otherwise as if it did not exist.
 */
export async function openMembership(
  conversations: ConversationCache,
  at: { session: Session; keyLog: KeyLogState },
  what: { conv: ConversationId; isFirst: boolean },
): Promise<ConversationState | null> {
  const { session, keyLog } = at;
  actorOf(keyLog, session);
  const state = await conversations.get(session.org, what.conv);
  if (state === null) {
    if (what.isFirst) return null;
    throw notFound();
  }
  if (state.members.has(session.account)) return state;
  const roles = [...state.members.keys()].filter((member): member is RoleId => isId('role', member));
  const held = await conversations.heldAmong({ org: session.org, keyLog, account: session.account, roles });
  if (held.length === 0) throw notFound();
  return state;
}
