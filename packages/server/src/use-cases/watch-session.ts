import { keyLogSize } from '@baton/ledger';
import { assertOpen, type Session } from '../access/sessions.ts';
import { ApiError } from '../api-error.ts';
import type { Services } from '../server-parts.ts';
import { findOrg } from '../store/organisations.ts';
import { findSessionById, touchSession } from '../store/sessions.ts';

type Needs = Pick<Services, 'db' | 'ports' | 'keyLogs'>;

/** Where the organisation stands when a socket opens. */
export async function readPosition(
  needs: Needs,
  session: Session,
): Promise<{ batch: number; keyLog: number; records: number }> {
  const keyLog = await needs.keyLogs.get(session.org);
  const org = await needs.db.inOrg(session.org, (trx) => findOrg(trx, session.org));
  return { batch: org?.batch ?? 0, keyLog: keyLogSize(keyLog), records: org?.records_size ?? 0 };
}

/** Keeps a socket's session alive while it is used. Throws the code with which it is over. */
export async function keepSession(needs: Needs, session: Session, isUsed: boolean): Promise<void> {
  const nowMs = needs.ports.clock.nowMs();
  const row = await needs.db.inOrg(session.org, async (trx) => {
    const found = await findSessionById(trx, session.session);
    if (found === null) return null;
    assertOpen(found, nowMs);
    if (isUsed) await touchSession(trx, { session: session.session, seenAt: nowMs });
    return found;
  });
  if (row === null) throw new ApiError('auth.required');
}
