import { type Bytes, encodeUtf8 } from '@baton/kernel';
import type { GenerationKeys } from '../generations/generation-keys.ts';
import { SECRET_LABELS } from '../labels.ts';
import { CryptoError } from '../primitives/crypto-error.ts';
import type { Primitives } from '../primitives/primitives.ts';

/** Turns plaintext keys of a collection into the opaque ones that the server sees. */
export interface CollectionIndex {
  /** 32 bytes; the same text always gives the same key, in every generation. */
  opaqueKey(text: string): Bytes;
}

/**
 * HMAC under a key of the collection's first generation (sealing.md §8), so that a key keeps its place when generations change. Readers
 * of a collection therefore need the history right. Throws `crypto.wrong_context` for any other generation.
 */
export function makeCollectionIndex(primitives: Primitives, first: GenerationKeys): CollectionIndex {
  if (first.gen !== 1) throw new CryptoError('crypto.wrong_context', 'the index belongs to generation 1');
  const key = first.expand(SECRET_LABELS.collectionIndex, [encodeUtf8(first.conv)]);
  return { opaqueKey: (text) => primitives.hmacSha256(key.reveal(), encodeUtf8(text)) };
}
