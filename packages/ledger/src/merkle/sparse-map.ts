import { type Bytes, concatBytes, encodeUtf8, equalBytes, ok, type Result } from '@baton/kernel';
import { hashObject } from '../hashing.ts';
import { LABELS } from '../labels.ts';
import { type LedgerError, refuse } from '../ledger-error.ts';
import type { Digest } from '../ports.ts';

// A sparse Merkle map of depth 256 over 32-byte keys (docs/protocol/membership.md §8). An empty subtree hashes to 32 zero bytes, a
// subtree that holds one leaf hashes to that leaf, whatever its height; so an update costs about log2(n) hashes and not 256. A leaf's hash
// covers its whole key, so nothing can be moved.

const EMPTY = new Uint8Array(32);
const LEAF = Uint8Array.of(0);
const BRANCH = Uint8Array.of(1);
const MAP_DEPTH = 256;

interface MapLeaf {
  readonly key: Bytes;
  readonly value: Bytes;
  hash: Bytes | null;
}
interface MapBranch {
  readonly left: MapNode | null;
  readonly right: MapNode | null;
  hash: Bytes | null;
}
type MapNode = MapLeaf | MapBranch;

/** A value: `setInMap` returns a new map and leaves the old one as it was. Hashes are computed when a root or a proof is asked for. */
export interface SparseMap {
  readonly root: MapNode | null;
  readonly size: number;
}

export const EMPTY_MAP: SparseMap = { root: null, size: 0 };

/** Key of a textual subject: SHA-256("sg/map/v1" || 0x00 || utf8(subject)). */
export function mapKey(digest: Digest, subject: string): Bytes {
  return hashObject(digest, LABELS.map, encodeUtf8(subject));
}

/** Sets `key` (32 bytes) to `value` (32 bytes). */
export function setInMap(map: SparseMap, key: Bytes, value: Bytes): SparseMap {
  if (key.length !== 32 || value.length !== 32) return map;
  const leaf: MapLeaf = { key, value, hash: null };
  const isNew = getFromMap(map, key) === null;
  return { root: insert(map.root, leaf, 0), size: map.size + (isNew ? 1 : 0) };
}

export function getFromMap(map: SparseMap, key: Bytes): Bytes | null {
  let node = map.root;
  for (let depth = 0; node !== null && !isLeaf(node); depth++)
    node = bitOf(key, depth) ? node.right : node.left;
  return node !== null && equalBytes(node.key, key) ? node.value : null;
}

/** Root hash; 32 zero bytes for the empty map. */
export function sparseRoot(digest: Digest, map: SparseMap): Bytes {
  return hashOf(digest, map.root);
}

/**
 * What stands at a key. `bitmap` has one bit per level from the root (most significant first), set where the sibling is not empty;
 * `siblings` are those, from the root down. `other` is the leaf that stands in the key's place when the key is absent.
 */
export interface MapProof {
  readonly depth: number;
  readonly bitmap: Bytes;
  readonly siblings: readonly Bytes[];
  readonly other: { readonly key: Bytes; readonly value: Bytes } | null;
}

/** Proof of presence or absence, against `sparseRoot`. */
export function proveInMap(digest: Digest, map: SparseMap, key: Bytes): MapProof {
  const levels: Bytes[] = [];
  let node = map.root;
  while (node !== null && !isLeaf(node)) {
    const right = bitOf(key, levels.length);
    levels.push(hashOf(digest, right ? node.left : node.right));
    node = right ? node.right : node.left;
  }
  const bitmap = new Uint8Array(Math.ceil(levels.length / 8));
  const siblings = levels.filter((hash, depth) => {
    const present = !equalBytes(hash, EMPTY);
    if (present) bitmap[depth >> 3] = (bitmap[depth >> 3] as number) | (0x80 >> (depth & 7));
    return present;
  });
  const other = node !== null && !equalBytes(node.key, key) ? { key: node.key, value: node.value } : null;
  return { depth: levels.length, bitmap, siblings, other };
}

export interface MapClaim {
  readonly root: Bytes;
  readonly key: Bytes;
  /** The value claimed; `null` claims that the key is absent. */
  readonly value: Bytes | null;
  readonly proof: MapProof;
}

