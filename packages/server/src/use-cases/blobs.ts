import type { BlobId, Bytes, ConversationId } from '@baton/kernel';
import type { ByteRange } from '../blobs/blob-store.ts';
import { openConversation } from '../access/door.ts';
import type { Session } from '../access/sessions.ts';
import { ApiError, notFound } from '../api-error.ts';
import type { Services } from '../server-parts.ts';
import { findBlob } from '../store/blobs.ts';
import { findReadableUpload } from '../store/uploads.ts';

type Needs = Pick<Services, 'db' | 'blobs' | 'audit'>;

/** What was asked for: from a byte on, up to one (without it), or to the end; or the last so many. */
export type WantedRange = { readonly from: number; readonly to: number | null } | { readonly last: number };

export interface FoundBlob {
  readonly sizeBytes: number;
  readonly range: ByteRange;
  readonly bytes: AsyncIterable<Bytes>;
}

/**
 * The sealed bytes, or a range of them. Access to the conversation is checked at each fetch, so a link is worth nothing afterwards. A file is
 * there for the others once a message that lists it is committed.
 */
export async function getBlob(
  needs: Needs,
  session: Session,
  what: { blob: BlobId; wanted: WantedRange | null },
): Promise<FoundBlob> {
  const { db, blobs, audit } = needs;
  const { org, account } = session;
  const { blob, wanted } = what;
  const row = await db.inOrg(
    org,
    async (trx) => (await findBlob(trx, blob)) ?? (await findReadableUpload(trx, blob, account)),
  );
  if (row === null) throw notFound();
  await openConversation(db, session, row.conv as ConversationId);
  const sizeBytes = row.size_bytes;
  const range = wanted === null ? { start: 0, end: sizeBytes } : rangeWithin(wanted, sizeBytes);
  if (range === null) throw new ApiError('request.invalid', 'range');
  // A long file comes in many ranges: one event for each session and file.
  await audit.recordOnce(org, `${session.session}${blob}`, {
    actor: account,
    session: session.session,
    action: 'blob.get',
    object: blob,
    outcome: 'ok',
    code: null,
  });
  const bytes = await blobs.open({ org, blob, part: null }, range);
  if (bytes === null) throw notFound();
  return { sizeBytes, range, bytes };
}

function rangeWithin(wanted: WantedRange, sizeBytes: number): ByteRange | null {
  const start = 'last' in wanted ? Math.max(0, sizeBytes - wanted.last) : wanted.from;
  const end = 'last' in wanted || wanted.to === null ? sizeBytes : Math.min(wanted.to, sizeBytes);
  return start < end ? { start, end } : null;
}
