import type { AccountId, Bytes, DeviceId, OrgId, SessionId } from '@baton/kernel';
import type { Database, OrgTransaction } from './database.ts';
import { addLocator, removeLocator } from './locators.ts';
import type { SessionRow } from './schema.ts';

/** The session that a token belongs to, ended and expired ones included; one round trip. */
export async function findSession(db: Database, tokenHash: Bytes): Promise<SessionRow | null> {
  const { rows } = await db.pool.query<SessionRow>({
    name: 'find-session',
    text: 'SELECT * FROM find_session($1)',
    values: [tokenHash],
  });
  return rows[0] ?? null;
}

/** By id, for sockets that keep a session open without its token. */
export async function findSessionById(trx: OrgTransaction, session: SessionId): Promise<SessionRow | null> {
  return (
    (await trx.selectFrom('sessions').selectAll().where('session', '=', session).executeTakeFirst()) ?? null
  );
}

export async function insertSession(trx: OrgTransaction, row: SessionRow): Promise<void> {
  await trx.insertInto('sessions').values(row).execute();
  await addLocator(trx, { kind: 'session', key: row.token_hash, org: row.org as OrgId });
}

export async function touchSession(
  trx: OrgTransaction,
  change: { session: SessionId; seenAt: number },
): Promise<void> {
  await trx
    .updateTable('sessions')
    .set({ last_seen_at: change.seenAt })
    .where('session', '=', change.session)
    .where('last_seen_at', '<', change.seenAt)
    .execute();
}

/** Replaces the token; false where somebody else has just done it. */
export async function rotateSession(
  trx: OrgTransaction,
  change: {
    org: OrgId;
    session: SessionId;
    from: Bytes;
    to: Bytes;
    atMs: number;
    previousUntilMs: number;
  },
): Promise<boolean> {
  const before = await trx
    .selectFrom('sessions')
    .select('previous_hash')
    .where('session', '=', change.session)
    .where('token_hash', '=', change.from)
    .where('ended_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  if (before === undefined) return false;
  if (before.previous_hash !== null) await removeLocator(trx, 'session', before.previous_hash);
  await trx
    .updateTable('sessions')
    .set({
      token_hash: change.to,
      previous_hash: change.from,
      previous_until: change.previousUntilMs,
      rotated_at: change.atMs,
    })
    .where('session', '=', change.session)
    .execute();
  await addLocator(trx, { kind: 'session', key: change.to, org: change.org });
  return true;
}

export async function stepUpSession(
  trx: OrgTransaction,
  change: { session: SessionId; untilMs: number },
): Promise<void> {
  await trx
    .updateTable('sessions')
    .set({ stepped_up_until: change.untilMs })
    .where('session', '=', change.session)
    .execute();
}

export async function nameSessionDevice(
  trx: OrgTransaction,
  change: { session: SessionId; device: DeviceId },
): Promise<void> {
  await trx
    .updateTable('sessions')
    .set({ device: change.device })
    .where('session', '=', change.session)
    .execute();
}

/** Ends open sessions of an account: one, those of a device, those of a credential, or all. Answers which ended. */
export async function endSessions(
  trx: OrgTransaction,
  what: {
    account: AccountId;
    session?: SessionId;
    device?: DeviceId;
    credential?: string;
    atMs: number;
    code: string;
  },
): Promise<SessionId[]> {
  let query = trx
    .updateTable('sessions')
    .set({ ended_at: what.atMs, end_code: what.code })
    .where('account', '=', what.account)
    .where('ended_at', 'is', null);
  if (what.session !== undefined) query = query.where('session', '=', what.session);
  if (what.device !== undefined) query = query.where('device', '=', what.device);
  if (what.credential !== undefined) query = query.where('credential', '=', what.credential);
  const rows = await query.returning('session').execute();
  return rows.map((row) => row.session as SessionId);
}
