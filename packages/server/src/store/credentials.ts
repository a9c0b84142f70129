import type { AccountId, Bytes, CredentialId } from '@baton/kernel';
import { sql } from 'kysely';
import type { OrgTransaction } from './database.ts';
import type { CredentialRow, NewCredentialRow } from './schema.ts';

export async function listCredentials(trx: OrgTransaction, account: AccountId): Promise<CredentialRow[]> {
  return trx
    .selectFrom('credentials')
    .selectAll()
    .where('account', '=', account)
    .where('disabled_at', 'is', null)
    .orderBy('created_at')
    .orderBy('credential')
    .execute();
}

/** The open credential with this sign-in proof among an account's, or null. */
export async function findCredential(
  trx: OrgTransaction,
  credential: CredentialId | string,
): Promise<CredentialRow | null> {
  return (
    (await trx
      .selectFrom('credentials')
      .selectAll()
      .where('credential', '=', credential)
      .where('disabled_at', 'is', null)
      .executeTakeFirst()) ?? null
  );
}

export async function findPasskey(trx: OrgTransaction, passkeyId: Bytes): Promise<CredentialRow | null> {
  return (
    (await trx
      .selectFrom('credentials')
      .selectAll()
      .where('passkey_id', '=', passkeyId)
      .where('disabled_at', 'is', null)
      .executeTakeFirst()) ?? null
  );
}

/** False where the id is taken. */
export async function insertCredential(trx: OrgTransaction, row: NewCredentialRow): Promise<boolean> {
  const result = await trx
    .insertInto('credentials')
    .values(row)
    .onConflict((conflict) => conflict.columns(['org', 'credential']).doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** Records a success. A one-time code's step, once used, never counts again: false where it was used. */
export async function recordCredentialUse(
  trx: OrgTransaction,
  use: { credential: string; atMs: number; totpStep: number | null; passkeyCounter: number | null },
): Promise<boolean> {
  let query = trx
    .updateTable('credentials')
    .set({
      last_used_at: use.atMs,
      failures: 0,
      ...(use.totpStep === null ? {} : { totp_last_step: use.totpStep }),
      ...(use.passkeyCounter === null ? {} : { passkey_counter: use.passkeyCounter }),
    })
    .where('credential', '=', use.credential);
  if (use.totpStep !== null) {
    const step = use.totpStep;
    query = query.where((where) =>
      where.or([where('totp_last_step', 'is', null), where('totp_last_step', '<', step)]),
    );
  }
  return (await query.executeTakeFirst()).numUpdatedRows === 1n;
}

/** Counts a failure; at `most` in a row the credential is disabled. */
export async function recordCredentialFailure(
  trx: OrgTransaction,
  failure: { credential: string; atMs: number; most: number },
): Promise<void> {
  await trx
    .updateTable('credentials')
    .set({
      failures: sql<number>`failures + 1`,
      disabled_at: sql<
        number | null
      >`case when failures + 1 >= ${failure.most} then ${failure.atMs}::bigint end`,
    })
    .where('credential', '=', failure.credential)
    .where('disabled_at', 'is', null)
    .execute();
}

export async function disableCredentials(
  trx: OrgTransaction,
  what: { account: AccountId; credential?: string; atMs: number },
): Promise<CredentialRow[]> {
  let query = trx
    .updateTable('credentials')
    .set({ disabled_at: what.atMs })
    .where('account', '=', what.account)
    .where('disabled_at', 'is', null);
  if (what.credential !== undefined) query = query.where('credential', '=', what.credential);
  return query.returningAll().execute();
}
