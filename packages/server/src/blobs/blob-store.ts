import { type BlobId, type Bytes, isId, type OrgId } from '@baton/kernel';

/** Where sealed bytes lie: a file, or one part of a file that is on its way. Ids come from outside but are checked to be ids before they get here. */
export interface BlobName {
  readonly org: OrgId;
  readonly blob: BlobId;
  /** null: the file itself. */
  readonly part: number | null;
}

/** Part of a file: from `start`, up to and without `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** What lies where files are put together. */
export interface StagedPart {
  readonly org: OrgId;
  readonly blob: BlobId;
  readonly part: number;
}

/** Sealed bytes by name, nothing else (docs/decisions/0013-uploads-and-blob-store.md). */
export interface BlobStore {
  /**
   * Stores durably, whole or not at all, in place of what had the name. Nothing is stored where the source throws or has another length
   * than `sizeBytes`.
   */
  put(name: BlobName, source: AsyncIterable<Bytes> | Iterable<Bytes>, sizeBytes: number): Promise<void>;
  /** The bytes in pieces; null where there is nothing of that name. The range must lie within. */
  open(name: BlobName, range?: ByteRange): Promise<AsyncIterable<Bytes> | null>;
  /** Harmless where there is nothing. */
  remove(name: BlobName): Promise<void>;
  /** Parts that were stored before `beforeMs`, in pages. Also forgets what a crash left half written before then. */
  listStaged(beforeMs: number): AsyncIterable<readonly StagedPart[]>;
  /** Ready to take bytes; throws when it is not. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** The last wall against a name made of something else than ids. */
export function requireBlobName({ org, blob, part }: BlobName): void {
  const isPart = part === null || (Number.isSafeInteger(part) && part >= 0);
  if (!isId('org', org) || !isId('blob', blob) || !isPart) throw new RangeError('not the name of a blob');
}

/** A part's name in a listing, `<blob>.<part>` within its organisation; null for anything else. */
export function parsePart(org: string, name: string): StagedPart | null {
  const [blob = '', part = '', ...more] = name.split('.');
  if (!isId('org', org) || !isId('blob', blob) || !/^\d{1,6}$/.test(part) || more.length > 0) return null;
  return { org, blob, part: Number(part) };
}
