import type { Bytes, OrgId } from '@baton/kernel';
import type { OrgTransaction } from './database.ts';

export async function findManifest(trx: OrgTransaction, hash: Bytes): Promise<Bytes | null> {
  const row = await trx.selectFrom('manifests').select('body').where('hash', '=', hash).executeTakeFirst();
  return row?.body ?? null;
}

/** False where it was there already. */
export async function insertManifest(
  trx: OrgTransaction,
  row: { org: OrgId; hash: Bytes; body: Bytes; at: number },
): Promise<boolean> {
  const result = await trx
    .insertInto('manifests')
    .values(row)
    .onConflict((conflict) => conflict.columns(['org', 'hash']).doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}
