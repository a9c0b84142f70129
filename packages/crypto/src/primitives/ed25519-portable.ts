import { type Bytes, concatBytes, equalBytes } from '@baton/kernel';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { isWellFormedSignature, littleEndian } from './ed25519-form.ts';

export function portablePublicKey(seed: Bytes): Bytes {
  return ed25519.getPublicKey(seed);
}

export function signPortable(message: Bytes, seed: Bytes): Bytes {
  return ed25519.sign(message, seed);
}

const { Point } = ed25519;
const GROUP_ORDER = Point.Fn.ORDER;

/**
 * RFC 8032 §5.1.7 with the equation without cofactor, R compared as encoded bytes: what OpenSSL and BoringSSL compute. The library's own
 * `verify` multiplies by the cofactor and so accepts some crafted signatures that those refuse.
 */
export function verifyEd25519Portable(input: {
  readonly publicKey: Bytes;
  readonly message: Bytes;
  readonly signature: Bytes;
}): boolean {
  const { publicKey, message, signature } = input;
  if (!isWellFormedSignature(publicKey, signature)) return false;
  const r = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  if (s >= GROUP_ORDER) return false;
  try {
    const a = Point.fromBytes(publicKey);
    const k = Point.Fn.create(littleEndian(sha512(concatBytes(r, publicKey, message))));
    const expected = Point.BASE.multiplyUnsafe(s).subtract(a.multiplyUnsafe(k));
    return equalBytes(expected.toBytes(), r);
  } catch {
    return false;
  }
}
