import type { AccountId, ConversationId, OrgId } from '@baton/kernel';
import { ITEM_KINDS, type Item } from '@baton/wire';
import { sql } from 'kysely';
import type { Database, OrgTransaction } from './database.ts';

interface StoredItem {
  readonly seq: number;
  readonly kind: number;
  readonly body: Uint8Array;
  readonly batch: number;
  readonly ts: number;
}

function toItem(row: StoredItem): Item {
  const { seq, kind, body, batch, ts } = row;
  return { seq, k: ITEM_KINDS[kind] ?? 'entry', b: body, batch, ts };
}

export interface ItemRange {
  readonly org: OrgId;
  readonly conv: ConversationId;
  /** Exclusive. */
  readonly after: number;
  /** Exclusive. */
  readonly before: number;
  /** The newest `limit` of the range and not the oldest. */
  readonly back: boolean;
  readonly limit: number;
}

/** Items of a conversation, oldest first; one round trip. */
export async function readItems(db: Database, range: ItemRange): Promise<Item[]> {
  const { rows } = await db.pool.query<StoredItem>({
    name: 'read-items',
    text: 'SELECT * FROM read_items($1, $2, $3, $4, $5, $6)',
    values: [range.org, range.conv, range.after, range.before, range.back, range.limit],
  });
  return rows.map(toItem);
}

/** The membership log with its stream positions. */
export async function readEntries(trx: OrgTransaction, conv: ConversationId): Promise<Item[]> {
  const rows = await trx
    .selectFrom('items')
    .select(['seq', 'kind', 'body', 'batch', 'ts'])
    .where('conv', '=', conv)
    .where('kind', '=', 0)
    .orderBy('seq')
    .execute();
  return rows.map(toItem);
}

/** Newest put of each key with after < seq <= upTo. */
export async function readSnapshot(
  trx: OrgTransaction,
  what: { conv: ConversationId; after: number; upTo: number; limit: number },
): Promise<Item[]> {
  const { rows } = await sql<StoredItem>`
    select i.seq, i.kind, i.body, i.batch, i.ts from collection_keys k
      join items i on i.org = k.org and i.conv = k.conv and i.seq = k.seq
    where k.conv = ${what.conv} and k.seq > ${what.after} and k.seq <= ${what.upTo}
    order by k.seq limit ${what.limit}`.execute(trx);
  return rows.map(toItem);
}

export interface Change {
  readonly conv: ConversationId;
  readonly seq: number;
  readonly batch: number;
}

/** Conversations in reach that changed after a batch, and the organisation's newest batch; one round trip. */
export async function readChanges(
  db: Database,
  who: { org: OrgId; account: AccountId },
  page: { after: number; limit: number },
): Promise<{ changes: Change[]; orgBatch: number }> {
  const { rows } = await db.pool.query<{
    conv: string | null;
    seq: number;
    batch: number;
    org_batch: number;
  }>({
    name: 'read-changes',
    text: 'SELECT * FROM read_changes($1, $2, $3, $4)',
    values: [who.org, who.account, page.after, page.limit],
  });
  const changes = rows.flatMap(({ conv, seq, batch }) =>
    conv === null ? [] : [{ conv: conv as ConversationId, seq, batch }],
  );
  return { changes, orgBatch: rows[0]?.org_batch ?? 0 };
}

/** A commit batch's rows in order: what its receipt covers, and what is sent out. */
export async function readBatch(
  trx: OrgTransaction,
  batch: number,
): Promise<{ conv: ConversationId; item: Item }[]> {
  const { rows } = await sql<StoredItem & { conv: string }>`
    select i.conv, i.seq, i.kind, i.body, i.batch, i.ts
    from batches b, unnest(b.convs, b.seqs) with ordinality as u (conv, seq, ord)
      join items i on i.conv = u.conv and i.seq = u.seq
    where b.batch = ${batch} and i.org = (select current_setting('baton.org', true))
    order by u.ord`.execute(trx);
  return rows.map((row) => ({ conv: row.conv as ConversationId, item: toItem(row) }));
}

/** Whether this is the hash of one of the conversation's membership entries. */
export async function hasEntry(trx: OrgTransaction, conv: ConversationId, id: string): Promise<boolean> {
  const row = await trx
    .selectFrom('items')
    .select('kind')
    .where('conv', '=', conv)
    .where('item_id', '=', id)
    .executeTakeFirst();
  return row?.kind === 0;
}

/** The committed item with this id, and its bytes. */
export async function findItem(trx: OrgTransaction, conv: ConversationId, id: string): Promise<Item | null> {
  const row = await trx
    .selectFrom('items')
    .select(['seq', 'kind', 'body', 'batch', 'ts'])
    .where('conv', '=', conv)
    .where('item_id', '=', id)
    .executeTakeFirst();
  return row === undefined ? null : toItem(row);
}
