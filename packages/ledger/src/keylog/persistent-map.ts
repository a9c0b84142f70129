/**
 * An immutable map from text to values: a hash trie with 32-way nodes. Setting copies one path, so every version of the key log's state
 * stays valid and costs O(log n).
 */
export interface PersistentMap<V> {
  readonly root: TrieNode<V> | null;
  readonly size: number;
}

interface Bucket<V> {
  readonly hash: number;
  readonly pairs: readonly (readonly [key: string, value: V])[];
}
interface Branch<V> {
  readonly bitmap: number;
  readonly slots: readonly TrieNode<V>[];
}
type TrieNode<V> = Bucket<V> | Branch<V>;

const BITS = 5;

export function emptyPersistentMap<V>(): PersistentMap<V> {
  return { root: null, size: 0 };
}

export function getPersistent<V>(map: PersistentMap<V>, key: string): V | undefined {
  const hash = hashText(key);
  let node = map.root;
  for (let shift = 0; node !== null; shift += BITS) {
    if ('pairs' in node)
      return node.hash === hash ? node.pairs.find(([existing]) => existing === key)?.[1] : undefined;
    const bit = 1 << ((hash >>> shift) & 31);
    if ((node.bitmap & bit) === 0) return undefined;
    node = node.slots[countBits(node.bitmap & (bit - 1))] ?? null;
  }
  return undefined;
}

export function setPersistent<V>(map: PersistentMap<V>, key: string, value: V): PersistentMap<V> {
  const isNew = getPersistent(map, key) === undefined;
  const bucket: Bucket<V> = { hash: hashText(key), pairs: [[key, value]] };
  return {
    root: map.root === null ? bucket : insert(map.root, bucket, 0),
    size: map.size + (isNew ? 1 : 0),
  };
}

/** Every value, in no promised order. */
export function* persistentValues<V>(map: PersistentMap<V>): Generator<V, void, undefined> {
  if (map.root !== null) yield* valuesOf(map.root);
}

function* valuesOf<V>(node: TrieNode<V>): Generator<V, void, undefined> {
  if ('pairs' in node) for (const [, value] of node.pairs) yield value;
  else for (const slot of node.slots) yield* valuesOf(slot);
}

function insert<V>(node: TrieNode<V>, bucket: Bucket<V>, shift: number): TrieNode<V> {
  if ('pairs' in node) {
    if (node.hash !== bucket.hash) return join(node, bucket, shift);
    const [added] = bucket.pairs;
    const others = node.pairs.filter(([key]) => key !== added?.[0]);
    return { hash: node.hash, pairs: [...others, ...bucket.pairs] };
  }
  const bit = 1 << ((bucket.hash >>> shift) & 31);
  const index = countBits(node.bitmap & (bit - 1));
  const existing = (node.bitmap & bit) === 0 ? undefined : node.slots[index];
  if (existing === undefined)
    return { bitmap: node.bitmap | bit, slots: node.slots.toSpliced(index, 0, bucket) };
  return { bitmap: node.bitmap, slots: node.slots.with(index, insert(existing, bucket, shift + BITS)) };
}

function join<V>(a: Bucket<V>, b: Bucket<V>, shift: number): Branch<V> {
  const indexA = (a.hash >>> shift) & 31;
  const indexB = (b.hash >>> shift) & 31;
  if (indexA === indexB) return { bitmap: 1 << indexA, slots: [join(a, b, shift + BITS)] };
  return {
    bitmap: (1 << indexA) | (1 << indexB),
    slots: indexA < indexB ? [a, b] : [b, a],
  };
}

/** FNV-1a, 32 bits. Keys come from signed statements, so a crowded bucket is slow at worst, never wrong. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

function countBits(value: number): number {
  let rest = value - ((value >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
