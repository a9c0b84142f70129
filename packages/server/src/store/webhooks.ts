import type { IntegrationId } from '@baton/kernel';
import { type Selectable, sql } from 'kysely';
import type { OrgTransaction } from './database.ts';
import type { WebhookDeliveryRow } from './outside-schema.ts';

// What outside systems are told (docs/protocol/batons.md §7): one row for each change of state, written with the event.

export type Delivery = Selectable<WebhookDeliveryRow>;
export type NewDelivery = Pick<
  Delivery,
  'org' | 'integration' | 'baton' | 'n' | 'message' | 'body' | 'created_at'
>;

/** Of these integrations, those that are in use and want to be told. */
export async function listListening(
  trx: OrgTransaction,
  integrations: readonly IntegrationId[],
): Promise<Set<string>> {
  const rows = await trx
    .selectFrom('integrations')
    .select('integration')
    .where('integration', 'in', [...integrations])
    .where('webhook', 'is not', null)
    .where('ended_at', 'is', null)
    .execute();
  return new Set(rows.map(({ integration }) => integration));
}

export async function insertDeliveries(
  trx: OrgTransaction,
  deliveries: readonly NewDelivery[],
): Promise<void> {
  if (deliveries.length === 0) return;
  await trx
    .insertInto('webhook_deliveries')
    .values(
      deliveries.map((delivery) => ({
        ...delivery,
        state: 'due' as const,
        due_at: delivery.created_at,
        ended_at: null,
        outcome: null,
      })),
    )
    .onConflict((conflict) => conflict.columns(['org', 'integration', 'baton', 'n']).doNothing())
    .execute();
}

/** The first of its baton that has not arrived: the next one waits for it, so that states arrive in order. */
const isFirst = sql<boolean>`NOT EXISTS (
  SELECT FROM webhook_deliveries e
  WHERE e.org = w.org AND e.integration = w.integration AND e.baton = w.baton AND e.n < w.n
    AND e.state IN ('due', 'sending')
)`;

/** Takes what is due, until `leaseUntilMs`: whoever dies with it leaves it to the next one, who sends it under the same id. */
export async function claimDeliveries(
  trx: OrgTransaction,
  what: { atMs: number; leaseUntilMs: number; limit: number },
): Promise<Delivery[]> {
  const { rows } = await sql<Delivery>`UPDATE webhook_deliveries d
    SET state = 'sending', due_at = ${what.leaseUntilMs}, tries = d.tries + 1
    FROM (
      SELECT w.org, w.integration, w.baton, w.n FROM webhook_deliveries w
      WHERE w.state IN ('due', 'sending') AND w.due_at <= ${what.atMs} AND ${isFirst}
      ORDER BY w.due_at LIMIT ${what.limit} FOR UPDATE SKIP LOCKED
    ) AS due
    WHERE d.org = due.org AND d.integration = due.integration AND d.baton = due.baton AND d.n = due.n
    RETURNING d.*`.execute(trx);
  return rows;
}

type DeliveryKey = Pick<Delivery, 'integration' | 'baton' | 'n'>;

/** Writes down what came of it, with the row and with the integration that an administrator looks at. */
export async function settleDelivery(
  trx: OrgTransaction,
  key: DeliveryKey,
  result: { state: 'sent' | 'failed'; atMs: number; outcome: string },
): Promise<void> {
  await sql`UPDATE webhook_deliveries SET state = ${result.state}, ended_at = ${result.atMs}, outcome = ${result.outcome}
    WHERE integration = ${key.integration} AND baton = ${key.baton} AND n = ${key.n} AND state = 'sending'`.execute(
    trx,
  );
  await noteFailure(trx, key.integration, result.state === 'sent' ? null : result.outcome);
}

/** It did not arrive; it is tried again at `dueAtMs`. */
export async function postponeDelivery(
  trx: OrgTransaction,
  key: DeliveryKey,
  again: { dueAtMs: number; outcome: string },
): Promise<void> {
  await sql`UPDATE webhook_deliveries SET state = 'due', due_at = ${again.dueAtMs}, outcome = ${again.outcome}
    WHERE integration = ${key.integration} AND baton = ${key.baton} AND n = ${key.n} AND state = 'sending'`.execute(
    trx,
  );
  await noteFailure(trx, key.integration, again.outcome);
}

async function noteFailure(trx: OrgTransaction, integration: string, failure: string | null): Promise<void> {
  await trx
    .updateTable('integrations')
    .set({ last_failure: failure })
    .where('integration', '=', integration)
    .execute();
}

/** When the next one is due; null: nothing waits. */
export async function nextDeliveryAt(trx: OrgTransaction): Promise<number | null> {
  const { rows } = await sql<{ due_at: number }>`SELECT w.due_at FROM webhook_deliveries w
    WHERE w.state IN ('due', 'sending') AND ${isFirst} ORDER BY w.due_at LIMIT 1`.execute(trx);
  return rows[0]?.due_at ?? null;
}
