import { type Bytes, encodeUtf8, type OrgId } from '@baton/kernel';
import type { Kysely } from 'kysely';
import type { LocatorRow, Schema } from './schema.ts';

type LocatorKind = LocatorRow['kind'];

/** Which organisation a key belongs to; null for a key that is not known. */
export async function findOrgOf(
  db: Kysely<Schema>,
  kind: LocatorKind,
  key: Bytes | string,
): Promise<OrgId | null> {
  const row = await db
    .selectFrom('locators')
    .select('org')
    .where('kind', '=', kind)
    .where('key', '=', keyBytes(key))
    .executeTakeFirst();
  return (row?.org as OrgId | undefined) ?? null;
}

/** False where the key is taken. */
export async function addLocator(
  db: Kysely<Schema>,
  locator: { kind: LocatorKind; key: Bytes | string; org: OrgId },
): Promise<boolean> {
  const result = await db
    .insertInto('locators')
    .values({ kind: locator.kind, key: keyBytes(locator.key), org: locator.org })
    .onConflict((conflict) => conflict.columns(['kind', 'key']).doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function removeLocator(
  db: Kysely<Schema>,
  kind: LocatorKind,
  key: Bytes | string,
): Promise<void> {
  await db.deleteFrom('locators').where('kind', '=', kind).where('key', '=', keyBytes(key)).execute();
}

export async function listOrgs(db: Kysely<Schema>): Promise<OrgId[]> {
  const rows = await db.selectFrom('locators').select('org').where('kind', '=', 'org').execute();
  return rows.map((row) => row.org as OrgId);
}

export async function hasAnyOrg(db: Kysely<Schema>): Promise<boolean> {
  const row = await db
    .selectFrom('locators')
    .select('org')
    .where('kind', '=', 'org')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

function keyBytes(key: Bytes | string): Bytes {
  return typeof key === 'string' ? encodeUtf8(key) : key;
}
