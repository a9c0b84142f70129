import { type Bytes, encodeBase64Url } from '@baton/kernel';
import { checkCosignature, consistencyProof, inclusionProof } from '@baton/ledger';
import type { cosignRequest, keyLogPage } from '@baton/wire';
import type { z } from 'zod';
import { loadActor, requirePermission } from '../access/actor.ts';
import type { Session } from '../access/sessions.ts';
import { accept, ApiError, notFound } from '../api-error.ts';
import type { Services } from '../server-parts.ts';
import { appendAudit } from '../store/audit.ts';
import { findOrg } from '../store/organisations.ts';
import { readStatements } from '../store/statements.ts';
import {
  findHead,
  findNewestHead,
  findWitness,
  insertCosignature,
  insertWitness,
  listCosignatures,
} from '../store/tree-heads.ts';
import { bytesOfText } from './bytes-of-text.ts';

type Needs = Pick<Services, 'db' | 'ports' | 'keyLogs'>;

/** A page of statements with the newest signed head and its cosignatures. */
export async function readKeyLogPage(
  needs: Needs,
  session: Session,
  page: { after: number; limit: number },
): Promise<z.infer<typeof keyLogPage>> {
  return needs.db.inOrg(session.org, async (trx) => {
    const org = await findOrg(trx, session.org);
    const head = await findNewestHead(trx);
    if (org === null || head === null) throw notFound();
    const statements = await readStatements(trx, page.after, page.limit);
    const cosignatures = await listCosignatures(trx, head.hash);
    return {
      statements: statements.map(encodeBase64Url),
      size: org.keylog_size,
      head: encodeBase64Url(head.body),
      headSize: head.size,
      cosignatures: cosignatures.map(({ witness, signature }) => ({
        witness: encodeBase64Url(witness),
        signature: encodeBase64Url(signature),
      })),
    };
  });
}

export async function proveConsistency(
  needs: Needs,
  session: Session,
  range: { from: number; to: number },
): Promise<{ path: string[] }> {
  const keyLog = await needs.keyLogs.refresh(session.org);
  const path = consistencyProof(needs.ports.digest, keyLog.tree, range.from, range.to);
  if (path === null) throw new ApiError('request.invalid', 'to');
  return { path: path.map(encodeBase64Url) };
}

export async function proveInclusion(
  needs: Needs,
  session: Session,
  place: { index: number; size: number },
): Promise<{ path: string[] }> {
  const keyLog = await needs.keyLogs.refresh(session.org);
  const path = inclusionProof(needs.ports.digest, keyLog.tree, place.index, place.size);
  if (path === null) throw new ApiError('request.invalid', 'index');
  return { path: path.map(encodeBase64Url) };
}

/** The witness's signature over a head of this organisation. The first witness's key is pinned; another one needs an administrator. */
export async function cosignHead(
  needs: Needs,
  session: Session,
  input: z.infer<typeof cosignRequest>,
): Promise<void> {
  const { ports, db, keyLogs } = needs;
  const actor = await loadActor(keyLogs, session);
  const witness = bytesOfText(input.witnessKey, 'witnessKey', 32);
  const hash = bytesOfText(input.head, 'head', 32);
  const signature = bytesOfText(input.signature, 'signature', 64);
  const check = { digest: ports.digest, verify: ports.verify, witnessKey: witness };
  accept(await checkCosignature(check, hash, signature));
  await db.inOrg(session.org, async (trx) => {
    if ((await findHead(trx, hash)) === null) throw notFound();
    const pinned: Bytes | null = await findWitness(trx);
    const atMs = ports.clock.nowMs();
    if (pinned === null) {
      if (actor.kind !== 'agent') requirePermission(actor, 'org.settings');
      await insertWitness(trx, { org: session.org, key: witness, account: session.account, atMs });
      await appendAudit(trx, { org: session.org, atMs }, [
        {
          actor: session.account,
          session: session.session,
          action: 'witness.pin',
          object: null,
          outcome: 'ok',
          code: null,
        },
      ]);
    } else if (!Buffer.from(pinned).equals(witness)) throw new ApiError('conflict.exists', 'witnessKey');
    await insertCosignature(trx, { org: session.org, head: hash, witness, signature });
  });
}