export function verifyMapProof(digest: Digest, claim: MapClaim): Result<null, LedgerError> {
  const { key, value, proof } = claim;
  const { depth, bitmap, siblings, other } = proof;
  if (key.length !== 32 || (value !== null && value.length !== 32)) return refuse('ledger.bad_proof', 'key');
  if (!Number.isInteger(depth) || depth < 0 || depth > MAP_DEPTH) return refuse('ledger.bad_proof', 'depth');
  if (bitmap.length !== Math.ceil(depth / 8)) return refuse('ledger.bad_proof', 'bitmap');
  let node = EMPTY as Bytes;
  if (value !== null) {
    if (other !== null) return refuse('ledger.bad_proof', 'other');
    node = hashLeaf(digest, key, value);
  } else if (other !== null) {
    // Another leaf proves absence only where it stands on the key's own path.
    if (other.key.length !== 32 || other.value.length !== 32) return refuse('ledger.bad_proof', 'other');
    if (equalBytes(other.key, key) || !sharesPrefix(other.key, key, depth))
      return refuse('ledger.bad_proof', 'other');
    node = hashLeaf(digest, other.key, other.value);
  }
  let next = siblings.length;
  for (let bit = bitmap.length * 8 - 1; bit >= 0; bit--) {
    const present = ((bitmap[bit >> 3] as number) & (0x80 >> (bit & 7))) !== 0;
    if (bit >= depth) {
      if (present) return refuse('ledger.bad_proof', 'bitmap');
      continue;
    }
    let sibling: Bytes = EMPTY;
    if (present) {
      next -= 1;
      const given = siblings[next];
      if (given?.length !== 32 || equalBytes(given, EMPTY)) return refuse('ledger.bad_proof', 'siblings');
      sibling = given;
    }
    node = bitOf(key, bit) ? hashBranch(digest, sibling, node) : hashBranch(digest, node, sibling);
  }
  if (next !== 0) return refuse('ledger.bad_proof', 'siblings');
  return equalBytes(node, claim.root) ? ok(null) : refuse('ledger.bad_proof', 'root');
}

function insert(node: MapNode | null, leaf: MapLeaf, depth: number): MapNode {
  if (node === null) return leaf;
  if (isLeaf(node)) return equalBytes(node.key, leaf.key) ? leaf : split(node, leaf, depth);
  return bitOf(leaf.key, depth)
    ? { left: node.left, right: insert(node.right, leaf, depth + 1), hash: null }
    : { left: insert(node.left, leaf, depth + 1), right: node.right, hash: null };
}

function split(a: MapLeaf, b: MapLeaf, depth: number): MapNode {
  const aRight = bitOf(a.key, depth);
  if (aRight !== bitOf(b.key, depth))
    return aRight ? { left: b, right: a, hash: null } : { left: a, right: b, hash: null };
  const below = split(a, b, depth + 1);
  return aRight ? { left: null, right: below, hash: null } : { left: below, right: null, hash: null };
}

function hashOf(digest: Digest, node: MapNode | null): Bytes {
  if (node === null) return EMPTY;
  node.hash ??= isLeaf(node)
    ? hashLeaf(digest, node.key, node.value)
    : hashBranch(digest, hashOf(digest, node.left), hashOf(digest, node.right));
  return node.hash;
}

function hashLeaf(digest: Digest, key: Bytes, value: Bytes): Bytes {
  return digest(concatBytes(LEAF, key, value));
}

function hashBranch(digest: Digest, left: Bytes, right: Bytes): Bytes {
  return digest(concatBytes(BRANCH, left, right));
}

function isLeaf(node: MapNode): node is MapLeaf {
  return 'key' in node;
}

function bitOf(key: Bytes, depth: number): boolean {
  return ((key[depth >> 3] ?? 0) & (0x80 >> (depth & 7))) !== 0;
}

function sharesPrefix(a: Bytes, b: Bytes, bits: number): boolean {
  for (let bit = 0; bit < bits; bit++) if (bitOf(a, bit) !== bitOf(b, bit)) return false;
  return true;
}
