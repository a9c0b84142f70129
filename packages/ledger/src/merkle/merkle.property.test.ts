import { type Bytes, encodeUtf8, equalBytes } from '@baton/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digest, makeBytes } from '../fixtures/signing.ts';
import {
  appendLeaf,
  appendToFrontier,
  consistencyProof,
  EMPTY_FRONTIER,
  EMPTY_MAP,
  emptyLogTree,
  frontierRoot,
  getFromMap,
  inclusionProof,
  type LogTree,
  leafHash,
  logRoot,
  type MapProof,
  mapKey,
  nodeHash,
  proveInMap,
  type SparseMap,
  setInMap,
  sparseRoot,
  verifyConsistency,
  verifyInclusion,
  verifyMapProof,
} from '../index.ts';

const MAX_LEAVES = 70;
const leaves = Array.from({ length: MAX_LEAVES }, (_, i) => leafHash(digest, encodeUtf8(`leaf ${i}`)));
const tree = leaves.reduce<LogTree>((grown, leaf) => appendLeaf(digest, grown, leaf), emptyLogTree());

/** RFC 9162 §2.1.1, word for word. */
function naiveRoot(list: readonly Bytes[]): Bytes {
  if (list.length === 0) return digest(new Uint8Array(0));
  if (list.length === 1) return list[0]!;
  let k = 1;
  while (k * 2 < list.length) k *= 2;
  return nodeHash(digest, naiveRoot(list.slice(0, k)), naiveRoot(list.slice(k)));
}
const roots = Array.from({ length: MAX_LEAVES + 1 }, (_, size) => naiveRoot(leaves.slice(0, size)));

function flipBit(bytes: Bytes, bit: number): Bytes {
  const out = bytes.slice();
  out[bit >> 3] = (out[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return out;
}

describe('the append-only tree', () => {
  it('has the naive root at every size, as the frontier has', () => {
    let frontier = EMPTY_FRONTIER;
    for (const [size, root] of roots.entries()) {
      expect(logRoot(digest, tree, size)).toEqual(root);
      expect(frontierRoot(digest, frontier)).toEqual(root);
      const leaf = leaves[size];
      if (leaf !== undefined) frontier = appendToFrontier(digest, frontier, leaf);
    }
  });

  it('proves every leaf at every size, and no other leaf, index or size', () => {
    for (let size = 1; size <= MAX_LEAVES; size++) {
      for (let index = 0; index < size; index++) {
        const path = inclusionProof(digest, tree, index, size)!;
        const claim = { leaf: leaves[index]!, index, size, root: roots[size]!, path };
        expect(verifyInclusion(digest, claim).ok).toBe(true);
        expect(verifyInclusion(digest, { ...claim, leaf: makeBytes('another leaf', 32) }).ok).toBe(false);
        if (size > 1) expect(verifyInclusion(digest, { ...claim, index: (index + 1) % size }).ok).toBe(false);
        expect(verifyInclusion(digest, { ...claim, path: [...path, roots[1]!] }).ok).toBe(false);
        expect(verifyInclusion(digest, { ...claim, path: path.slice(1) }).ok).toBe(path.length === 0);
      }
    }
  });

  it('proves every pair of sizes, and no other old root', () => {
    for (let to = 0; to <= MAX_LEAVES; to++) {
      for (let from = 0; from <= to; from++) {
        const path = consistencyProof(digest, tree, from, to)!;
        const claim = { from, fromRoot: roots[from]!, to, toRoot: roots[to]!, path };
        expect(verifyConsistency(digest, claim).ok).toBe(true);
        if (from === 0) continue;
        expect(verifyConsistency(digest, { ...claim, fromRoot: makeBytes('fork', 32) }).ok).toBe(false);
        expect(verifyConsistency(digest, { ...claim, toRoot: makeBytes('fork', 32) }).ok).toBe(false);
        expect(verifyConsistency(digest, { ...claim, path: [...path, roots[1]!] }).ok).toBe(false);
      }
    }
  });

  it('refuses a proof with any one bit changed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: MAX_LEAVES }),
        fc.nat(),
        fc.nat(),
        fc.nat(),
        (size, a, b, bit) => {
          const index = a % size;
          const path = inclusionProof(digest, tree, index, size)!;
          const changed = path.map((hash, i) => (i === b % path.length ? flipBit(hash, bit % 256) : hash));
          const claim = { leaf: leaves[index]!, index, size, root: roots[size]!, path: changed };
          expect(verifyInclusion(digest, claim).ok).toBe(false);
          const from = 1 + (a % (size - 1));
          const steps = consistencyProof(digest, tree, from, size)!;
          const bent = steps.map((hash, i) => (i === b % steps.length ? flipBit(hash, bit % 256) : hash));
          const extension = { from, fromRoot: roots[from]!, to: size, toRoot: roots[size]!, path: bent };
          expect(verifyConsistency(digest, extension).ok).toBe(false);
        },
      ),
      { numRuns: 600 },
    );
  });

  it('keeps versions apart', () => {
    const six = leaves.slice(0, 6).reduce((grown, leaf) => appendLeaf(digest, grown, leaf), emptyLogTree());
    const left = appendLeaf(digest, six, leaves[6]!);
    const right = appendLeaf(digest, six, leaves[40]!);
    const grown = leaves.slice(7, 30).reduce((all, leaf) => appendLeaf(digest, all, leaf), left);
    expect(logRoot(digest, six)).toEqual(roots[6]);
    expect(logRoot(digest, grown)).toEqual(roots[30]);
    expect(logRoot(digest, right)).toEqual(naiveRoot([...leaves.slice(0, 6), leaves[40]!]));
    expect(inclusionProof(digest, right, 6)).toEqual(inclusionProof(digest, left, 6));
  });

  it('answers null outside the tree and an error for any nonsense', () => {
    expect(logRoot(digest, tree, MAX_LEAVES + 1)).toBeNull();
    expect(inclusionProof(digest, tree, 5, 5)).toBeNull();
    expect(consistencyProof(digest, tree, 6, 5)).toBeNull();
    const number = fc.oneof(fc.integer(), fc.double(), fc.constant(Number.MAX_SAFE_INTEGER));
    const path = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 70 });
    fc.assert(
      fc.property(number, number, path, (a, b, hashes) => {
        const hash = roots[1]!;
        const inclusion = { leaf: hash, index: a, size: b, root: hash, path: hashes };
        expect(verifyInclusion(digest, inclusion).ok).toBe(a === 0 && b === 1 && hashes.length === 0);
        const claim = { from: a, fromRoot: hash, to: b, toRoot: roots[2]!, path: hashes };
        if (a !== 0) expect(verifyConsistency(digest, claim).ok).toBe(false);
        else verifyConsistency(digest, claim);
      }),
      { numRuns: 500 },
    );
  });
});

