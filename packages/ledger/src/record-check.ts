import { type Bytes, equalBytes, type Result } from '@baton/kernel';
import { type OrgRecord, orgRecordCodec } from '@baton/wire';
import { type CheckedCertificate, isCertificateCurrent } from './certificate.ts';
import { LABELS } from './labels.ts';
import { type LedgerError, refuse } from './ledger-error.ts';
import type { Digest, Verify } from './ports.ts';
import { checkSignature, type OpenedSigned, openSigned } from './signed-check.ts';

export interface RecordCheck {
  readonly digest: Digest;
  readonly verify: Verify;
  /** The author's certificate, checked against the key log (`checkCertificate`, later `checkPastCertificate`). */
  readonly certificate: CheckedCertificate;
}

/** Decodes a Signed organisation record; its signature is not checked. */
export function openRecord(digest: Digest, bytes: Bytes): Result<OpenedSigned<OrgRecord>, LedgerError> {
  return openSigned(digest, bytes, { label: LABELS.record, codec: orgRecordCodec });
}

/** A record's authorship (batons.md §2). Whether it follows its subject's newest version and was allowed is for policy/duty. */
export async function checkRecord(
  opened: OpenedSigned<OrgRecord>,
  check: RecordCheck,
): Promise<Result<null, LedgerError>> {
  const { body: record, signed } = opened;
  const { certificate, hash } = check.certificate;
  if (record.version < 1) return refuse('ledger.bad_chain', 'version');
  if ((record.version === 1) !== (record.prev === null)) return refuse('ledger.bad_chain', 'prev');
  if (!equalBytes(record.dk, hash)) return refuse('ledger.unknown_signer', 'dk');
  if (record.org !== certificate.org) return refuse('ledger.wrong_purpose', 'org');
  if (record.author !== certificate.account) return refuse('ledger.wrong_purpose', 'author');
  if (!isCertificateCurrent(certificate, record.ts)) return refuse('ledger.expired', 'ts');
  const { digest, verify } = check;
  return checkSignature(
    { digest, verify, label: LABELS.record, publicKey: certificate.pub },
    signed.b,
    signed.s,
  );
}
