import { readFileSync } from 'node:fs';
import { type Bytes, decodeHex, encodeHex } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { digest } from '../fixtures/signing.ts';
import {
  appendLeaf,
  appendToFrontier,
  consistencyProof,
  EMPTY_FRONTIER,
  emptyLogTree,
  frontierRoot,
  inclusionProof,
  leafHash,
  logRoot,
  verifyConsistency,
  verifyInclusion,
} from '../index.ts';

interface Published {
  readonly leaves: readonly string[];
  readonly roots: readonly string[];
  readonly inclusion: readonly { index: number; size: number; path: readonly string[] }[];
  readonly consistency: readonly { from: number; to: number; path: readonly string[] }[];
}

const file = new URL('../../../../protocol/vectors/published/rfc6962-merkle.json', import.meta.url);
const published = JSON.parse(readFileSync(file, 'utf8')) as Published;
const fromHex = (text: string): Bytes => decodeHex(text) as Bytes;
const leaves = published.leaves.map((leaf) => leafHash(digest, fromHex(leaf)));
const roots = published.roots.map(fromHex);
const tree = leaves.reduce((grown, leaf) => appendLeaf(digest, grown, leaf), emptyLogTree());

describe('the 8-leaf tree of the certificate-transparency reference', () => {
  it('has these roots, from the tree and from the frontier', () => {
    let frontier = EMPTY_FRONTIER;
    for (const [size, root] of roots.entries()) {
      expect(logRoot(digest, tree, size)).toEqual(root);
      expect(frontierRoot(digest, frontier)).toEqual(root);
      const leaf = leaves[size];
      if (leaf !== undefined) frontier = appendToFrontier(digest, frontier, leaf);
    }
    expect(roots).toHaveLength(9);
  });

  it.each(published.inclusion)('includes leaf $index of $size', ({ index, size, path }) => {
    expect(inclusionProof(digest, tree, index, size)?.map(encodeHex)).toEqual(path);
    const claim = { leaf: leaves[index]!, index, size, root: roots[size]!, path: path.map(fromHex) };
    expect(verifyInclusion(digest, claim).ok).toBe(true);
    expect(verifyInclusion(digest, { ...claim, root: roots[size - 1]! }).ok).toBe(false);
  });

  it.each(published.consistency)('extends $from to $to', ({ from, to, path }) => {
    expect(consistencyProof(digest, tree, from, to)?.map(encodeHex)).toEqual(path);
    const claim = { from, fromRoot: roots[from]!, to, toRoot: roots[to]!, path: path.map(fromHex) };
    expect(verifyConsistency(digest, claim).ok).toBe(true);
    expect(verifyConsistency(digest, { ...claim, fromRoot: roots[from - 1]! }).ok).toBe(false);
  });
});
