import {
  type Bytes,
  type ConversationId,
  concatBytes,
  equalBytes,
  ok,
  type OrgId,
  type Result,
} from '@baton/kernel';
import { type TreeHead, treeHeadCodec } from '@baton/wire';
import { encodeUint64 } from './hashing.ts';
import { keyLogMapRoot, keyLogRoot } from './keylog/lookups.ts';
import type { KeyLogState } from './keylog/state.ts';
import { LABELS } from './labels.ts';
import { type LedgerError, refuse } from './ledger-error.ts';
import { verifyConsistency } from './merkle/log-proofs.ts';
import { type MapProof, mapKey, verifyMapProof } from './merkle/sparse-map.ts';
import type { Digest, Verify } from './ports.ts';
import { checkSignature, checkSigned } from './signed-check.ts';

export interface HeadCheck {
  readonly digest: Digest;
  readonly verify: Verify;
  readonly org: OrgId;
  readonly serverKey: Bytes;
}

export interface CheckedHead {
  readonly head: TreeHead;
  /** What a witness cosigns. */
  readonly hash: Bytes;
}

/** The server's signature over a head of the key log. */
export async function checkTreeHead(
  signedHead: Bytes,
  check: HeadCheck,
): Promise<Result<CheckedHead, LedgerError>> {
  const opened = await checkSigned(check, signedHead, {
    label: LABELS.head,
    codec: treeHeadCodec,
    publicKey: check.serverKey,
  });
  if (!opened.ok) return opened;
  const { body: head, hash } = opened.value;
  if (head.org !== check.org) return refuse('ledger.wrong_purpose', 'org');
  return ok({ head, hash });
}

/**
 * Whether a head extends the one pinned before (threat T9): smaller is `ledger.rollback`, the same size with other roots is
 * `ledger.fork`, a larger one needs the RFC 9162 consistency proof between the two sizes.
 */
export function checkHeadExtends(
  digest: Digest,
  pinned: Pick<TreeHead, 'size' | 'logRoot' | 'mapRoot'>,
  step: { readonly head: TreeHead; readonly proof: readonly Bytes[] },
): Result<null, LedgerError> {
  const { head, proof } = step;
  if (head.size < pinned.size) return refuse('ledger.rollback', 'size');
  if (head.size === pinned.size) {
    if (!equalBytes(head.logRoot, pinned.logRoot)) return refuse('ledger.fork', 'logRoot');
    return equalBytes(head.mapRoot, pinned.mapRoot) ? ok(null) : refuse('ledger.fork', 'mapRoot');
  }
  return verifyConsistency(digest, {
    from: pinned.size,
    fromRoot: pinned.logRoot,
    to: head.size,
    toRoot: head.logRoot,
    path: proof,
  });
}

/**
 * Whether a head fits the log that this client has verified itself, statement by statement. The map root can be compared only where the
 * sizes are equal. A head beyond our log is `ledger.bad_proof` at `size`: fetch the statements first.
 */
export function checkHeadOfLog(state: KeyLogState, head: TreeHead): Result<null, LedgerError> {
  const root = keyLogRoot(state, head.size);
  if (root === null) return refuse('ledger.bad_proof', 'size');
  if (!equalBytes(root, head.logRoot)) return refuse('ledger.fork', 'logRoot');
  if (head.size === state.tree.size && !equalBytes(keyLogMapRoot(state), head.mapRoot))
    return refuse('ledger.fork', 'mapRoot');
  return ok(null);
}

/** Value of a conversation in the head's `convRoot` map: SHA-256(uint64be(n) || entry hash). */
export function conversationHeadValue(digest: Digest, n: number, entryHash: Bytes): Bytes {
  return digest(concatBytes(encodeUint64(n), entryHash));
}

export interface ConversationHeadClaim {
  readonly conv: ConversationId;
  readonly n: number;
  readonly entryHash: Bytes;
  readonly proof: MapProof;
}

/** Whether a head's `convRoot` shows this entry as the conversation's newest. */
export function verifyConversationHead(
  digest: Digest,
  head: TreeHead,
  claim: ConversationHeadClaim,
): Result<null, LedgerError> {
  return verifyMapProof(digest, {
    root: head.convRoot,
    key: mapKey(digest, claim.conv),
    value: conversationHeadValue(digest, claim.n, claim.entryHash),
    proof: claim.proof,
  });
}

/** A witness's signature over a head's hash, under the `witness` label. */
export async function checkCosignature(
  check: { readonly digest: Digest; readonly verify: Verify; readonly witnessKey: Bytes },
  headHash: Bytes,
  signature: Bytes,
): Promise<Result<null, LedgerError>> {
  const { witnessKey, ...ports } = check;
  return checkSignature({ ...ports, label: LABELS.witness, publicKey: witnessKey }, headHash, signature);
}
