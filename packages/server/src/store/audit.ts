import type { AccountId, Bytes, OrgId, SessionId } from '@baton/kernel';
import { sql } from 'kysely';
import type { Database, OrgTransaction } from './database.ts';
import type { AuditCheckpointRow, AuditRow } from './schema.ts';

/** One thing that happened. `object` is an opaque id, never a name. */
export interface AuditEvent {
  readonly actor: AccountId | null;
  readonly session: SessionId | null;
  readonly action: string;
  readonly object: string | null;
  readonly outcome: 'ok' | 'refused' | 'failed';
  readonly code: string | null;
}

function columnsOf(events: readonly AuditEvent[]): unknown[] {
  return [
    events.map((event) => event.actor),
    events.map((event) => event.session),
    events.map((event) => event.action),
    events.map((event) => event.object),
    events.map((event) => event.outcome),
    events.map((event) => event.code),
  ];
}

/** Within a transaction that does the thing itself; takes the organisation's lock. */
export async function appendAudit(
  trx: OrgTransaction,
  at: { org: OrgId; atMs: number },
  events: readonly AuditEvent[],
): Promise<void> {
  const [actors, sessions, actions, objects, outcomes, codes] = columnsOf(events);
  await sql`select append_audit(${at.org}, ${at.atMs}, ${actors}, ${sessions}, ${actions}, ${objects},
    ${outcomes}, ${codes})`.execute(trx);
}

/** By itself, in one round trip. */
export async function recordAudit(
  db: Database,
  at: { org: OrgId; atMs: number },
  events: readonly AuditEvent[],
): Promise<void> {
  await db.pool.query({
    name: 'append-audit',
    text: 'SELECT append_audit($1, $2, $3, $4, $5, $6, $7, $8)',
    values: [at.org, at.atMs, ...columnsOf(events)],
  });
}

/** Events below `before`, newest first; null: from the end. */
export async function readAuditBack(
  trx: OrgTransaction,
  before: number | null,
  limit: number,
): Promise<AuditRow[]> {
  let query = trx.selectFrom('audit').selectAll().orderBy('n', 'desc').limit(limit);
  if (before !== null) query = query.where('n', '<', before);
  return query.execute();
}

/** Events from position `from` on, oldest first. */
export async function readAudit(trx: OrgTransaction, from: number, limit: number): Promise<AuditRow[]> {
  return trx.selectFrom('audit').selectAll().where('n', '>=', from).orderBy('n').limit(limit).execute();
}

export async function findNewestCheckpoint(trx: OrgTransaction): Promise<AuditCheckpointRow | null> {
  return (
    (await trx
      .selectFrom('audit_checkpoints')
      .selectAll()
      .orderBy('size', 'desc')
      .limit(1)
      .executeTakeFirst()) ?? null
  );
}

export async function insertCheckpoint(
  trx: OrgTransaction,
  row: { org: OrgId; size: number; frontier: Bytes; body: Bytes },
): Promise<void> {
  await trx
    .insertInto('audit_checkpoints')
    .values(row)
    .onConflict((conflict) => conflict.columns(['org', 'size']).doNothing())
    .execute();
}
