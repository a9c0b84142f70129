import { type ConversationId, isId } from '@baton/kernel';
import { findRoleOfKeyring } from '@baton/ledger';
import { notFound } from '../api-error.ts';
import { type Conversation, findReachable } from '../store/conversations.ts';
import type { Database } from '../store/database.ts';
import type { KeyLogs } from '../keylog/key-logs.ts';
import { loadActor, requirePermission } from './actor.ts';
import type { Session } from './sessions.ts';

declare const opened: unique symbol;

/** A conversation that its holder may read now. Nothing but `openConversation` makes one, and everything that reads needs one. */
export interface OpenConversation {
  readonly [opened]: true;
  readonly session: Session;
  readonly conv: ConversationId;
  readonly row: Conversation;
}

/**
 * The one door. Directly a member, or through a role held now; asked of the primary database each time. What does not exist, what belongs
 * to another organisation and what the caller may not see are one answer from one query.
 */
export async function openConversation(
  db: Database,
  session: Session,
  conv: ConversationId,
): Promise<OpenConversation> {
  const row = isId('conversation', conv) ? await findReachable(db, session, conv) : null;
  if (row === null) throw notFound();
  return { session, conv, row } as unknown as OpenConversation;
}

/**
 * The right to a conversation's membership log: whoever may read the conversation. A keyring's log says who holds a role, which is no
 * secret among the staff, their agents and their patients, and which everybody needs who seals to the role or looks whether its answer is
 * one; its boxes stay behind the door.
 */
export async function openMembershipLog(
  needs: { db: Database; keyLogs: KeyLogs },
  session: Session,
  conv: ConversationId,
): Promise<void> {
  const actor = await loadActor(needs.keyLogs, session);
  const keyLog = await needs.keyLogs.get(session.org);
  if (findRoleOfKeyring(keyLog, conv) === null) await openConversation(needs.db, session, conv);
  else if (actor.kind === 'user') requirePermission(actor, 'directory.read');
}
