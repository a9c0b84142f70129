import { type Bytes, equalBytes, ok, type Result } from '@baton/kernel';
import { type CollectionRoot, collectionRootCodec, type Watermark, watermarkCodec } from '@baton/wire';
import { type CheckedCertificate, isCertificateCurrent } from './certificate.ts';
import { hashObject } from './hashing.ts';
import { LABELS } from './labels.ts';
import { type LedgerError, refuse } from './ledger-error.ts';
import { EMPTY_MAP, type SparseMap, setInMap } from './merkle/sparse-map.ts';
import type { Digest, Verify } from './ports.ts';
import { checkSigned, type OpenedSigned, openSigned } from './signed-check.ts';

export interface DeviceSignedCheck {
  readonly digest: Digest;
  readonly verify: Verify;
  /** The signer's certificate, checked against the key log (`checkCertificate`). */
  readonly certificate: CheckedCertificate;
}

export interface CheckedWatermark {
  readonly watermark: Watermark;
  readonly hash: Bytes;
}

/** Decodes a Signed watermark; its signature is not checked. */
export function openWatermark(digest: Digest, bytes: Bytes): Result<OpenedSigned<Watermark>, LedgerError> {
  return openSigned(digest, bytes, { label: LABELS.watermark, codec: watermarkCodec });
}

/** "Opened up to here", signed by a device of the account that it speaks of. `previous` is the one it replaces: it never goes back. */
export async function checkWatermark(
  bytes: Bytes,
  check: DeviceSignedCheck,
  previous: Watermark | null = null,
): Promise<Result<CheckedWatermark, LedgerError>> {
  const opened = await checkSigned(check, bytes, {
    label: LABELS.watermark,
    codec: watermarkCodec,
    publicKey: check.certificate.certificate.pub,
  });
  if (!opened.ok) return opened;
  const { body: watermark, hash } = opened.value;
  const signer = checkSignerNames(check.certificate, { ...watermark, signer: watermark.account });
  if (!signer.ok) return signer;
  if (previous !== null) {
    if (watermark.conv !== previous.conv || watermark.account !== previous.account)
      return refuse('ledger.wrong_purpose', 'conv');
    if (watermark.seq < previous.seq) return refuse('ledger.rollback', 'seq');
  }
  return ok({ watermark, hash });
}

export interface CheckedCollectionRoot {
  readonly root: CollectionRoot;
  readonly hash: Bytes;
}

/** Decodes a Signed collection root; its signature is not checked. */
export function openCollectionRoot(
  digest: Digest,
  bytes: Bytes,
): Result<OpenedSigned<CollectionRoot>, LedgerError> {
  return openSigned(digest, bytes, { label: LABELS.collectionRoot, codec: collectionRootCodec });
}

/** A member's word on a collection's whole content at a stream position. `previous` is the newest root seen: older is a rollback, another at the same position a fork. */
export async function checkCollectionRoot(
  bytes: Bytes,
  check: DeviceSignedCheck,
  previous: CollectionRoot | null = null,
): Promise<Result<CheckedCollectionRoot, LedgerError>> {
  const opened = await checkSigned(check, bytes, {
    label: LABELS.collectionRoot,
    codec: collectionRootCodec,
    publicKey: check.certificate.certificate.pub,
  });
  if (!opened.ok) return opened;
  const { body: root, hash } = opened.value;
  const signer = checkSignerNames(check.certificate, { ...root, signer: root.author });
  if (!signer.ok) return signer;
  if (previous !== null) {
    if (root.conv !== previous.conv) return refuse('ledger.wrong_purpose', 'conv');
    if (root.seq < previous.seq) return refuse('ledger.rollback', 'seq');
    if (root.seq === previous.seq && !equalBytes(root.root, previous.root))
      return refuse('ledger.fork', 'root');
  }
  return ok({ root, hash });
}

/** A collection's content: opaque key -> hash of its newest put, deletions included. `sparseRoot` of it is what members sign. */
export type CollectionMap = SparseMap;
export const EMPTY_COLLECTION: CollectionMap = EMPTY_MAP;

/** Sets one key (32 bytes, from the put's header) to the hash of its newest put. */
export function setInCollection(
  digest: Digest,
  map: CollectionMap,
  put: { readonly key: Bytes; readonly hash: Bytes },
): CollectionMap {
  return setInMap(map, collectionMapKey(digest, put.key), put.hash);
}

/** Where a put's key stands in the map: hashed again, so that nobody shapes the tree by choosing keys. */
function collectionMapKey(digest: Digest, key: Bytes): Bytes {
  return hashObject(digest, LABELS.collectionKey, key);
}

interface SignerNames {
  readonly org: string;
  readonly signer: string;
  readonly dk: Bytes;
  readonly ts: number;
}

function checkSignerNames(checked: CheckedCertificate, names: SignerNames): Result<null, LedgerError> {
  const { certificate, hash } = checked;
  if (names.org !== certificate.org) return refuse('ledger.wrong_purpose', 'org');
  if (!equalBytes(names.dk, hash)) return refuse('ledger.unknown_signer', 'dk');
  if (names.signer !== certificate.account) return refuse('ledger.wrong_purpose', 'account');
  return isCertificateCurrent(certificate, names.ts) ? ok(null) : refuse('ledger.expired', 'ts');
}
