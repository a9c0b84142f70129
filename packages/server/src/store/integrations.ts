import type { Bytes, IntegrationId, OrgId } from '@baton/kernel';
import { sql } from 'kysely';
import type { Database, OrgTransaction } from './database.ts';
import { addLocator, findOrgOf, removeLocator } from './locators.ts';
import type { IntegrationRow } from './outside-schema.ts';

export async function insertIntegration(trx: OrgTransaction, row: IntegrationRow): Promise<void> {
  await trx.insertInto('integrations').values(row).execute();
  await addLocator(trx, { kind: 'integration', key: row.token_hash, org: row.org as OrgId });
}

export type ListedIntegration = IntegrationRow & { readonly pending: number };

/** Those in use, oldest first, each with the number of deliveries that still wait. */
export async function listIntegrations(trx: OrgTransaction): Promise<ListedIntegration[]> {
  const { rows } = await sql<ListedIntegration>`SELECT i.*, (
      SELECT count(*) FROM webhook_deliveries d
      WHERE d.org = i.org AND d.integration = i.integration AND d.state IN ('due', 'sending')
    ) AS pending
    FROM integrations i WHERE i.ended_at IS NULL ORDER BY i.created_at, i.integration`.execute(trx);
  return rows;
}

/** One in use; null for one that has ended or is not there. */
export async function findIntegration(
  trx: OrgTransaction,
  integration: IntegrationId,
): Promise<IntegrationRow | null> {
  const row = await trx
    .selectFrom('integrations')
    .selectAll()
    .where('integration', '=', integration)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return row ?? null;
}

/** The integration in use that a token belongs to; null for a token that is not known. */
export async function findIntegrationByToken(db: Database, tokenHash: Bytes): Promise<IntegrationRow | null> {
  const org = await findOrgOf(db.global, 'integration', tokenHash);
  if (org === null) return null;
  const row = await db.inOrg(org, (trx) =>
    trx
      .selectFrom('integrations')
      .selectAll()
      .where('token_hash', '=', tokenHash)
      .where('ended_at', 'is', null)
      .executeTakeFirst(),
  );
  return row ?? null;
}

export async function touchIntegration(
  trx: OrgTransaction,
  change: { integration: IntegrationId; atMs: number },
): Promise<void> {
  await trx
    .updateTable('integrations')
    .set({ last_used_at: change.atMs })
    .where('integration', '=', change.integration)
    .execute();
}

/** Ends the token at once, and what still waits to be delivered; false where there is nothing to end. */
export async function endIntegration(
  trx: OrgTransaction,
  what: { integration: IntegrationId; atMs: number },
): Promise<boolean> {
  const { integration, atMs } = what;
  const ended = await trx
    .updateTable('integrations')
    .set({ ended_at: atMs })
    .where('integration', '=', integration)
    .where('ended_at', 'is', null)
    .returning('token_hash')
    .executeTakeFirst();
  if (ended === undefined) return false;
  await removeLocator(trx, 'integration', ended.token_hash);
  await trx
    .updateTable('webhook_deliveries')
    .set({ state: 'failed', ended_at: atMs, outcome: 'ended' })
    .where('integration', '=', integration)
    .where('state', 'in', ['due', 'sending'])
    .execute();
  return true;
}
