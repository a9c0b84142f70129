import { type Bytes, equalBytes, ok, type Result } from '@baton/kernel';
import { type LedgerError, refuse } from '../ledger-error.ts';
import type { Digest } from '../ports.ts';
import { nodeHash } from './log-hashes.ts';

export interface InclusionClaim {
  /** Leaf hash (not the leaf's bytes). */
  readonly leaf: Bytes;
  readonly index: number;
  readonly size: number;
  readonly root: Bytes;
  readonly path: readonly Bytes[];
}

/** RFC 9162 §2.1.3.2. */
export function verifyInclusion(digest: Digest, claim: InclusionClaim): Result<null, LedgerError> {
  const { leaf, index, size, root, path } = claim;
  if (!isPosition(index) || !isPosition(size) || index >= size) return refuse('ledger.bad_proof', 'index');
  if (!path.every(isHash)) return refuse('ledger.bad_proof', 'path');
  let fn = index;
  let sn = size - 1;
  let node = leaf;
  for (const sibling of path) {
    if (sn === 0) return refuse('ledger.bad_proof', 'path');
    if (fn % 2 === 1 || fn === sn) {
      node = nodeHash(digest, sibling, node);
      while (fn % 2 === 0 && fn !== 0) {
        fn /= 2;
        sn = half(sn);
      }
    } else {
      node = nodeHash(digest, node, sibling);
    }
    fn = half(fn);
    sn = half(sn);
  }
  if (sn !== 0) return refuse('ledger.bad_proof', 'path');
  return equalBytes(node, root) ? ok(null) : refuse('ledger.bad_proof', 'root');
}

export interface ConsistencyClaim {
  readonly from: number;
  readonly fromRoot: Bytes;
  readonly to: number;
  readonly toRoot: Bytes;
  readonly path: readonly Bytes[];
}

/** RFC 9162 §2.1.4.2. A tree of size 0 is consistent with every tree. */
export function verifyConsistency(digest: Digest, claim: ConsistencyClaim): Result<null, LedgerError> {
  const { from, fromRoot, to, toRoot, path } = claim;
  if (!isPosition(from) || !isPosition(to) || from > to) return refuse('ledger.bad_proof', 'size');
  if (!path.every(isHash)) return refuse('ledger.bad_proof', 'path');
  if (from === to || from === 0) {
    if (path.length > 0) return refuse('ledger.bad_proof', 'path');
    return from === 0 || equalBytes(fromRoot, toRoot) ? ok(null) : refuse('ledger.bad_proof', 'root');
  }
  const nodes = isPowerOfTwo(from) ? [fromRoot, ...path] : [...path];
  const [first, ...rest] = nodes;
  if (first === undefined) return refuse('ledger.bad_proof', 'path');
  let fn = from - 1;
  let sn = to - 1;
  while (fn % 2 === 1) {
    fn = half(fn);
    sn = half(sn);
  }
  let old = first;
  let fresh = first;
  for (const node of rest) {
    if (sn === 0) return refuse('ledger.bad_proof', 'path');
    if (fn % 2 === 1 || fn === sn) {
      old = nodeHash(digest, node, old);
      fresh = nodeHash(digest, node, fresh);
      while (fn % 2 === 0 && fn !== 0) {
        fn /= 2;
        sn = half(sn);
      }
    } else {
      fresh = nodeHash(digest, fresh, node);
    }
    fn = half(fn);
    sn = half(sn);
  }
  if (sn !== 0) return refuse('ledger.bad_proof', 'path');
  return equalBytes(old, fromRoot) && equalBytes(fresh, toRoot)
    ? ok(null)
    : refuse('ledger.bad_proof', 'root');
}

// Sizes may exceed 2^31, so no bit operators.
function half(value: number): number {
  return Math.floor(value / 2);
}

function isPosition(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isHash(value: Bytes): boolean {
  return value.length === 32;
}

function isPowerOfTwo(value: number): boolean {
  return 2 ** Math.round(Math.log2(value)) === value;
}
