import { type Bytes, ok, type OrgId, type Result } from '@baton/kernel';
import { type AuditCheckpoint, type AuditRecord, auditCheckpointCodec, auditRecordCodec } from '@baton/wire';
import { hashObject } from './hashing.ts';
import { LABELS } from './labels.ts';
import { type LedgerError, refuse } from './ledger-error.ts';
import { leafHash } from './merkle/log-hashes.ts';
import { verifyConsistency } from './merkle/log-proofs.ts';
import type { Digest, Verify } from './ports.ts';
import { checkSigned } from './signed-check.ts';

// The audit log is an append-only tree like the key log: grow it with `appendToFrontier` or `appendLeaf`, prove with the same functions.

/** Hash of one audit event; shown beside it, so that a page of events can be checked against a checkpoint. */
export function auditEventHash(digest: Digest, record: AuditRecord): Bytes {
  return hashObject(digest, LABELS.audit, auditRecordCodec.encode(record));
}

/** The event's leaf in the audit tree. */
export function auditLeaf(digest: Digest, eventHash: Bytes): Bytes {
  return leafHash(digest, eventHash);
}

export interface AuditCheck {
  readonly digest: Digest;
  readonly verify: Verify;
  readonly org: OrgId;
  readonly serverKey: Bytes;
}

/** The server's signature over a checkpoint of the audit log. */
export async function checkAuditCheckpoint(
  signedCheckpoint: Bytes,
  check: AuditCheck,
): Promise<Result<AuditCheckpoint, LedgerError>> {
  const opened = await checkSigned(check, signedCheckpoint, {
    label: LABELS.auditHead,
    codec: auditCheckpointCodec,
    publicKey: check.serverKey,
  });
  if (!opened.ok) return opened;
  return opened.value.body.org === check.org ? ok(opened.value.body) : refuse('ledger.wrong_purpose', 'org');
}

/** Whether a checkpoint extends the one kept before: an audit log that shrank or changed is `ledger.rollback` or `ledger.bad_proof`. */
export function checkCheckpointExtends(
  digest: Digest,
  kept: Pick<AuditCheckpoint, 'size' | 'root'>,
  step: { readonly checkpoint: AuditCheckpoint; readonly proof: readonly Bytes[] },
): Result<null, LedgerError> {
  const { checkpoint, proof } = step;
  if (checkpoint.size < kept.size) return refuse('ledger.rollback', 'size');
  return verifyConsistency(digest, {
    from: kept.size,
    fromRoot: kept.root,
    to: checkpoint.size,
    toRoot: checkpoint.root,
    path: proof,
  });
}
