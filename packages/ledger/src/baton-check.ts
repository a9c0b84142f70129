import { type Bytes, equalBytes, ok, type OrgId, type Result } from '@baton/kernel';
import { type BatonEvent, type BatonOp, batonEventCodec, SERVER_OPS } from '@baton/wire';
import { type CheckedCertificate, isCertificateCurrent } from './certificate.ts';
import { LABELS } from './labels.ts';
import { type LedgerError, refuse } from './ledger-error.ts';
import type { Digest, Verify } from './ports.ts';
import { checkSignature, type OpenedSigned, openSigned } from './signed-check.ts';

interface Ports {
  readonly digest: Digest;
  readonly verify: Verify;
}

/** By whose key an event is judged: its `by` says which of the two is meant. */
export type BatonEventCheck =
  /** A person's: their certificate, checked against the key log (`checkCertificate`, later `checkPastCertificate`). */
  | (Ports & { readonly certificate: CheckedCertificate })
  /** The server's: a server key of the org statements (`serverKeys`). */
  | (Ports & { readonly org: OrgId; readonly serverKey: Bytes });

const serverOps: ReadonlySet<BatonOp['op']> = new Set(SERVER_OPS);

/** Decodes a Signed baton event; its signature is not checked. */
export function openBatonEvent(digest: Digest, bytes: Bytes): Result<OpenedSigned<BatonEvent>, LedgerError> {
  return openSigned(digest, bytes, { label: LABELS.batonEvent, codec: batonEventCodec });
}

/**
 * An event's authorship (batons.md §3): what time or a change of the organisation does is signed by the server, what a person does by a
 * device of that person, and neither can do the other's. Whether it follows the one before and was allowed is for policy/baton.
 */
export async function checkBatonEvent(
  opened: OpenedSigned<BatonEvent>,
  check: BatonEventCheck,
): Promise<Result<null, LedgerError>> {
  const { body: event, signed } = opened;
  if ((event.by === null) !== serverOps.has(event.op.op)) return refuse('ledger.wrong_purpose', 'op');
  if ((event.by === null) !== (event.dk === null)) return refuse('ledger.wrong_purpose', 'dk');
  if (event.by === null && event.as !== null) return refuse('ledger.wrong_purpose', 'as');
  if ((event.n === 0) !== (event.prev === null)) return refuse('ledger.bad_chain', 'prev');
  if ((event.n === 0) !== (event.op.op === 'open')) return refuse('ledger.bad_chain', 'op');
  const signer = 'certificate' in check ? checkPerson(event, check.certificate) : checkServer(event, check);
  if (!signer.ok) return signer;
  const { digest, verify } = check;
  return checkSignature(
    { digest, verify, label: LABELS.batonEvent, publicKey: signer.value },
    signed.b,
    signed.s,
  );
}

function checkPerson(event: BatonEvent, checked: CheckedCertificate): Result<Bytes, LedgerError> {
  const { certificate, hash } = checked;
  if (event.dk === null || !equalBytes(event.dk, hash)) return refuse('ledger.unknown_signer', 'dk');
  if (event.org !== certificate.org) return refuse('ledger.wrong_purpose', 'org');
  if (event.by !== certificate.account) return refuse('ledger.wrong_purpose', 'by');
  return isCertificateCurrent(certificate, event.ts) ? ok(certificate.pub) : refuse('ledger.expired', 'ts');
}

function checkServer(
  event: BatonEvent,
  check: { readonly org: OrgId; readonly serverKey: Bytes },
): Result<Bytes, LedgerError> {
  if (event.by !== null) return refuse('ledger.wrong_purpose', 'by');
  return event.org === check.org ? ok(check.serverKey) : refuse('ledger.wrong_purpose', 'org');
}