/** The map's definition without any sharing: see docs/protocol/membership.md §8. */
function naiveMapRoot(pairs: readonly (readonly [Bytes, Bytes])[], depth = 0): Bytes {
  if (pairs.length === 0) return new Uint8Array(32);
  const [first] = pairs;
  if (pairs.length === 1 && first !== undefined) return digest(Uint8Array.of(0, ...first[0], ...first[1]));
  const isRight = ([key]: readonly [Bytes, Bytes]) => ((key[depth >> 3]! >> (7 - (depth & 7))) & 1) === 1;
  const left = naiveMapRoot(
    pairs.filter((pair) => !isRight(pair)),
    depth + 1,
  );
  const right = naiveMapRoot(pairs.filter(isRight), depth + 1);
  return digest(Uint8Array.of(1, ...left, ...right));
}

/** Keys that share long prefixes as well as random ones. */
const keys = fc.oneof(
  fc.uint8Array({ minLength: 32, maxLength: 32 }),
  fc.tuple(fc.nat(255), fc.nat(3)).map(([bit, base]) => flipBit(new Uint8Array(32).fill(base), bit)),
);
const values = fc.uint8Array({ minLength: 32, maxLength: 32 });
const histories = fc.array(fc.tuple(keys, values), { minLength: 0, maxLength: 40 });

function build(history: readonly (readonly [Bytes, Bytes])[]): SparseMap {
  return history.reduce((map, [key, value]) => setInMap(map, key, value), EMPTY_MAP);
}

