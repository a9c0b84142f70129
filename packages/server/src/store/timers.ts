import type { BatonId, MessageId, OrgId, OwnerId } from '@baton/kernel';
import { sql } from 'kysely';
import type { Database, OrgTransaction } from './database.ts';

// When the server has something to do (docs/protocol/batons.md §4). One table for all organisations: ids and times only.

export interface DueOrg {
  readonly org: OrgId;
  /** Earliest of its times. */
  readonly at: number;
}

/** So many times are looked at to find their organisations; where there are more, each organisation is asked for by itself. */
const GLANCE = 1000;

/**
 * Organisations with something that is due or to be looked at anew, the most overdue first. However much of one is due, none of the others is
 * left out.
 */
export async function listDueOrgs(db: Database, atMs: number): Promise<DueOrg[]> {
  const { rows } = await db.pool.query<{ org: string; at: number; seen: number }>({
    name: 'due-orgs',
    text: `SELECT d.org, min(d.next_at) AS at, count(*) AS seen FROM (
        (SELECT t.org, t.next_at FROM timers t WHERE t.next_at <= $1 ORDER BY t.next_at LIMIT $2)
        UNION ALL
        (SELECT t.org, $1::bigint FROM timers t WHERE t.stale LIMIT $2)
      ) d GROUP BY d.org ORDER BY 2`,
    values: [atMs, GLANCE],
  });
  const seen = rows.reduce((sum, row) => sum + row.seen, 0);
  if (seen >= GLANCE) return listDueOrgsOneByOne(db, atMs);
  return rows.map(({ org, at }) => ({ org: org as OrgId, at }));
}

/** From each organisation to the next along the index: as many probes as there are organisations, whatever they hold. */
async function listDueOrgsOneByOne(db: Database, atMs: number): Promise<DueOrg[]> {
  const { rows } = await db.pool.query<{ org: string; at: number }>({
    name: 'due-orgs-one-by-one',
    text: `WITH RECURSIVE o AS (
        (SELECT t.org FROM timers t ORDER BY t.org LIMIT 1)
        UNION ALL
        SELECT (SELECT t.org FROM timers t WHERE t.org > o.org ORDER BY t.org LIMIT 1) FROM o WHERE o.org IS NOT NULL
      )
      SELECT o.org, least(d.at, $1::bigint) AS at FROM o CROSS JOIN LATERAL (
        SELECT (SELECT t.next_at FROM timers t WHERE t.org = o.org ORDER BY t.next_at LIMIT 1) AS at,
          EXISTS (SELECT FROM timers t WHERE t.org = o.org AND t.stale) AS stale
      ) d WHERE d.at <= $1 OR d.stale ORDER BY 2`,
    values: [atMs],
  });
  return rows.map(({ org, at }) => ({ org: org as OrgId, at }));
}

/** Earliest time of all but these organisations; null: nothing waits. */
export async function nextTimerAt(db: Database, without: readonly OrgId[] = []): Promise<number | null> {
  const { rows } = await db.pool.query<{ at: number | null }>({
    name: 'next-timer',
    text: 'SELECT next_at AS at FROM timers WHERE org <> ALL ($1) ORDER BY next_at LIMIT 1',
    values: [[...without]],
  });
  return rows[0]?.at ?? null;
}

export interface DueSubject {
  readonly subject: BatonId | MessageId;
  /** When it was due; later than now for one that is looked at anew. */
  readonly at: number;
}

/** What is due first, oldest first; what room is left goes to those that are to be looked at anew. */
export async function listDueSubjects(
  trx: OrgTransaction,
  what: { org: OrgId; atMs: number; limit: number },
): Promise<DueSubject[]> {
  const { rows: due } = await sql<{ subject: string; at: number }>`
    SELECT subject, next_at AS at FROM timers
    WHERE org = ${what.org} AND next_at <= ${what.atMs} ORDER BY next_at LIMIT ${what.limit}`.execute(trx);
  // The partial index answers this one alone: with the time in it, all that are to come would be read.
  const { rows: stale } = await sql<{ subject: string; at: number }>`
    SELECT subject, next_at AS at FROM timers
    WHERE org = ${what.org} AND stale LIMIT ${what.limit - due.length}`.execute(trx);
  const rows = [...due, ...stale.filter(({ at }) => at > what.atMs)];
  return rows.map(({ subject, at }) => ({ subject: subject as BatonId, at }));
}

/** Something is wrong with this one: it is tried again later, and keeps nobody else waiting. */
export async function postponeTimer(
  trx: OrgTransaction,
  timer: { org: OrgId; subject: string; atMs: number },
): Promise<void> {
  await trx
    .updateTable('timers')
    .set({ next_at: timer.atMs, stale: false })
    .where('org', '=', timer.org)
    .where('subject', '=', timer.subject)
    .execute();
}

/** What belongs to nothing any more. */
export async function removeTimers(trx: OrgTransaction, org: OrgId, subjects: string[]): Promise<void> {
  await sql`DELETE FROM timers WHERE org = ${org} AND subject = ANY (${subjects})`.execute(trx);
}

/** All open batons of the organisation are looked at anew. */
export async function markAllStale(trx: OrgTransaction, org: OrgId): Promise<void> {
  await sql`UPDATE timers SET stale = true WHERE org = ${org} AND NOT stale`.execute(trx);
}

/** The open batons of these owners, and those offered to them, are looked at anew. */
export async function markOwnersStale(
  trx: OrgTransaction,
  org: OrgId,
  owners: readonly OwnerId[],
): Promise<void> {
  await sql`UPDATE timers t SET stale = true FROM batons b
    WHERE t.org = ${org} AND b.org = t.org AND b.baton = t.subject AND b.status IN ('open', 'acknowledged')
      AND (b.owner = ANY (${[...owners]}::text[]) OR b.offered = ANY (${[...owners]}::text[]))`.execute(trx);
}

export async function markStale(trx: OrgTransaction, org: OrgId, subjects: readonly string[]): Promise<void> {
  await sql`UPDATE timers SET stale = true WHERE org = ${org} AND subject = ANY (${[...subjects]})`.execute(
    trx,
  );
}
