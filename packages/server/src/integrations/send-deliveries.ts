import { encodeUtf8, type IntegrationId, type OrgId } from '@baton/kernel';
import type { Outbound } from '../adapters/outbound.ts';
import type { Services } from '../server-parts.ts';
import { findIntegration } from '../store/integrations.ts';
import {
  claimDeliveries,
  type Delivery,
  nextDeliveryAt,
  postponeDelivery,
  settleDelivery,
} from '../store/webhooks.ts';
import { webhookHeaders, webhookSecretContext } from './webhook-signature.ts';

export interface DeliverySenderNeeds extends Pick<Services, 'db' | 'ports' | 'keys' | 'metrics'> {
  readonly outbound: Outbound;
  /** The operator lets webhooks go to this machine. */
  readonly loopback: boolean;
}

const BATCH = 32;
/** Longer than any request may take. */
const LEASE_MS = 60_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** After each failed try; the last one again and again until the delivery is a day old. */
const PAUSES_MS = [
  5_000,
  30_000,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
] as const;
const LONGEST_PAUSE_MS = 6 * HOUR_MS;
const GIVE_UP_MS = 24 * HOUR_MS;
/** Whoever answers this does not want to hear of it again. */
const GONE = 410;

/** Delivers what is due in an organisation, per baton in order; answers when the next is due. */
export function createDeliverySender(needs: DeliverySenderNeeds): (org: OrgId) => Promise<number | null> {
  const { db, ports } = needs;
  return async (org) => {
    for (;;) {
      const nextMs = await db.inOrg(org, nextDeliveryAt);
      const atMs = ports.clock.nowMs();
      if (nextMs === null || nextMs > atMs) return nextMs;
      const claimed = await db.inOrg(org, (trx) =>
        claimDeliveries(trx, { atMs, leaseUntilMs: atMs + LEASE_MS, limit: BATCH }),
      );
      // Another process is at it.
      if (claimed.length === 0) return null;
      await Promise.all(claimed.map((delivery) => deliver(needs, org, delivery)));
    }
  };
}

async function deliver(needs: DeliverySenderNeeds, org: OrgId, delivery: Delivery): Promise<void> {
  const { db, ports, metrics } = needs;
  const { outcome, isFinal } = await send(needs, org, delivery);
  metrics.attempt('webhook', outcome === 'sent' ? 'sent' : 'failed');
  const atMs = ports.clock.nowMs();
  const pauseMs = PAUSES_MS[delivery.tries - 1] ?? LONGEST_PAUSE_MS;
  const dueAtMs = atMs + pauseMs;
  await db.inOrg(org, (trx) => {
    if (outcome === 'sent') return settleDelivery(trx, delivery, { state: 'sent', atMs, outcome });
    if (isFinal || dueAtMs > delivery.created_at + GIVE_UP_MS)
      return settleDelivery(trx, delivery, { state: 'failed', atMs, outcome });
    return postponeDelivery(trx, delivery, { dueAtMs, outcome });
  });
}

async function send(
  needs: DeliverySenderNeeds,
  org: OrgId,
  delivery: Delivery,
): Promise<{ outcome: string; isFinal: boolean }> {
  const { db, ports, keys, outbound, loopback } = needs;
  const { integration, message, body } = delivery;
  const row = await db.inOrg(org, (trx) => findIntegration(trx, integration as IntegrationId));
  if (row === null || row.webhook === null) return { outcome: 'ended', isFinal: true };
  const secret = keys.openAtRest(row.secret_sealed, webhookSecretContext(org, integration));
  // Never unsigned: without its secret there is nothing that the receiver could check (threat T23).
  if (secret === null) return { outcome: 'no secret', isFinal: true };
  const result = await outbound.post({
    url: row.webhook,
    headers: webhookHeaders({ secret, message, atMs: ports.clock.nowMs(), body }),
    body: encodeUtf8(body),
    trusted: false,
    plainLoopback: loopback,
  });
  if (!result.ok) return { outcome: result.failure, isFinal: false };
  if (result.status >= 200 && result.status < 300) return { outcome: 'sent', isFinal: false };
  return { outcome: `status ${result.status}`, isFinal: result.status === GONE };
}
