import type { BlobId, ConversationId } from '@baton/kernel';
import type { OrgTransaction } from './database.ts';
import type { BlobRow } from './schema.ts';

export async function findBlob(trx: OrgTransaction, blob: BlobId): Promise<BlobRow | null> {
  return (await trx.selectFrom('blobs').selectAll().where('blob', '=', blob).executeTakeFirst()) ?? null;
}

/** False where the id is taken. */
export async function insertBlob(trx: OrgTransaction, row: BlobRow): Promise<boolean> {
  const result = await trx
    .insertInto('blobs')
    .values(row)
    .onConflict((conflict) => conflict.columns(['org', 'blob']).doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** Which of these blobs belong to the conversation. */
export async function countBlobs(
  trx: OrgTransaction,
  conv: ConversationId,
  blobs: readonly BlobId[],
): Promise<number> {
  const row = await trx
    .selectFrom('blobs')
    .select((query) => query.fn.countAll<number>().as('count'))
    .where('conv', '=', conv)
    .where('blob', 'in', [...blobs])
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
