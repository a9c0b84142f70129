import { createHash } from 'node:crypto';
import { type BlobId, type Bytes, type ConversationId, equalBytes } from '@baton/kernel';
import { withFreshView } from '../access/fresh-view.ts';
import type { Session } from '../access/sessions.ts';
import { openForWriting } from '../access/writing.ts';
import { ApiError } from '../api-error.ts';
import { MAX_BLOB_BYTES, MAX_UNSENT, MIN_PART_BYTES } from '../config.ts';
import type { Services } from '../server-parts.ts';
import { appendAudit } from '../store/audit.ts';
import { findBlob } from '../store/blobs.ts';
import type { UploadRow } from '../store/schema.ts';
import {
  advanceUpload,
  completeUpload,
  dismissUpload,
  findUpload,
  forgetParts,
  insertUpload,
  weighUploads,
} from '../store/uploads.ts';
import { removeParts, removeUpload } from './sweep-uploads.ts';

type Needs = Pick<Services, 'db' | 'ports' | 'blobs' | 'limits' | 'keyLogs' | 'conversations'>;

export interface UploadPart {
  readonly conv: ConversationId;
  readonly blob: BlobId;
  /** Where in the file the part begins. */
  readonly offset: number;
  /** Length of the whole file. */
  readonly sizeBytes: number;
  /** SHA-256 of the whole file, with the part that ends it. */
  readonly hash: Bytes | null;
  readonly bytes: Bytes;
}

export interface UploadState {
  readonly offset: number;
  readonly complete: boolean;
}

/**
 * Takes the next part of a sealed file for a conversation that the caller may write to; the one that ends it names the hash of the whole, by
 * which all that was stored is compared. A part from elsewhere than where the file has come to is refused with `conflict.version`: ask where
 * that is. Sending the same part once more is harmless.
 */
export async function putPart(needs: Needs, session: Session, part: UploadPart): Promise<UploadState> {
  checkPart(part);
  await requireWriting(needs, session, part.conv);
  const found = await findOwn(needs, session, part);
  if (found === 'kept') return { offset: part.sizeBytes, complete: true };
  const row = found ?? (await begin(needs, session, part));
  if (row.state === 'complete') return answerComplete(row, part);
  const stored = await takePart(needs, session, { row, part });
  if (stored.stored_bytes < row.size_bytes || part.hash === null)
    return { offset: stored.stored_bytes, complete: false };
  return finish(needs, session, { row: stored, hash: part.hash });
}

/** How far an upload of the caller's has come; one that is not known, or somebody else's, has not begun. `sizeBytes` is null then. */
export async function readUploadState(
  needs: Needs,
  session: Session,
  what: { conv: ConversationId; blob: BlobId },
): Promise<UploadState & { readonly sizeBytes: number | null }> {
  await requireWriting(needs, session, what.conv);
  const { org, account } = session;
  const [row, kept] = await needs.db.inOrg(org, async (trx) => [
    await findUpload(trx, what.blob),
    await findBlob(trx, what.blob),
  ]);
  const known = row ?? kept;
  const isMine = known !== null && known.conv === what.conv && known.account === account;
  if (!isMine || row?.state === 'leaving') return { offset: 0, sizeBytes: null, complete: false };
  return {
    offset: row?.stored_bytes ?? known.size_bytes,
    sizeBytes: known.size_bytes,
    complete: row === null || row.state === 'complete',
  };
}

/** Gives an upload of the caller's up; harmless where there is none. One that a committed message lists stays. */
export async function dropUpload(
  needs: Needs,
  session: Session,
  what: { conv: ConversationId; blob: BlobId },
): Promise<void> {
  await requireWriting(needs, session, what.conv);
  const { org, account } = session;
  const row = await needs.db.inOrg(org, (trx) => findUpload(trx, what.blob));
  if (row === null || row.conv !== what.conv || row.account !== account) return;
  if (await needs.db.inOrg(org, (trx) => dismissUpload(trx, what.blob))) await removeUpload(needs, row);
}

function checkPart({ offset, sizeBytes, bytes, hash }: UploadPart): void {
  if (sizeBytes > MAX_BLOB_BYTES) throw new ApiError('wire.too_large', 'size');
  const end = offset + bytes.length;
  if (end > sizeBytes) throw new ApiError('request.invalid', 'body');
  // Many small parts would cost the server as many commits.
  if (end < sizeBytes && bytes.length < MIN_PART_BYTES) throw new ApiError('request.invalid', 'body');
  if (end === sizeBytes && hash === null) throw new ApiError('request.invalid', 'hash');
}

async function requireWriting(needs: Needs, session: Session, conv: ConversationId): Promise<void> {
  const { keyLogs, conversations } = needs;
  const { state } = await withFreshView({ keyLogs, conversations }, { session, conv }, (keyLog) =>
    openForWriting(conversations, { session, keyLog }, conv),
  );
  if (state.closed !== null) throw new ApiError('policy.closed', 'conv');
}

/** The caller's upload by this id; `kept` where it is committed. An id of somebody else's is taken. */
async function findOwn(
  needs: Needs,
  session: Session,
  { conv, blob, sizeBytes }: UploadPart,
): Promise<UploadRow | 'kept' | null> {
  const { org, account } = session;
  const [row, kept] = await needs.db.inOrg(org, async (trx) => [
    await findUpload(trx, blob),
    await findBlob(trx, blob),
  ]);
  const known = row ?? kept;
  if (known === null) return null;
  const isSame = known.conv === conv && known.account === account && known.size_bytes === sizeBytes;
  if (!isSame || row?.state === 'leaving') throw new ApiError('conflict.exists', 'blob');
  return row ?? 'kept';
}

