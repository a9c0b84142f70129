import type { AccountId, BlobId, Bytes, ConversationId, MessageId, OrgId } from '@baton/kernel';
import { sql } from 'kysely';
import type { OrgTransaction } from './database.ts';
import type { UploadRow } from './schema.ts';

/** A message that lists the file of the row at hand was committed. */
const IS_LISTED = sql<boolean>`EXISTS (
  SELECT FROM upload_uses s JOIN items i ON i.item_id = s.message AND i.org = s.org
  WHERE s.org = uploads.org AND s.blob = uploads.blob AND i.conv = uploads.conv)`;

export async function findUpload(trx: OrgTransaction, blob: BlobId): Promise<UploadRow | null> {
  return (await trx.selectFrom('uploads').selectAll().where('blob', '=', blob).executeTakeFirst()) ?? null;
}

/** False where the id is taken. */
export async function insertUpload(trx: OrgTransaction, row: UploadRow): Promise<boolean> {
  const result = await trx
    .insertInto('uploads')
    .values(row)
    .onConflict((conflict) => conflict.columns(['org', 'blob']).doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** What an account has under way: files and bytes announced. */
export async function weighUploads(
  trx: OrgTransaction,
  account: AccountId,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const row = await trx
    .selectFrom('uploads')
    .select(sql<number>`count(*)`.as('files'))
    .select(sql<number>`coalesce(sum(size_bytes), 0)::bigint`.as('bytes'))
    .where('account', '=', account)
    .executeTakeFirstOrThrow();
  return { files: row.files, bytes: row.bytes };
}

/** Counts a part that was stored; false where another one was first, or the upload is over. */
export async function advanceUpload(
  trx: OrgTransaction,
  part: { blob: BlobId; part: number; from: number; to: number; atMs: number },
): Promise<boolean> {
  const result = await trx
    .updateTable('uploads')
    .set({ stored_bytes: part.to, parts: part.part + 1, touched_at: part.atMs })
    .where('blob', '=', part.blob)
    .where('state', '=', 'open')
    .where('stored_bytes', '=', part.from)
    .where('parts', '=', part.part)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** False where it is not open any more. */
export async function completeUpload(
  trx: OrgTransaction,
  done: { blob: BlobId; hash: Bytes; atMs: number },
): Promise<boolean> {
  const result = await trx
    .updateTable('uploads')
    .set({ state: 'complete', hash: done.hash, touched_at: done.atMs })
    .where('blob', '=', done.blob)
    .where('state', '=', 'open')
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Its parts were removed. */
export async function forgetParts(trx: OrgTransaction, blob: BlobId): Promise<void> {
  await trx
    .updateTable('uploads')
    .set({ parts: 0 })
    .where('blob', '=', blob)
    .where('state', '=', 'complete')
    .execute();
}

/** From here on nobody gets it and no message can list it. False where that is so already, or it was never there. */
export async function dismissUpload(trx: OrgTransaction, blob: BlobId): Promise<boolean> {
  const result = await trx
    .updateTable('uploads')
    .set({ state: 'leaving' })
    .where('blob', '=', blob)
    .where('state', '!=', 'leaving')
    .where(({ not }) => not(IS_LISTED))
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Its bytes were removed. */
export async function deleteUpload(trx: OrgTransaction, blob: BlobId): Promise<void> {
  await trx.deleteFrom('upload_uses').where('blob', '=', blob).execute();
  await trx.deleteFrom('uploads').where('blob', '=', blob).where('state', '=', 'leaving').execute();
}

/**
 * Whether all these files are the conversation's and whole; those that are still on their way are noted as the message's, and kept for it.
 * In the caller's transaction, before the message is committed.
 */
export async function claimBlobs(
  trx: OrgTransaction,
  claim: { org: OrgId; conv: ConversationId; message: MessageId; blobs: readonly BlobId[]; atMs: number },
): Promise<boolean> {
  const { org, conv, message, atMs } = claim;
  const blobs = [...new Set(claim.blobs)];
  const onTheirWay = await trx
    .updateTable('uploads')
    .set({ touched_at: atMs })
    .where('conv', '=', conv)
    .where('blob', 'in', blobs)
    .where('state', '=', 'complete')
    .returning('blob')
    .execute();
  if (onTheirWay.length > 0) {
    await trx
      .insertInto('upload_uses')
      .values(onTheirWay.map(({ blob }) => ({ org, blob, message })))
      .onConflict((conflict) => conflict.columns(['org', 'blob', 'message']).doNothing())
      .execute();
  }
  const known = new Set(onTheirWay.map(({ blob }) => blob));
  const others = blobs.filter((blob) => !known.has(blob));
  if (others.length === 0) return true;
  // After the uploads: what was committed meanwhile has moved from there to here.
  const kept = await trx
    .selectFrom('blobs')
    .select('blob')
    .where('conv', '=', conv)
    .where('blob', 'in', others)
    .execute();
  return kept.length === others.length;
}

/** A complete upload that this account may read: its own, or one that a committed message lists. */
export async function findReadableUpload(
  trx: OrgTransaction,
  blob: BlobId,
  account: AccountId,
): Promise<UploadRow | null> {
  const row = await trx
    .selectFrom('uploads')
    .selectAll()
    .where('blob', '=', blob)
    .where('state', '=', 'complete')
    .where(({ or, eb }) => or([eb('account', '=', account), IS_LISTED]))
    .executeTakeFirst();
  return row ?? null;
}

/** Moves what committed messages list to where it stays. Only what has left no parts behind. */
export async function settleUploads(trx: OrgTransaction): Promise<void> {
  const settled = await trx
    .deleteFrom('uploads')
    .where('state', '=', 'complete')
    .where('parts', '=', 0)
    .where(IS_LISTED)
    .returning(['org', 'blob', 'conv', 'account', 'size_bytes', 'created_at'])
    .execute();
  if (settled.length === 0) return;
  await trx
    .insertInto('blobs')
    .values(settled)
    .onConflict((conflict) => conflict.columns(['org', 'blob']).doNothing())
    .execute();
  const blobs = settled.map(({ blob }) => blob);
  await trx.deleteFrom('upload_uses').where('blob', 'in', blobs).execute();
}

/** What nobody has touched for long, and what was being removed. */
export async function listUnwanted(
  trx: OrgTransaction,
  before: { openMs: number; completeMs: number },
): Promise<UploadRow[]> {
  return trx
    .selectFrom('uploads')
    .selectAll()
    .where(({ or, and, eb }) =>
      or([
        eb('state', '=', 'leaving'),
        and([eb('state', '=', 'open'), eb('touched_at', '<', before.openMs)]),
        and([eb('state', '=', 'complete'), eb('touched_at', '<', before.completeMs)]),
      ]),
    )
    .limit(200)
    .execute();
}

/** Complete ones whose parts a crash has left behind. */
export async function listLeftParts(trx: OrgTransaction, beforeMs: number): Promise<UploadRow[]> {
  return trx
    .selectFrom('uploads')
    .selectAll()
    .where('state', '=', 'complete')
    .where('parts', '>', 0)
    .where('touched_at', '<', beforeMs)
    .limit(200)
    .execute();
}
