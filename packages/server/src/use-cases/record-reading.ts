import type { ConversationId } from '@baton/kernel';
import type { Session } from '../access/sessions.ts';
import type { Services } from '../server-parts.ts';

/**
 * Who has looked into what: one event for each session and conversation, so that scrolling is not a hundred. Durable before anything is
 * shown.
 */
export function recordReading(
  needs: Pick<Services, 'audit'>,
  session: Session,
  conv: ConversationId,
): Promise<void> {
  return needs.audit.recordOnce(session.org, `${session.session}${conv}`, {
    actor: session.account,
    session: session.session,
    action: 'conversation.read',
    object: conv,
    outcome: 'ok',
    code: null,
  });
}
