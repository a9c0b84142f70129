import type { OrgId, OwnerId } from '@baton/kernel';
import { sql } from 'kysely';
import type { OrgTransaction } from './database.ts';

/** What was looked over last: records up to a position, and for whom each owner stood (a digest). */
export interface DutyRound {
  readonly records: number;
  readonly standing: ReadonlyMap<OwnerId, string>;
}

export async function readDutyRound(trx: OrgTransaction, org: OrgId): Promise<DutyRound> {
  const round = await trx
    .selectFrom('duty_rounds')
    .select('records')
    .where('org', '=', org)
    .executeTakeFirst();
  const rows = await trx
    .selectFrom('duty_seen')
    .select(['owner', 'holders'])
    .where('org', '=', org)
    .execute();
  return {
    records: round?.records ?? 0,
    standing: new Map(rows.map(({ owner, holders }) => [owner as OwnerId, holders])),
  };
}

export async function saveDutyRound(
  trx: OrgTransaction,
  round: {
    org: OrgId;
    records: number;
    changed: readonly OwnerId[];
    gone: readonly OwnerId[];
    standing: ReadonlyMap<OwnerId, string>;
  },
): Promise<void> {
  const { org, records, changed, gone, standing } = round;
  await trx
    .insertInto('duty_rounds')
    .values({ org, records })
    .onConflict((conflict) => conflict.column('org').doUpdateSet({ records }))
    .execute();
  if (changed.length > 0)
    await trx
      .insertInto('duty_seen')
      .values(changed.map((owner) => ({ org, owner, holders: standing.get(owner) ?? '' })))
      .onConflict((conflict) =>
        conflict.columns(['org', 'owner']).doUpdateSet((set) => ({ holders: set.ref('excluded.holders') })),
      )
      .execute();
  if (gone.length > 0)
    await trx
      .deleteFrom('duty_seen')
      .where('org', '=', org)
      .where('owner', 'in', [...gone])
      .execute();
}

/** What the records after a position are about. */
export async function listNewSubjects(trx: OrgTransaction, after: number): Promise<string[]> {
  const rows = await trx.selectFrom('org_records').select('subject').where('pos', '>', after).execute();
  return rows.map(({ subject }) => subject);
}

/** Everybody who owns an open baton, or is offered one. */
export async function listOpenOwners(trx: OrgTransaction, org: OrgId): Promise<OwnerId[]> {
  const { rows } = await sql<{ owner: string }>`
    select distinct owner from batons where org = ${org} and status in ('open', 'acknowledged')
    union
    select offered from batons where org = ${org} and offered is not null`.execute(trx);
  return rows.map(({ owner }) => owner as OwnerId);
}

/**
 * Shows in the feed once more the open batons of these owners, those offered to them, and those in conversations that these roles belong to.
 * Answers how many. The caller holds the organisation's lock.
 */
export async function showBatonsOf(
  trx: OrgTransaction,
  org: OrgId,
  owners: readonly OwnerId[],
): Promise<number> {
  const names = [...owners];
  const { rows } = await sql<{ baton: string }>`
    select b.baton from batons b
    where b.org = ${org} and b.status in ('open', 'acknowledged')
      and (b.owner = any (${names}::text[]) or b.offered = any (${names}::text[]) or b.conv in (
        select m.conv from members m where m.org = ${org} and m.member = any (${names}::text[]) and m.member like 'r\\_%'
      ))`.execute(trx);
  const batons = rows.map(({ baton }) => baton);
  await sql`select show_batons(${org}, ${batons}::text[])`.execute(trx);
  return batons.length;
}
