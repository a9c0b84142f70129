import type { AccountId, Bytes, DeviceId, OrgId } from '@baton/kernel';
import { type Kysely, sql } from 'kysely';
import type { ChallengeRow, Schema, SetupTokenRow } from './schema.ts';

// Things that count once: set-up tokens and challenges. All are stored as hashes.

export async function insertSetupToken(
  db: Kysely<Schema>,
  token: { hash: Bytes; kind: SetupTokenRow['kind']; expiresAtMs: number },
): Promise<void> {
  await db
    .insertInto('setup_tokens')
    .values({ token_hash: token.hash, kind: token.kind, expires_at: token.expiresAtMs, org: null })
    .onConflict((conflict) => conflict.column('token_hash').doNothing())
    .execute();
}

export async function findSetupToken(db: Kysely<Schema>, hash: Bytes): Promise<SetupTokenRow | null> {
  return (
    (await db.selectFrom('setup_tokens').selectAll().where('token_hash', '=', hash).executeTakeFirst()) ??
    null
  );
}

/** Uses a token up for this organisation; false where it is unknown, used or expired. */
export async function useSetupToken(
  db: Kysely<Schema>,
  use: { hash: Bytes; org: OrgId; atMs: number },
): Promise<boolean> {
  const result = await db
    .updateTable('setup_tokens')
    .set({ org: use.org })
    .where('token_hash', '=', use.hash)
    .where((is) => is.or([is('org', 'is', null), is('kind', '=', 'demo')]))
    .where('expires_at', '>', use.atMs)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Ends a token before its time. */
export async function endSetupToken(db: Kysely<Schema>, hash: Bytes): Promise<void> {
  await db.updateTable('setup_tokens').set({ expires_at: 0 }).where('token_hash', '=', hash).execute();
}

export async function insertChallenge(
  db: Kysely<Schema>,
  challenge: {
    hash: Bytes;
    purpose: ChallengeRow['purpose'];
    account: AccountId | null;
    device: DeviceId | null;
    atMs: number;
    expiresAtMs: number;
  },
): Promise<void> {
  const { hash, purpose, account, device, atMs, expiresAtMs } = challenge;
  await db.deleteFrom('challenges').where('expires_at', '<', atMs).execute();
  await db
    .insertInto('challenges')
    .values({ hash, purpose, account, device, expires_at: expiresAtMs })
    .execute();
}

/** Takes a challenge; null where it is unknown, used, expired or for another purpose. */
export async function takeChallenge(
  db: Kysely<Schema>,
  what: { hash: Bytes; purpose: ChallengeRow['purpose']; atMs: number },
): Promise<ChallengeRow | null> {
  const row = await db
    .deleteFrom('challenges')
    .where('hash', '=', what.hash)
    .returningAll()
    .executeTakeFirst();
  return row !== undefined && row.purpose === what.purpose && row.expires_at > what.atMs ? row : null;
}

export async function readFlag(db: Kysely<Schema>, name: string): Promise<string | null> {
  const row = await db.selectFrom('server_flags').select('value').where('name', '=', name).executeTakeFirst();
  return row?.value ?? null;
}

export async function writeFlag(db: Kysely<Schema>, name: string, value: string): Promise<void> {
  await db
    .insertInto('server_flags')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

/** Challenges and rate-limit counts that no longer matter. */
export async function sweepExpired(db: Kysely<Schema>, atMs: number): Promise<void> {
  await db.deleteFrom('challenges').where('expires_at', '<', atMs).execute();
  await sql`delete from rate_limits where expire < ${atMs}`.execute(db);
}
