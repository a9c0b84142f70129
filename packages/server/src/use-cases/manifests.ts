import { type Bytes, encodeBase64Url, equalBytes } from '@baton/kernel';
import { hashManifest } from '@baton/ledger';
import { manifestCodec } from '@baton/wire';
import { loadActor, requirePermission } from '../access/actor.ts';
import type { Session } from '../access/sessions.ts';
import { accept, ApiError, notFound } from '../api-error.ts';
import type { Services } from '../server-parts.ts';
import { appendAudit } from '../store/audit.ts';
import { findManifest, insertManifest } from '../store/manifests.ts';

type Needs = Pick<Services, 'db' | 'ports' | 'keyLogs'>;

/** For everybody of the organisation: whoever seals to an agent looks up what it may do. */
export async function readManifest(needs: Needs, session: Session, hash: Bytes): Promise<Bytes> {
  await loadActor(needs.keyLogs, session);
  const body = await needs.db.inOrg(session.org, (trx) => findManifest(trx, hash));
  if (body === null) throw notFound();
  return body;
}

/** Keeps a manifest under its hash. It allows nothing by itself: that is the invitation's or the grant's to do. */
export async function putManifest(
  needs: Needs,
  session: Session,
  what: { hash: Bytes; body: Bytes },
): Promise<void> {
  const { org } = session;
  requirePermission(await loadActor(needs.keyLogs, session), 'agent.manage');
  const manifest = accept(manifestCodec.decode(what.body));
  if (manifest.org !== org) throw new ApiError('ledger.wrong_purpose', 'org');
  if (!equalBytes(hashManifest(needs.ports.digest, what.body), what.hash))
    throw new ApiError('ledger.bad_proof', 'hash');
  const atMs = needs.ports.clock.nowMs();
  await needs.db.inOrg(org, async (trx) => {
    const event = {
      actor: session.account,
      session: session.session,
      action: 'manifest.put',
      object: encodeBase64Url(what.hash),
      outcome: 'ok' as const,
      code: null,
    };
    if (await insertManifest(trx, { org, hash: what.hash, body: what.body, at: atMs }))
      await appendAudit(trx, { org, atMs }, [event]);
  });
}
