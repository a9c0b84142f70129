import { type Bytes, concatBytes } from '@baton/kernel';
import type { Digest } from '../ports.ts';

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** RFC 9162 §2.1.1: HASH(0x00 || entry). */
export function leafHash(digest: Digest, entry: Bytes): Bytes {
  return digest(concatBytes(LEAF, entry));
}

/** RFC 9162 §2.1.1: HASH(0x01 || left || right). */
export function nodeHash(digest: Digest, left: Bytes, right: Bytes): Bytes {
  return digest(concatBytes(NODE, left, right));
}

/** RFC 9162 §2.1.1: the root of an empty tree is HASH(). */
export function emptyRoot(digest: Digest): Bytes {
  return digest(new Uint8Array(0));
}