async function begin(needs: Needs, session: Session, part: UploadPart): Promise<UploadRow> {
  const { db, ports, limits } = needs;
  const { org, account } = session;
  if (part.offset > 0) throw new ApiError('conflict.version', 'offset');
  await limits.spendOwn('upload', account);
  const atMs = ports.clock.nowMs();
  const row: UploadRow = {
    org,
    blob: part.blob,
    conv: part.conv,
    account,
    size_bytes: part.sizeBytes,
    stored_bytes: 0,
    parts: 0,
    state: 'open',
    hash: null,
    created_at: atMs,
    touched_at: atMs,
  };
  const isNew = await db.inOrg(org, async (trx) => {
    const { files, bytes } = await weighUploads(trx, account);
    if (files >= MAX_UNSENT.files || bytes + part.sizeBytes > MAX_UNSENT.bytes)
      throw new ApiError('limit.rate', 'size', RETRY_MS);
    return insertUpload(trx, row);
  });
  // Begun by another request in this moment.
  if (!isNew) throw new ApiError('conflict.version', 'offset');
  return row;
}

/** Until something of the account's was committed or swept. */
const RETRY_MS = 60_000;

/** The upload with this part in it. */
async function takePart(
  needs: Needs,
  session: Session,
  { row, part }: { row: UploadRow; part: UploadPart },
): Promise<UploadRow> {
  const { db, blobs, ports } = needs;
  const { org } = session;
  const { blob, bytes, offset } = part;
  const end = offset + bytes.length;
  // The answer to this very part was lost, or all parts are there and the end is to be tried again.
  if (end === row.stored_bytes) return row;
  if (offset !== row.stored_bytes) throw new ApiError('conflict.version', 'offset');
  await blobs.put({ org, blob, part: row.parts }, [bytes], bytes.length);
  const counted = { blob, part: row.parts, from: offset, to: end };
  const isNext = await db.inOrg(org, (trx) => advanceUpload(trx, { ...counted, atMs: ports.clock.nowMs() }));
  if (!isNext) {
    // Given up meanwhile: who removed the parts may have come before this one.
    const now = await db.inOrg(org, (trx) => findUpload(trx, blob));
    if (now === null || now.state === 'leaving') await blobs.remove({ org, blob, part: row.parts });
    throw new ApiError('conflict.version', 'offset');
  }
  return { ...row, stored_bytes: end, parts: row.parts + 1 };
}

/** Puts the parts together while it reads them, and stores the whole only where length and hash are those announced. */
async function finish(
  needs: Needs,
  session: Session,
  { row, hash }: { row: UploadRow; hash: Bytes },
): Promise<UploadState> {
  const { db, blobs, ports } = needs;
  const { org, account } = session;
  const blob = row.blob as BlobId;
  try {
    await blobs.put({ org, blob, part: null }, verified(needs, row, hash), row.size_bytes);
  } catch (error) {
    if (!(error instanceof NotAnnounced)) throw error;
    if (await db.inOrg(org, (trx) => dismissUpload(trx, blob))) await removeUpload(needs, row);
    throw new ApiError('request.invalid', 'hash');
  }
  const atMs = ports.clock.nowMs();
  const isFirst = await db.inOrg(org, async (trx) => {
    if (!(await completeUpload(trx, { blob, hash, atMs }))) return false;
    const event = { actor: account, session: session.session, action: 'blob.put', object: blob };
    await appendAudit(trx, { org, atMs }, [{ ...event, outcome: 'ok', code: null }]);
    return true;
  });
  if (!isFirst) {
    const now = await db.inOrg(org, (trx) => findUpload(trx, blob));
    if (now === null) await blobs.remove({ org, blob, part: null });
    if (now?.state !== 'complete') throw new ApiError('conflict.version', 'offset');
    return answerComplete(now, { hash });
  }
  await removeParts(needs, row);
  await db.inOrg(org, (trx) => forgetParts(trx, blob));
  return { offset: row.size_bytes, complete: true };
}

class NotAnnounced extends Error {}

async function* verified(needs: Needs, row: UploadRow, hash: Bytes): AsyncGenerator<Bytes> {
  const org = row.org as never;
  const blob = row.blob as BlobId;
  const hasher = createHash('sha256');
  let total = 0;
  // One piece behind, so that the last one is not handed on before the hash of all is known.
  let held: Bytes | null = null;
  for (let part = 0; part < row.parts; part++) {
    const pieces = await needs.blobs.open({ org, blob, part });
    if (pieces === null) throw new NotAnnounced();
    for await (const piece of pieces) {
      if (held !== null) yield held;
      hasher.update(piece);
      total += piece.length;
      held = piece;
    }
  }
  if (total !== row.size_bytes || !equalBytes(hasher.digest(), hash)) throw new NotAnnounced();
  if (held !== null) yield held;
}

function answerComplete(row: UploadRow, { hash }: Pick<UploadPart, 'hash'>): UploadState {
  const isOther = hash !== null && (row.hash === null || !equalBytes(row.hash, hash));
  if (isOther) throw new ApiError('conflict.exists', 'blob');
  return { offset: row.size_bytes, complete: true };
}
