import type { Bytes } from '@baton/kernel';
import type { Digest } from '../ports.ts';
import { emptyRoot, nodeHash } from './log-hashes.ts';

/**
 * The smallest state from which an append-only tree grows: the roots of its complete subtrees, largest first (one per set bit of
 * `size`). A value: appending returns a new one.
 */
export interface LogFrontier {
  readonly size: number;
  readonly peaks: readonly Bytes[];
}

export const EMPTY_FRONTIER: LogFrontier = { size: 0, peaks: [] };

/** Adds one leaf hash in O(log n). */
export function appendToFrontier(digest: Digest, frontier: LogFrontier, leaf: Bytes): LogFrontier {
  const peaks = [...frontier.peaks];
  let node = leaf;
  // Each trailing one bit of the size is a complete subtree that the new leaf completes to one twice as large.
  for (let rest = frontier.size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
    const left = peaks.pop();
    if (left === undefined) break;
    node = nodeHash(digest, left, node);
  }
  peaks.push(node);
  return { size: frontier.size + 1, peaks };
}

/** The tree's root (RFC 9162 §2.1.1). */
export function frontierRoot(digest: Digest, frontier: LogFrontier): Bytes {
  let root: Bytes | null = null;
  for (let i = frontier.peaks.length - 1; i >= 0; i--) {
    const peak = frontier.peaks[i] as Bytes;
    root = root === null ? peak : nodeHash(digest, peak, root);
  }
  return root ?? emptyRoot(digest);
}