describe('the sparse map', () => {
  it('has the naive root, whatever the order, and proves what it holds and what it does not', () => {
    fc.assert(
      fc.property(histories, keys, (history, probe) => {
        const map = build(history);
        const newest = new Map(history.map(([key, value]) => [key.join(), [key, value] as const]));
        const root = sparseRoot(digest, map);
        expect(root).toEqual(naiveMapRoot([...newest.values()]));
        expect(sparseRoot(digest, build([...newest.values()].reverse()))).toEqual(root);
        expect(map.size).toBe(newest.size);
        for (const key of [probe, ...history.map(([held]) => held)]) {
          const value = newest.get(key.join())?.[1] ?? null;
          expect(getFromMap(map, key)).toEqual(value);
          const proof = proveInMap(digest, map, key);
          expect(verifyMapProof(digest, { root, key, value, proof }).ok).toBe(true);
          const other = value === null ? new Uint8Array(32).fill(9) : null;
          expect(verifyMapProof(digest, { root, key, value: other, proof }).ok).toBe(false);
          const changed = value === null ? flipBit(key, 200) : flipBit(value, 3);
          if (value !== null)
            expect(verifyMapProof(digest, { root, key, value: changed, proof }).ok).toBe(false);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('refuses a proof with any one bit changed', () => {
    fc.assert(
      fc.property(histories, keys, fc.nat(), fc.nat(), (history, probe, a, bit) => {
        const map = build(history);
        const root = sparseRoot(digest, map);
        const proof = proveInMap(digest, map, probe);
        const value = getFromMap(map, probe);
        for (const bent of bend(proof, a, bit % 256))
          expect(verifyMapProof(digest, { root, key: probe, value, proof: bent }).ok).toBe(false);
        const claim = { root: flipBit(root, bit % 256), key: probe, value, proof };
        expect(verifyMapProof(digest, claim).ok).toBe(false);
      }),
      { numRuns: 600 },
    );
  });

  it('takes no leaf as proof of absence that stands where it does not belong', () => {
    const key = new Uint8Array(32);
    const value = new Uint8Array(32).fill(5);
    const misplaced = { key: new Uint8Array(32).fill(0x80), value };
    const left = digest(Uint8Array.of(0, ...misplaced.key, ...value));
    const right = digest(Uint8Array.of(0, ...new Uint8Array(32).fill(0xff), ...value));
    const root = digest(Uint8Array.of(1, ...left, ...right));
    const proof = { depth: 1, bitmap: Uint8Array.of(0x80), siblings: [right], other: misplaced };
    const result = verifyMapProof(digest, { root, key, value: null, proof });
    expect(result).toEqual({ ok: false, error: { code: 'ledger.bad_proof', at: 'other' } });
  });

  it('never throws on a proof that is nonsense', () => {
    const bytes = fc.uint8Array({ maxLength: 40 });
    const proofs = fc.record({
      depth: fc.oneof(fc.integer({ min: -2, max: 300 }), fc.double()),
      bitmap: bytes,
      siblings: fc.array(bytes, { maxLength: 10 }),
      other: fc.option(fc.record({ key: bytes, value: bytes })),
    });
    fc.assert(
      fc.property(proofs, bytes, fc.option(bytes), (proof, key, value) => {
        const root = new Uint8Array(32).fill(7);
        expect(verifyMapProof(digest, { root, key, value, proof }).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('takes 50,000 subjects and updates one of them quickly', { timeout: 30_000 }, () => {
    const started = performance.now();
    let map = EMPTY_MAP;
    for (let i = 0; i < 50_000; i++)
      map = setInMap(map, mapKey(digest, `account:${i}`), leaves[i % MAX_LEAVES]!);
    sparseRoot(digest, map);
    const builtMs = performance.now() - started;
    let hashes = 0;
    const counting = (bytes: Bytes): Bytes => {
      hashes += 1;
      return digest(bytes);
    };
    const next = setInMap(map, mapKey(digest, 'account:77'), leaves[3]!);
    expect(equalBytes(sparseRoot(counting, next), sparseRoot(digest, map))).toBe(false);
    expect(hashes).toBeLessThan(40);
    const proof = proveInMap(digest, next, mapKey(digest, 'account:77'));
    expect(proof.siblings.length).toBeLessThan(40);
    expect(builtMs).toBeLessThan(10_000);
  });
});

function bend(proof: MapProof, a: number, bit: number): MapProof[] {
  const { siblings, other, depth, bitmap } = proof;
  const bent: MapProof[] = [{ ...proof, depth: depth + 1 }];
  if (depth > 0) bent.push({ ...proof, depth: depth - 1 });
  if (bitmap.length > 0) bent.push({ ...proof, bitmap: flipBit(bitmap, bit % (bitmap.length * 8)) });
  if (siblings.length > 0) {
    const changed = siblings.map((hash, i) => (i === a % siblings.length ? flipBit(hash, bit) : hash));
    bent.push({ ...proof, siblings: changed }, { ...proof, siblings: siblings.slice(1) });
  }
  if (other !== null) bent.push({ ...proof, other: { ...other, value: flipBit(other.value, bit) } });
  return bent;
}
