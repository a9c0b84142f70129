import type { Bytes } from '@baton/kernel';
import { keyLogSize, openStatement } from '@baton/ledger';
import type { Session } from '../access/sessions.ts';
import { admitStatements } from '../access/statement-rules.ts';
import { accept, ApiError } from '../api-error.ts';
import {
  announceStatements,
  checkStatements,
  type StatementNeeds,
  storeStatements,
} from './append-statements.ts';

const ATTEMPTS = 4;

/**
 * Appends a signed-in account's statements to the key log, all or none; answers the new size. The signatures are the authority; the
 * permission and the proof of presence keep a stolen session from using them.
 */
export async function postStatements(
  needs: StatementNeeds,
  session: Session,
  bodies: readonly Bytes[],
): Promise<number> {
  const { org } = session;
  const statements = bodies.map((body) => accept(openStatement(needs.ports.digest, body)).body);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const keyLog = await needs.keyLogs.refresh(org);
    admitStatements({ session, keyLog, nowMs: needs.ports.clock.nowMs() }, statements);
    const checked = await checkStatements(needs, keyLog, { org, bodies });
    const options = { org, actor: session.account, session: session.session };
    const effects = await needs.db.inOrg(org, (trx) => storeStatements(needs, trx, checked, options));
    if (effects === null) continue; // somebody else's statements came first: judge by the longer log
    announceStatements(needs, org, { checked, effects });
    return keyLogSize(checked.after);
  }
  throw new ApiError('limit.busy', '', 500);
}
