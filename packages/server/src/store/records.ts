import type { Bytes, OrgId } from '@baton/kernel';
import type { OrgTransaction } from './database.ts';

export interface StoredRecord {
  readonly pos: number;
  readonly at: number;
  readonly body: Bytes;
}

/** Records after position `after` (0 = from the start), every version, in the order of their commit. */
export async function readRecords(
  trx: OrgTransaction,
  after: number,
  limit: number,
): Promise<StoredRecord[]> {
  return trx
    .selectFrom('org_records')
    .select(['pos', 'at', 'body'])
    .where('pos', '>', after)
    .orderBy('pos')
    .limit(limit)
    .execute();
}

/** Puts records at the end of the log. The caller holds the organisation's lock; `from` is the log's size under it. */
export async function insertRecords(
  trx: OrgTransaction,
  what: {
    org: OrgId;
    from: number;
    atMs: number;
    records: readonly { subject: string; version: number; hash: Bytes; body: Bytes }[];
  },
): Promise<void> {
  const { org, from, atMs, records } = what;
  await trx
    .insertInto('org_records')
    .values(records.map((record, index) => ({ org, pos: from + index + 1, at: atMs, ...record })))
    .execute();
  await trx
    .updateTable('orgs')
    .set((fields) => ({
      records_size: from + records.length,
      last_ts: fields.fn('greatest', [fields.ref('last_ts'), fields.val(atMs)]),
    }))
    .where('org', '=', org)
    .execute();
}
