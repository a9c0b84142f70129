import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { appendLeaf, emptyLogTree, inclusionProof, type LogTree, logRoot } from './merkle/log-tree.ts';
import type { Digest } from './ports.ts';
import { buildBatchTree } from './receipts.ts';

const plainDigest: Digest = (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest());
const leavesOf = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, index) => plainDigest(Uint8Array.of(index >> 8, index & 255)));

describe('the tree of a batch', () => {
  it('has the root and the paths of a log of the same leaves, at every size of a batch', () => {
    for (let count = 0; count <= 130; count++) {
      const leaves = leavesOf(count);
      const batch = buildBatchTree(plainDigest, leaves);
      const log = leaves.reduce<LogTree>((tree, leaf) => appendLeaf(plainDigest, tree, leaf), emptyLogTree());
      expect([batch.count, batch.root]).toEqual([count, logRoot(plainDigest, log)]);
      for (let index = 0; index < count; index++)
        expect(batch.pathOf(index)).toEqual(inclusionProof(plainDigest, log, index));
      for (const outside of [-1, count, 0.5, Number.NaN]) expect(batch.pathOf(outside)).toBeNull();
    }
  });

  it('hashes each inner node once, however many paths are asked for', () => {
    let hashes = 0;
    const counting: Digest = (bytes) => {
      hashes += 1;
      return plainDigest(bytes);
    };
    const tree = buildBatchTree(counting, leavesOf(127));
    for (let index = 0; index < 127; index++) tree.pathOf(index);
    expect(hashes).toBe(126);
  });
});
