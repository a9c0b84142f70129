import type { ConversationId } from '@baton/kernel';
import { isId } from '@baton/kernel';
import { notFound } from '../api-error.ts';
import { type Conversation, findReachable } from '../store/conversations.ts';
import type { Database } from '../store/database.ts';
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
