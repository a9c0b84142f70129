import type { BlobId, Bytes, OrgId } from '@baton/kernel';

/** Where a sealed file lies. */
export interface BlobKey {
  readonly org: OrgId;
  readonly blob: BlobId;
}

/** Sealed bytes by id, nothing else. Ids come from outside but are checked to be ids before they get here. */
export interface BlobStore {
  /** Stores durably; false where the id is taken. */
  put(key: BlobKey, sealed: Bytes): Promise<boolean>;
  get(key: BlobKey): Promise<Bytes | null>;
  remove(key: BlobKey): Promise<void>;
  /** Ready to take bytes; throws when it is not. */
  check(): Promise<void>;
}
