import type { BlobId, Bytes, ConversationId } from '@baton/kernel';
import { openConversation } from '../access/door.ts';
import type { Session } from '../access/sessions.ts';
import { withFreshView } from '../access/fresh-view.ts';
import { openForWriting } from '../access/writing.ts';
import { ApiError, notFound } from '../api-error.ts';
import { MAX_BLOB_BYTES } from '../config.ts';
import type { Services } from '../server-parts.ts';
import { appendAudit } from '../store/audit.ts';
import { findBlob, insertBlob } from '../store/blobs.ts';

type Needs = Pick<Services, 'db' | 'ports' | 'blobs' | 'audit' | 'keyLogs' | 'conversations'>;

/** Stores a sealed file for a conversation that the caller may write to. Repeating it with the same bytes is harmless. */
export async function putBlob(
  needs: Needs,
  session: Session,
  put: { conv: ConversationId; blob: BlobId; sealed: Bytes },
): Promise<void> {
  const { db, ports, blobs, keyLogs, conversations } = needs;
  const { org, account } = session;
  const { conv, blob, sealed } = put;
  if (sealed.length === 0) throw new ApiError('request.invalid', 'body');
  if (sealed.length > MAX_BLOB_BYTES) throw new ApiError('wire.too_large', 'body');
  const { state } = await withFreshView({ keyLogs, conversations }, { session, conv }, (keyLog) =>
    openForWriting(conversations, { session, keyLog }, conv),
  );
  if (state.closed !== null) throw new ApiError('policy.closed', 'conv');
  const stored = await blobs.put({ org, blob }, sealed);
  if (!stored && !(await isSame(needs, session, put))) throw new ApiError('conflict.exists', 'blob');
  const atMs = ports.clock.nowMs();
  await db.inOrg(org, async (trx) => {
    const row = { org, blob, conv, account, size_bytes: sealed.length, created_at: atMs };
    if (!(await insertBlob(trx, row))) return;
    await appendAudit(trx, { org, atMs }, [
      {
        actor: account,
        session: session.session,
        action: 'blob.put',
        object: blob,
        outcome: 'ok',
        code: null,
      },
    ]);
  });
}

/** A file may be there without its row: the process ended in between. Then whoever has the same bytes completes it. */
async function isSame(
  needs: Needs,
  session: Session,
  put: { conv: ConversationId; blob: BlobId; sealed: Bytes },
): Promise<boolean> {
  const { org, account } = session;
  const row = await needs.db.inOrg(org, (trx) => findBlob(trx, put.blob));
  if (row !== null && (row.conv !== put.conv || row.account !== account)) return false;
  const bytes = await needs.blobs.get({ org, blob: put.blob });
  return bytes !== null && Buffer.from(bytes).equals(put.sealed);
}

/** The sealed bytes; access to the conversation is checked at each fetch, so a link is worth nothing afterwards. */
export async function getBlob(needs: Needs, session: Session, blob: BlobId): Promise<Bytes> {
  const { db, blobs, audit } = needs;
  const { org, account } = session;
  const row = await db.inOrg(org, (trx) => findBlob(trx, blob));
  if (row === null) throw notFound();
  await openConversation(db, session, row.conv as ConversationId);
  const sealed = await blobs.get({ org, blob });
  if (sealed === null) throw notFound();
  await audit.record(org, {
    actor: account,
    session: session.session,
    action: 'blob.get',
    object: blob,
    outcome: 'ok',
    code: null,
  });
  return sealed;
}
