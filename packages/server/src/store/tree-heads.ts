import type { Bytes, ConversationId, OrgId } from '@baton/kernel';
import type { OrgTransaction } from './database.ts';
import type { TreeHeadRow } from './schema.ts';

export async function findNewestHead(trx: OrgTransaction): Promise<TreeHeadRow | null> {
  return (
    (await trx.selectFrom('tree_heads').selectAll().orderBy('n', 'desc').limit(1).executeTakeFirst()) ?? null
  );
}

export async function findHead(trx: OrgTransaction, hash: Bytes): Promise<TreeHeadRow | null> {
  return (await trx.selectFrom('tree_heads').selectAll().where('hash', '=', hash).executeTakeFirst()) ?? null;
}

export async function insertHead(trx: OrgTransaction, row: TreeHeadRow): Promise<void> {
  await trx.insertInto('tree_heads').values(row).execute();
}

export interface ChangedLog {
  readonly conv: ConversationId;
  readonly n: number;
  readonly head: Bytes;
  readonly batch: number;
}

/** Membership logs that grew after a batch. */
export async function listChangedLogs(trx: OrgTransaction, afterBatch: number): Promise<ChangedLog[]> {
  const rows = await trx
    .selectFrom('conversations')
    .select(['conv', 'log_n', 'log_head', 'log_batch'])
    .where('log_batch', '>', afterBatch)
    .execute();
  return rows.map((row) => ({
    conv: row.conv as ConversationId,
    n: row.log_n,
    head: row.log_head,
    batch: row.log_batch,
  }));
}

export interface StoredCosignature {
  readonly witness: Bytes;
  readonly signature: Bytes;
}

export async function listCosignatures(trx: OrgTransaction, head: Bytes): Promise<StoredCosignature[]> {
  return trx.selectFrom('cosignatures').select(['witness', 'signature']).where('head', '=', head).execute();
}

export async function insertCosignature(
  trx: OrgTransaction,
  row: { org: OrgId; head: Bytes; witness: Bytes; signature: Bytes },
): Promise<void> {
  await trx
    .insertInto('cosignatures')
    .values(row)
    .onConflict((conflict) => conflict.columns(['org', 'head', 'witness']).doNothing())
    .execute();
}

/** The witness's key as first seen; null before. */
export async function findWitness(trx: OrgTransaction): Promise<Bytes | null> {
  const row = await trx
    .selectFrom('witnesses')
    .select('key')
    .orderBy('created_at')
    .limit(1)
    .executeTakeFirst();
  return row?.key ?? null;
}

export async function insertWitness(
  trx: OrgTransaction,
  row: { org: OrgId; key: Bytes; account: string; atMs: number },
): Promise<void> {
  const { atMs, ...rest } = row;
  await trx
    .insertInto('witnesses')
    .values({ ...rest, created_at: atMs })
    .onConflict((conflict) => conflict.columns(['org', 'key']).doNothing())
    .execute();
}
