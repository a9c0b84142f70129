import type { Bytes } from '@baton/kernel';
import { expand } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { CryptoError } from './crypto-error.ts';

/** SHA-256 of the whole input; 32 bytes, in memory of its own. */
export type Sha256Port = (data: Bytes) => Bytes;

/** RFC 5869 §2.3: L <= 255 * HashLen. */
const HKDF_MAX_OUTPUT_BYTES = 255 * 32;

export const sha256Portable: Sha256Port = (data) => sha256(data);

export function hmacSha256(key: Bytes, data: Bytes): Bytes {
  return hmac(sha256, key, data);
}

/** RFC 5869 §2.2. An empty salt counts as 32 zero bytes, which HMAC's own padding gives. */
export function hkdfExtract(salt: Bytes, ikm: Bytes): Bytes {
  return hmac(sha256, salt, ikm);
}

export function hkdfExpand(input: {
  readonly prk: Bytes;
  readonly info: Bytes;
  readonly length: number;
}): Bytes {
  if (input.prk.length < 32)
    throw new CryptoError('crypto.bad_length', 'pseudorandom key must be at least 32 bytes');
  requireHkdfLength(input.length);
  return expand(sha256, input.prk, input.info, input.length);
}

export function requireHkdfLength(length: number): void {
  if (!Number.isInteger(length) || length < 1 || length > HKDF_MAX_OUTPUT_BYTES) {
    throw new CryptoError('crypto.bad_length', `derived length must be 1 to ${HKDF_MAX_OUTPUT_BYTES} bytes`);
  }
}
