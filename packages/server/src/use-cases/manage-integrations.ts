import { type IntegrationId, newId } from '@baton/kernel';
import type { IntegrationBody, integrationList, newIntegrationAnswer } from '@baton/wire';
import type { z } from 'zod';
import { actorOf, requirePermission } from '../access/actor.ts';
import { makeIntegrationToken } from '../access/integrations.ts';
import { requireStepUp, type Session } from '../access/sessions.ts';
import { isSendable } from '../adapters/outbound.ts';
import { ApiError, notFound } from '../api-error.ts';
import { webhookSecretContext, webhookSecretText } from '../integrations/webhook-signature.ts';
import type { Services } from '../server-parts.ts';
import { appendAudit, type AuditEvent } from '../store/audit.ts';
import {
  endIntegration,
  insertIntegration,
  type ListedIntegration,
  listIntegrations,
} from '../store/integrations.ts';

type Needs = Pick<Services, 'db' | 'ports' | 'keys' | 'keyLogs' | 'outside'>;

const SECRET_BYTES = 32;

export async function readIntegrations(
  needs: Needs,
  session: Session,
): Promise<z.infer<typeof integrationList>> {
  await requireManager(needs, session);
  const rows = await needs.db.inOrg(session.org, listIntegrations);
  return { integrations: rows.map(bodyOf) };
}

/** A new outside system. Its token and the secret of its webhook are answered once and never again. */
export async function createIntegration(
  needs: Needs,
  session: Session,
  input: { name: string; webhook: string | null },
): Promise<z.infer<typeof newIntegrationAnswer>> {
  const { db, ports, keys, outside } = needs;
  const { org } = session;
  await requireManager(needs, session);
  const atMs = ports.clock.nowMs();
  requireStepUp(session, atMs);
  const rule = { trusted: false, plainLoopback: outside.loopbackWebhooks };
  if (input.webhook !== null && !isSendable(new URL(input.webhook), rule))
    throw new ApiError('request.invalid', 'webhook');
  const integration = newId('integration', ports.rng);
  const { token, hash } = makeIntegrationToken(ports);
  const secret = ports.rng.bytes(SECRET_BYTES);
  const row = {
    org,
    integration,
    name: input.name,
    token_hash: hash,
    webhook: input.webhook,
    secret_sealed: keys.sealAtRest(secret, webhookSecretContext(org, integration)),
    created_at: atMs,
    last_used_at: null,
    last_failure: null,
    ended_at: null,
  };
  await db.inOrg(org, async (trx) => {
    await insertIntegration(trx, row);
    await appendAudit(trx, { org, atMs }, [eventOf(session, 'integration.create', integration)]);
  });
  return { integration: bodyOf({ ...row, pending: 0 }), token, webhookSecret: webhookSecretText(secret) };
}

/** Ends an outside system: its token counts for nothing from now on, and nothing more is sent to it. What it opened stays open. */
export async function removeIntegration(
  needs: Needs,
  session: Session,
  integration: IntegrationId,
): Promise<void> {
  const { db, ports } = needs;
  const { org } = session;
  await requireManager(needs, session);
  const atMs = ports.clock.nowMs();
  await db.inOrg(org, async (trx) => {
    if (!(await endIntegration(trx, { integration, atMs }))) throw notFound();
    // After the look: otherwise the answer would tell what is there to somebody who may not end it.
    requireStepUp(session, atMs);
    await appendAudit(trx, { org, atMs }, [eventOf(session, 'integration.end', integration)]);
  });
}

async function requireManager(needs: Needs, session: Session): Promise<void> {
  requirePermission(actorOf(await needs.keyLogs.refresh(session.org), session), 'integration.manage');
}

function bodyOf(row: ListedIntegration): IntegrationBody {
  return {
    integration: row.integration as IntegrationId,
    name: row.name,
    webhook: row.webhook,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    pending: row.pending,
    lastFailure: row.last_failure,
  };
}

function eventOf(session: Session, action: string, object: string): AuditEvent {
  return { actor: session.account, session: session.session, action, object, outcome: 'ok', code: null };
}
