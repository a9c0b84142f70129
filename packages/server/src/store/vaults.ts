import type { AccountId, Bytes, OrgId } from '@baton/kernel';
import type { OrgTransaction } from './database.ts';

export interface StoredVault {
  readonly version: number;
  readonly sealed: Bytes;
}

export async function findVault(trx: OrgTransaction, account: AccountId): Promise<StoredVault | null> {
  const row = await trx
    .selectFrom('vaults')
    .select(['version', 'sealed'])
    .where('account', '=', account)
    .executeTakeFirst();
  return row ?? null;
}

/** Replaces version n by n + 1; false where the stored version is another. */
export async function replaceVault(
  trx: OrgTransaction,
  account: AccountId,
  vault: StoredVault,
): Promise<boolean> {
  const result = await trx
    .updateTable('vaults')
    .set({ version: vault.version, sealed: vault.sealed })
    .where('account', '=', account)
    .where('version', '=', vault.version - 1)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** A claim brings a vault of its own: the account's identity is new, what the old vault held is not its to keep. */
export async function resetVault(
  trx: OrgTransaction,
  at: { org: OrgId; account: AccountId },
  vault: StoredVault,
): Promise<void> {
  await trx
    .insertInto('vaults')
    .values({ ...at, ...vault })
    .onConflict((conflict) => conflict.columns(['org', 'account']).doUpdateSet(vault))
    .execute();
}
