import { type Bytes, decodeHex } from '@baton/kernel';

/** 2^255 - 19. */
const FIELD_PRIME = 2n ** 255n - 19n;

/** y coordinates of the eight points of small order, little-endian (they come in pairs that differ in the sign of x); tests compare them. */
const SMALL_ORDER_Y: ReadonlySet<bigint> = new Set(
  [
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000000',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  ].map((hex) => littleEndian(decodeHex(hex) ?? new Uint8Array(0))),
);

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

export function littleEndian(bytes: Bytes): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
  return value;
}
