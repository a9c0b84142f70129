import type { BlobId } from '@baton/kernel';
import type { OrgTransaction } from './database.ts';
import type { BlobRow } from './schema.ts';

export async function findBlob(trx: OrgTransaction, blob: BlobId): Promise<BlobRow | null> {
  return (await trx.selectFrom('blobs').selectAll().where('blob', '=', blob).executeTakeFirst()) ?? null;
}
