import { type AccountId, type ConversationId, encodeBase64Url } from '@baton/kernel';
import { auditEventHash, findAccount } from '@baton/ledger';
import type { agentActivity } from '@baton/wire';
import type { z } from 'zod';
import { actorOf, requirePermission } from '../access/actor.ts';
import type { Session } from '../access/sessions.ts';
import { notFound } from '../api-error.ts';
import type { Services } from '../server-parts.ts';
import { findLastSeen, readAuditOf } from '../store/agent-activity.ts';
import { appendAudit } from '../store/audit.ts';
import { listReachable } from '../store/conversations.ts';
import { auditRecordOf } from './audit-trail.ts';

/** An agent may serve thousands of conversations; the page shows so many. */
const MAX_CONVERSATIONS = 5000;
/** How far back among the organisation's events its own are looked for. */
const WITHIN_EVENTS = 1_000_000;

/** What the server saw an agent do. Of people nothing is answered here: whoever asks for one is told that there is nothing. */
export async function readAgentActivity(
  needs: Pick<Services, 'db' | 'ports' | 'keyLogs'>,
  session: Session,
  what: { account: AccountId; limit: number },
): Promise<z.infer<typeof agentActivity>> {
  const { db, ports, keyLogs } = needs;
  const { org } = session;
  const { account, limit } = what;
  const keyLog = await keyLogs.refresh(org);
  requirePermission(actorOf(keyLog, session), 'agent.activity.read');
  if (findAccount(keyLog, account)?.kind !== 'agent') throw notFound();
  return db.inOrg(org, async (trx) => {
    const reachable = await listReachable(trx, account, { after: null, limit: MAX_CONVERSATIONS });
    const rows = await readAuditOf(trx, { actor: account, limit, within: WITHIN_EVENTS });
    const lastSeenAt = await findLastSeen(trx, account);
    await appendAudit(trx, { org, atMs: ports.clock.nowMs() }, [
      {
        actor: session.account,
        session: session.session,
        action: 'agent.activity.read',
        object: account,
        outcome: 'ok',
        code: null,
      },
    ]);
    return {
      conversations: reachable.map(({ conv }) => conv as ConversationId),
      lastSeenAt,
      events: rows.map((row) => {
        const { at, action, object, outcome } = row;
        const hash = encodeBase64Url(auditEventHash(ports.digest, auditRecordOf(row)));
        return { at, action, object, outcome, hash };
      }),
    };
  });
}
