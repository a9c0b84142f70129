import type { Bytes } from '@baton/kernel';
import type { Digest } from '../ports.ts';
import { emptyRoot, nodeHash } from './log-hashes.ts';

/**
 * An append-only Merkle tree (RFC 9162 §2.1) that can prove. `levels[k][i]` is the root of the complete subtree over leaves
 * [i * 2^k, (i + 1) * 2^k).
 *
 * A value with a shared backing: appending to the newest version reuses the arrays, appending to an older one copies what it needs, so
 * versions never see each other's leaves.
 */
export interface LogTree {
  readonly size: number;
  readonly levels: readonly Bytes[][];
}

export function emptyLogTree(): LogTree {
  return { size: 0, levels: [[]] };
}

/** Adds one leaf hash; amortised O(1) hashes. */
export function appendLeaf(digest: Digest, tree: LogTree, leaf: Bytes): LogTree {
  const levels = backingFor(tree);
  let node = leaf;
  let index = tree.size;
  for (let level = 0; ; level++) {
    const row = (levels[level] ??= []);
    row.push(node);
    if (index % 2 === 0) break;
    node = nodeHash(digest, row[index - 1] as Bytes, node);
    index = (index - 1) / 2;
  }
  return { size: tree.size + 1, levels };
}

function backingFor(tree: LogTree): Bytes[][] {
  const levels = tree.levels as Bytes[][];
  if (levels[0]?.length === tree.size) return levels;
  return levels.map((row, level) => row.slice(0, Math.floor(tree.size / 2 ** level)));
}

/** Root of the first `size` leaves (default: all of them); `null` where the tree has fewer. */
export function logRoot(digest: Digest, tree: LogTree, size: number = tree.size): Bytes | null {
  if (!isCount(size) || size > tree.size) return null;
  return size === 0 ? emptyRoot(digest) : rangeRoot({ digest, tree }, 0, size);
}

/** RFC 9162 §2.1.3.1: the path from leaf `index` to the root of the first `size` leaves; `null` outside the tree. */
export function inclusionProof(
  digest: Digest,
  tree: LogTree,
  index: number,
  size = tree.size,
): Bytes[] | null {
  if (!isCount(size) || !isCount(index) || size > tree.size || index >= size) return null;
  const path: Bytes[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const split = start + largestPowerBelow(end - start);
    if (index < split) {
      path.push(rangeRoot({ digest, tree }, split, end));
      end = split;
    } else {
      path.push(rangeRoot({ digest, tree }, start, split));
      start = split;
    }
  }
  return path.reverse();
}

/**
 * RFC 9162 §2.1.4.1: proof that the first `from` leaves are a prefix of the first `to`; `null` outside the tree. Empty when the sizes are
 * equal or `from` is 0, which proves nothing and needs nothing.
 */
export function consistencyProof(
  digest: Digest,
  tree: LogTree,
  from: number,
  to = tree.size,
): Bytes[] | null {
  if (!isCount(from) || !isCount(to) || from > to || to > tree.size) return null;
  if (from === 0 || from === to) return [];
  const path: Bytes[] = [];
  let start = 0;
  let end = to;
  // `whole`: the old tree is exactly the current subtree from its left edge, so the verifier knows its root already.
  let whole = true;
  while (from !== end) {
    const split = start + largestPowerBelow(end - start);
    if (from <= split) {
      path.push(rangeRoot({ digest, tree }, split, end));
      end = split;
    } else {
      path.push(rangeRoot({ digest, tree }, start, split));
      start = split;
      whole = false;
    }
  }
  if (!whole) path.push(rangeRoot({ digest, tree }, start, end));
  return path.reverse();
}

interface Reading {
  readonly digest: Digest;
  readonly tree: LogTree;
}

/** Root over leaves [start, end), where `start` is a multiple of the largest power of two below the length. */
function rangeRoot(reading: Reading, start: number, end: number): Bytes {
  const length = end - start;
  const level = Math.floor(Math.log2(length));
  if (2 ** level === length) return reading.tree.levels[level]?.[start / length] as Bytes;
  const split = start + 2 ** level;
  return nodeHash(reading.digest, rangeRoot(reading, start, split), rangeRoot(reading, split, end));
}

/** Largest power of two strictly smaller than `length` (> 1). */
function largestPowerBelow(length: number): number {
  return 2 ** Math.floor(Math.log2(length - 1));
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
