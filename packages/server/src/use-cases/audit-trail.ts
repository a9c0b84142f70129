import { type AccountId, encodeBase64Url, type OrgId, type SessionId } from '@baton/kernel';
import {
  appendToFrontier,
  auditEventHash,
  auditLeaf,
  EMPTY_FRONTIER,
  frontierRoot,
  LABELS,
  type LogFrontier,
  signingInput,
} from '@baton/ledger';
import {
  type AuditCheckpoint,
  type AuditRecord,
  type auditPage,
  auditCheckpointCodec,
  decodeCanonical,
  encodeCanonical,
  signedCodec,
} from '@baton/wire';
import type { z } from 'zod';
import { actorOf, requirePermission } from '../access/actor.ts';
import type { Session } from '../access/sessions.ts';
import type { Services } from '../server-parts.ts';
import {
  findNewestCheckpoint,
  insertCheckpoint,
  readAudit,
  readAuditBack,
  recordAudit,
} from '../store/audit.ts';
import { findOrg } from '../store/organisations.ts';
import type { AuditRow } from '../store/schema.ts';

type Needs = Pick<Services, 'db' | 'ports' | 'keys' | 'keyLogs'>;

const PAGE = 5000;
const FRONTIER_LIMIT_BYTES = 4096;

/** The record as it is hashed; what clients rebuild from the API's fields. */
export function auditRecordOf(row: AuditRow): AuditRecord {
  return {
    v: 1,
    t: 'audit',
    org: row.org as OrgId,
    n: row.n,
    at: row.at,
    actor: row.actor as AccountId | null,
    session: row.session as SessionId | null,
    action: row.action,
    object: row.object,
    outcome: row.outcome,
    code: row.code,
  };
}

/**
 * Extends the signed tree over the audit log to its end; answers the newest checkpoint. Reads the rows as they are stored: who changes one
 * later breaks the tree that was signed before.
 */
export async function checkpointAudit(
  needs: Pick<Needs, 'db' | 'ports' | 'keys'>,
  org: OrgId,
): Promise<{ size: number; body: Uint8Array } | null> {
  const { db, ports, keys } = needs;
  const newest = await db.inOrg(org, findNewestCheckpoint);
  let frontier = newest === null ? EMPTY_FRONTIER : decodeFrontier(newest.size, newest.frontier);
  for (;;) {
    const from = frontier.size;
    const rows = await db.inOrg(org, (trx) => readAudit(trx, from, PAGE));
    for (const row of rows) {
      const leaf = auditLeaf(ports.digest, auditEventHash(ports.digest, auditRecordOf(row)));
      frontier = appendToFrontier(ports.digest, frontier, leaf);
    }
    if (rows.length < PAGE) break;
  }
  if (newest !== null && newest.size === frontier.size) return newest;
  if (frontier.size === 0) return null;
  const checkpoint: AuditCheckpoint = {
    v: 1,
    t: 'audit-head',
    org,
    size: frontier.size,
    root: frontierRoot(ports.digest, frontier),
    ts: ports.clock.nowMs(),
  };
  const b = auditCheckpointCodec.encode(checkpoint);
  const s = await keys.sign(signingInput(ports.digest, LABELS.auditHead, b));
  const body = signedCodec.encode({ b, s });
  const { size, peaks } = frontier;
  await db.inOrg(org, (trx) => insertCheckpoint(trx, { org, size, frontier: encodeCanonical(peaks), body }));
  return { size, body };
}

function decodeFrontier(size: number, bytes: Uint8Array): LogFrontier {
  const decoded = decodeCanonical(bytes, FRONTIER_LIMIT_BYTES);
  if (!decoded.ok || !Array.isArray(decoded.value)) throw new Error('stored audit frontier is damaged');
  return { size, peaks: decoded.value as Uint8Array[] };
}

/** A page of the audit log, newest first, for the compliance officer; looking at it is an event itself. */
export async function readAuditPage(
  needs: Needs,
  session: Session,
  page: { before: number | null; limit: number },
): Promise<z.infer<typeof auditPage>> {
  const { db, ports, keyLogs } = needs;
  const { org } = session;
  requirePermission(actorOf(await keyLogs.refresh(org), session), 'audit.read');
  await recordAudit(db, { org, atMs: ports.clock.nowMs() }, [
    {
      actor: session.account,
      session: session.session,
      action: 'audit.read',
      object: null,
      outcome: 'ok',
      code: null,
    },
  ]);
  const checkpoint = await checkpointAudit(needs, org);
  return db.inOrg(org, async (trx) => {
    const rows = await readAuditBack(trx, page.before, page.limit);
    const found = await findOrg(trx, org);
    return {
      events: rows.map((row) => ({
        ...auditEventFields(row),
        hash: encodeBase64Url(auditEventHash(ports.digest, auditRecordOf(row))),
      })),
      size: found?.audit_size ?? 0,
      checkpoint: encodeBase64Url(checkpoint?.body ?? new Uint8Array()),
    };
  });
}

function auditEventFields(row: AuditRow): Omit<z.infer<typeof auditPage>['events'][number], 'hash'> {
  const { n, at, actor, session, action, object, outcome, code } = auditRecordOf(row);
  return { n, at, actor, session, action, object, outcome, code };
}
