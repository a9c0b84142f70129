import { type Bytes, encodeUtf8, equalBytes, type Result } from '@baton/kernel';
import { type ProtocolSignatureBody, protocolSignatureCodec } from '@baton/wire';
import { type CheckedCertificate, isCertificateCurrent } from './certificate.ts';
import { hashObject } from './hashing.ts';
import { LABELS } from './labels.ts';
import { type LedgerError, refuse } from './ledger-error.ts';
import type { Digest, Verify } from './ports.ts';
import { checkSignature, type OpenedSigned, openSigned } from './signed-check.ts';

/** Hash of a protocol's document (programmes.md §2): SHA-256(utf8("sg/protocol/v1") || 0x00 || utf8(canonical JSON)). */
export function hashProtocol(digest: Digest, body: string): Bytes {
  return hashObject(digest, LABELS.protocol, encodeUtf8(body));
}

/** Decodes a Signed protocol signature; it is not checked. */
export function openProtocolSignature(
  digest: Digest,
  bytes: Bytes,
): Result<OpenedSigned<ProtocolSignatureBody>, LedgerError> {
  return openSigned(digest, bytes, { label: LABELS.protocolSignature, codec: protocolSignatureCodec });
}

export interface ProtocolSignatureCheck {
  readonly digest: Digest;
  readonly verify: Verify;
  /** The signer's certificate, checked against the key log (`checkPastCertificate` with the commit time of the signature). */
  readonly certificate: CheckedCertificate;
}

/** Who made it, with which device, in that device's time. Of which document, and whether that person may, is the caller's to judge. */
export async function checkProtocolSignature(
  opened: OpenedSigned<ProtocolSignatureBody>,
  check: ProtocolSignatureCheck,
): Promise<Result<null, LedgerError>> {
  const { body, signed } = opened;
  const { certificate, hash } = check.certificate;
  if (!equalBytes(body.dk, hash)) return refuse('ledger.unknown_signer', 'dk');
  if (body.org !== certificate.org) return refuse('ledger.wrong_purpose', 'org');
  if (body.by !== certificate.account) return refuse('ledger.wrong_purpose', 'by');
  if (!isCertificateCurrent(certificate, body.at)) return refuse('ledger.expired', 'at');
  const { digest, verify } = check;
  return checkSignature(
    { digest, verify, label: LABELS.protocolSignature, publicKey: certificate.pub },
    signed.b,
    signed.s,
  );
}
