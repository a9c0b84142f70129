import { type Bytes, equalBytes, ok, type Result } from '@baton/kernel';
import {
  type EnvelopeHeader,
  envelopeHeaderCodec,
  type PutHeader,
  putHeaderCodec,
  type Sealed,
  sealedCodec,
} from '@baton/wire';
import { type CheckedCertificate, isCertificateCurrent } from './certificate.ts';
import { hashSealed, sealedSigningInput } from './hashing.ts';
import { LABELS } from './labels.ts';
import { type LedgerError, refuse } from './ledger-error.ts';
import type { Digest, Verify } from './ports.ts';

export interface OpenedSealed<Header> {
  readonly header: Header;
  readonly sealed: Sealed;
  /** Hash of the whole encoding: the row's hash, and what a later put names as `prev`. */
  readonly hash: Bytes;
}
export type OpenedEnvelope = OpenedSealed<EnvelopeHeader>;
export type OpenedPut = OpenedSealed<PutHeader>;

/** Decodes an envelope; its signature is not checked. */
export function openEnvelope(digest: Digest, bytes: Bytes): Result<OpenedEnvelope, LedgerError> {
  const sealed = sealedCodec.decode(bytes);
  if (!sealed.ok) return sealed;
  const header = envelopeHeaderCodec.decode(sealed.value.h);
  if (!header.ok) return refuse(header.error.code, `h.${header.error.at}`);
  return ok({
    header: header.value,
    sealed: sealed.value,
    hash: hashSealed(digest, LABELS.envelope, bytes),
  });
}

/** Decodes a put; its signature is not checked. */
export function openPut(digest: Digest, bytes: Bytes): Result<OpenedPut, LedgerError> {
  const sealed = sealedCodec.decode(bytes);
  if (!sealed.ok) return sealed;
  const header = putHeaderCodec.decode(sealed.value.h);
  if (!header.ok) return refuse(header.error.code, `h.${header.error.at}`);
  return ok({ header: header.value, sealed: sealed.value, hash: hashSealed(digest, LABELS.put, bytes) });
}

export interface SealedCheck {
  readonly digest: Digest;
  readonly verify: Verify;
  /** The author's certificate, checked against the key log (`checkCertificate`). */
  readonly certificate: CheckedCertificate;
}

/** Authorship of an envelope: organisation, certificate in its time, signature over header, commitment and ciphertext. */
export async function checkEnvelope(
  bytes: Bytes,
  check: SealedCheck,
): Promise<Result<OpenedEnvelope, LedgerError>> {
  const opened = openEnvelope(check.digest, bytes);
  if (!opened.ok) return opened;
  const signed = await checkSealed(opened.value, check, LABELS.envelope);
  return signed.ok ? opened : signed;
}

/** Authorship of a put: as `checkEnvelope`. */
export async function checkPut(bytes: Bytes, check: SealedCheck): Promise<Result<OpenedPut, LedgerError>> {
  const opened = openPut(check.digest, bytes);
  if (!opened.ok) return opened;
  const signed = await checkSealed(opened.value, check, LABELS.put);
  return signed.ok ? opened : signed;
}

/** As `checkEnvelope` and `checkPut`, for an object that was decoded before. */
export async function checkSealed(
  opened: OpenedSealed<EnvelopeHeader | PutHeader>,
  check: SealedCheck,
  label: typeof LABELS.envelope | typeof LABELS.put,
): Promise<Result<null, LedgerError>> {
  const { header, sealed } = opened;
  const { certificate, hash } = check.certificate;
  if (header.t !== (label === LABELS.put ? 'put' : 'envelope')) return refuse('ledger.wrong_purpose', 'h.t');
  if (header.org !== certificate.org) return refuse('ledger.wrong_purpose', 'h.org');
  if (!equalBytes(header.dk, hash)) return refuse('ledger.unknown_signer', 'h.dk');
  if (header.author !== certificate.account) return refuse('ledger.wrong_purpose', 'h.author');
  if (!isCertificateCurrent(certificate, header.ts)) return refuse('ledger.expired', 'h.ts');
  const message = sealedSigningInput(check.digest, label, sealed);
  return (await check.verify(certificate.pub, message, sealed.s))
    ? ok(null)
    : refuse('ledger.bad_signature', 's');
}

/** The newest put of a key, as far as compare-and-set goes. */
export interface PutVersion {
  readonly version: number;
  readonly hash: Bytes;
}

/** Whether a put follows the newest one of its key (null: none yet): version one higher, `prev` its hash. */
export function checkPutChain(
  header: Pick<PutHeader, 'version' | 'prev'>,
  newest: PutVersion | null,
): Result<null, LedgerError> {
  if (header.version !== (newest?.version ?? 0) + 1) return refuse('ledger.bad_chain', 'h.version');
  const follows =
    newest === null ? header.prev === null : header.prev !== null && equalBytes(header.prev, newest.hash);
  return follows ? ok(null) : refuse('ledger.bad_chain', 'h.prev');
}
