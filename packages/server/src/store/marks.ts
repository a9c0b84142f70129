import type { AccountId, Bytes, ConversationId, OrgId } from '@baton/kernel';
import { sql } from 'kysely';
import type { OrgTransaction } from './database.ts';
import type { CollectionRootRow, WatermarkRow } from './schema.ts';

/** Moves the account's delivery cursor forward; false where it was there already. */
export async function advanceCursor(
  trx: OrgTransaction,
  at: { org: OrgId; account: AccountId; batch: number },
): Promise<boolean> {
  const { rows } = await sql`
    insert into cursors as c (org, account, batch)
    select ${at.org}, ${at.account}, least(${at.batch}::bigint, o.batch) from orgs o where o.org = ${at.org}
    on conflict (org, account) do update set batch = excluded.batch where c.batch < excluded.batch
    returning 1`.execute(trx);
  return rows.length > 0;
}

/** Keeps the newest; false where a newer one is there. */
export async function saveWatermark(trx: OrgTransaction, row: WatermarkRow): Promise<boolean> {
  const result = await trx
    .insertInto('watermarks')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['org', 'conv', 'account'])
        .doUpdateSet({ seq: row.seq, body: row.body })
        .where('watermarks.seq', '<', row.seq),
    )
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export interface StoredMark {
  readonly account: AccountId;
  readonly delivered: number;
  readonly opened: Bytes | null;
}

/** Marks of these accounts in a conversation. */
export async function listMarks(
  trx: OrgTransaction,
  conv: ConversationId,
  accounts: readonly AccountId[],
): Promise<StoredMark[]> {
  const { rows } = await sql<{ account: string; delivered: number; opened: Uint8Array | null }>`
    select u.account, coalesce(c.batch, 0) as delivered, w.body as opened
    from unnest(${[...accounts]}::text[]) as u (account)
      left join cursors c on c.account = u.account
      left join watermarks w on w.conv = ${conv} and w.account = u.account`.execute(trx);
  return rows.map(({ account, delivered, opened }) => ({ account: account as AccountId, delivered, opened }));
}

export async function saveCollectionRoot(trx: OrgTransaction, row: CollectionRootRow): Promise<boolean> {
  const result = await trx
    .insertInto('collection_roots')
    .values(row)
    .onConflict((conflict) => conflict.columns(['org', 'conv', 'seq']).doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** The newest signed root at or below a stream position. */
export async function findCollectionRoot(
  trx: OrgTransaction,
  conv: ConversationId,
  upTo: number,
): Promise<CollectionRootRow | null> {
  return (
    (await trx
      .selectFrom('collection_roots')
      .selectAll()
      .where('conv', '=', conv)
      .where('seq', '<=', upTo)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst()) ?? null
  );
}
