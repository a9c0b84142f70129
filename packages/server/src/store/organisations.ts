import type { OrgId } from '@baton/kernel';
import type { Selectable } from 'kysely';
import type { OrgTransaction } from './database.ts';
import type { OrgRow } from './schema.ts';

export type Organisation = Selectable<OrgRow>;

export async function insertOrg(trx: OrgTransaction, org: OrgId, atMs: number): Promise<void> {
  await trx.insertInto('orgs').values({ org, created_at: atMs }).execute();
}

export async function findOrg(trx: OrgTransaction, org: OrgId): Promise<Organisation | null> {
  return (await trx.selectFrom('orgs').selectAll().where('org', '=', org).executeTakeFirst()) ?? null;
}

/** Takes the lock that orders all commits of the organisation. Take it before any other row's. */
export async function lockOrg(trx: OrgTransaction, org: OrgId): Promise<Organisation> {
  return trx.selectFrom('orgs').selectAll().where('org', '=', org).forUpdate().executeTakeFirstOrThrow();
}
