import type { BlobId, OrgId } from '@baton/kernel';
import type { Services } from '../server-parts.ts';
import type { UploadRow } from '../store/schema.ts';
import {
  deleteUpload,
  dismissUpload,
  findUpload,
  forgetParts,
  listLeftParts,
  listUnwanted,
  settleUploads,
} from '../store/uploads.ts';

type Needs = Pick<Services, 'db' | 'blobs'>;

/** Nothing came for so long: a device takes it up anew from the start. */
export const OPEN_LIFE_MS = 24 * 60 * 60_000;
/** Uploaded and in no committed message: a device may have been off for days. */
export const COMPLETE_LIFE_MS = 7 * 24 * 60 * 60_000;
/** A finish that is under way takes seconds. */
const LEFT_PARTS_MS = 10 * 60_000;

/** What is committed moves to where it stays; what never was, goes. Each step can end anywhere and is taken up again. */
export async function sweepUploads(needs: Needs, org: OrgId, atMs: number): Promise<void> {
  const { db } = needs;
  const left = await db.inOrg(org, (trx) => listLeftParts(trx, atMs - LEFT_PARTS_MS));
  for (const row of left) {
    await removeParts(needs, row);
    await db.inOrg(org, (trx) => forgetParts(trx, row.blob as BlobId));
  }
  await db.inOrg(org, settleUploads);
  const before = { openMs: atMs - OPEN_LIFE_MS, completeMs: atMs - COMPLETE_LIFE_MS };
  for (const row of await db.inOrg(org, (trx) => listUnwanted(trx, before))) {
    const isGone =
      row.state === 'leaving' || (await db.inOrg(org, (trx) => dismissUpload(trx, row.blob as BlobId)));
    if (isGone) await removeUpload(needs, row);
  }
}

/** The bytes of a dismissed upload first, its row last: what a crash leaves of it is found by its row. */
export async function removeUpload(needs: Needs, row: UploadRow): Promise<void> {
  const org = row.org as OrgId;
  const blob = row.blob as BlobId;
  await needs.blobs.remove({ org, blob, part: null });
  // A part may have been stored that the row does not count yet.
  await removeParts(needs, { ...row, parts: row.parts + 1 });
  await needs.db.inOrg(org, (trx) => deleteUpload(trx, blob));
}

export async function removeParts(needs: Needs, row: UploadRow): Promise<void> {
  const org = row.org as OrgId;
  const blob = row.blob as BlobId;
  for (let part = 0; part < row.parts; part++) await needs.blobs.remove({ org, blob, part });
}

/**
 * Parts without an upload: stored in the moment in which their upload was removed. Only where files are put together is anything looked for
 * and removed by listing; a file itself goes by its row alone, so that a database set back loses none.
 */
export async function sweepStaged(needs: Needs, beforeMs: number): Promise<void> {
  for await (const page of needs.blobs.listStaged(beforeMs)) {
    for (const { org, blob, part } of page) {
      const row = await needs.db.inOrg(org, (trx) => findUpload(trx, blob));
      if (row === null || part > row.parts) await needs.blobs.remove({ org, blob, part });
    }
  }
}
