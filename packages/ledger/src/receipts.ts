import {
  type Bytes,
  type ConversationId,
  concatBytes,
  encodeUtf8,
  ok,
  type OrgId,
  type Result,
} from '@baton/kernel';
import { type Receipt, receiptCodec } from '@baton/wire';
import { encodeUint64, labelPrefix } from './hashing.ts';
import { LABELS } from './labels.ts';
import { type LedgerError, refuse } from './ledger-error.ts';
import { emptyRoot, leafHash, nodeHash } from './merkle/log-hashes.ts';
import { verifyInclusion } from './merkle/log-proofs.ts';
import type { Digest, Verify } from './ports.ts';
import { checkSigned } from './signed-check.ts';

/** A committed row: item bytes `b` at position `seq` of a conversation's stream. */
export interface ReceiptRow {
  readonly conv: ConversationId;
  readonly seq: number;
  /** SHA-256 of the item's bytes as its author sent them. */
  readonly itemHash: Bytes;
}

/** RFC 9162 leaf hash over "sg/row/v1" || 0x00 || utf8(conv) || uint64be(seq) || SHA-256(item bytes). */
export function rowLeaf(digest: Digest, row: ReceiptRow): Bytes {
  return leafHash(
    digest,
    concatBytes(labelPrefix(LABELS.row), encodeUtf8(row.conv), encodeUint64(row.seq), row.itemHash),
  );
}

/** The tree over one batch's row leaves, in commit order. */
export interface BatchTree {
  readonly count: number;
  readonly root: Bytes;
  /** Path from the row at `index` to the root; null outside the batch. */
  pathOf(index: number): Bytes[] | null;
}

/** Each inner node is hashed once, however many paths are asked for: a batch's rows all get theirs. */
export function buildBatchTree(digest: Digest, leaves: readonly Bytes[]): BatchTree {
  const top = leaves.length === 0 ? null : buildNode({ digest, leaves }, 0, leaves.length);
  return {
    count: leaves.length,
    root: top === null ? emptyRoot(digest) : top.root,
    pathOf: (index) => (top === null ? null : pathBelow(top, index)),
  };
}

interface BatchNode {
  readonly root: Bytes;
  readonly count: number;
  /** null on a leaf. */
  readonly halves: readonly [BatchNode, BatchNode] | null;
}

/** RFC 9162 §2.1.1: the left half has the largest power of two of leaves that is smaller than their number. */
function buildNode(
  from: { readonly digest: Digest; readonly leaves: readonly Bytes[] },
  start: number,
  count: number,
): BatchNode {
  if (count === 1) return { root: from.leaves[start] as Bytes, count, halves: null };
  const split = 2 ** Math.floor(Math.log2(count - 1));
  const left = buildNode(from, start, split);
  const right = buildNode(from, start + split, count - split);
  return { root: nodeHash(from.digest, left.root, right.root), count, halves: [left, right] };
}

/** RFC 9162 §2.1.3.1: siblings from the leaf up. */
function pathBelow(top: BatchNode, index: number): Bytes[] | null {
  if (!Number.isSafeInteger(index) || index < 0 || index >= top.count) return null;
  const path: Bytes[] = [];
  let node = top;
  let place = index;
  while (node.halves !== null) {
    const [left, right] = node.halves;
    const goesLeft = place < left.count;
    path.push(goesLeft ? right.root : left.root);
    if (!goesLeft) place -= left.count;
    node = goesLeft ? left : right;
  }
  return path.reverse();
}

export interface ReceiptCheck {
  readonly digest: Digest;
  readonly verify: Verify;
  readonly org: OrgId;
  /** A server key of the org statements (`serverKeys`). */
  readonly serverKey: Bytes;
}

export interface CheckedReceipt {
  readonly receipt: Receipt;
  /** What a later header echoes as `last`. */
  readonly hash: Bytes;
}

/** The server's signature over a batch. */
export async function checkReceipt(
  signedReceipt: Bytes,
  check: ReceiptCheck,
): Promise<Result<CheckedReceipt, LedgerError>> {
  const opened = await checkSigned(check, signedReceipt, {
    label: LABELS.receipt,
    codec: receiptCodec,
    publicKey: check.serverKey,
  });
  if (!opened.ok) return opened;
  const { body: receipt, hash } = opened.value;
  if (receipt.org !== check.org) return refuse('ledger.wrong_purpose', 'org');
  return ok({ receipt, hash });
}

export interface RowClaim {
  readonly row: ReceiptRow;
  /** Position of the row in its batch, from 0. */
  readonly index: number;
  readonly path: readonly Bytes[];
}

/** Whether a row is in the batch that a receipt covers. */
export function verifyRow(digest: Digest, receipt: Receipt, claim: RowClaim): Result<null, LedgerError> {
  const { row, index, path } = claim;
  return verifyInclusion(digest, {
    leaf: rowLeaf(digest, row),
    index,
    size: receipt.count,
    root: receipt.root,
    path,
  });
}
