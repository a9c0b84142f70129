import type { AccountId, OrgId } from '@baton/kernel';
import type { OrgTransaction } from './database.ts';

/** The sealed address of an account; null where it gave none. */
export async function findNoticeAddress(trx: OrgTransaction, account: AccountId): Promise<Uint8Array | null> {
  const row = await trx
    .selectFrom('notice_addresses')
    .select('sealed')
    .where('account', '=', account)
    .executeTakeFirst();
  return row?.sealed ?? null;
}

/** The sealed addresses of those among the accounts that gave one. */
export async function listNoticeAddresses(
  trx: OrgTransaction,
  accounts: readonly AccountId[],
): Promise<Map<AccountId, Uint8Array>> {
  const rows = await trx
    .selectFrom('notice_addresses')
    .select(['account', 'sealed'])
    .where('account', 'in', [...accounts])
    .execute();
  return new Map(rows.map(({ account, sealed }) => [account as AccountId, sealed]));
}

export async function putNoticeAddress(
  trx: OrgTransaction,
  what: { org: OrgId; account: AccountId; sealed: Uint8Array; atMs: number },
): Promise<void> {
  const { org, account, sealed, atMs } = what;
  await trx
    .insertInto('notice_addresses')
    .values({ org, account, sealed, changed_at: atMs })
    .onConflict((conflict) => conflict.columns(['org', 'account']).doUpdateSet({ sealed, changed_at: atMs }))
    .execute();
}
