import { type Bytes, concatBytes, equalBytes } from '@baton/kernel';
import { ED25519_TORSION_SUBGROUP, ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';

export { ed25519 };

const { Point } = ed25519;
const GROUP_ORDER = Point.Fn.ORDER;
const FIELD_PRIME = Point.Fp.ORDER;

/** y coordinates of the eight points of small order (they come in pairs that differ in the sign of x). */
const SMALL_ORDER_Y = new Set(ED25519_TORSION_SUBGROUP.map((hex) => Point.fromHex(hex).y));

/**
 * Whether 32 bytes encode y below the field prime (RFC 8032 §5.1.3) and no point of small order. Asked of public keys (under one of small
 * order, one signature verifies for many messages) and of R (no honest signature has such an R; newer WebCrypto refuses it, older does
 * not). Runtimes differ on each of these checks, so they are made here for all of them.
 */
function isLargeOrderEncoding(bytes: Bytes): boolean {
  const y = littleEndian(bytes) & ((1n << 255n) - 1n);
  return y < FIELD_PRIME && !SMALL_ORDER_Y.has(y);
}

/** The checks that come before the equation: lengths, then key and R as above. S is left to the equation's code, which all runtimes check. */
export function isWellFormedSignature(publicKey: Bytes, signature: Bytes): boolean {
  return (
    publicKey.length === 32 &&
    signature.length === 64 &&
    isLargeOrderEncoding(publicKey) &&
    isLargeOrderEncoding(signature.subarray(0, 32))
  );
}

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

function littleEndian(bytes: Bytes): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
  return value;
}
