import type { Bytes } from '@baton/kernel';
import { CryptoError } from '../primitives/crypto-error.ts';

/** Shortest padded length: a reaction, a "yes" and a short sentence all look alike. */
export const MIN_PADDED_BYTES = 256;
const MARK = 0x80;

/**
 * Padmé (Nikitin et al., PETS 2019): the smallest length not below `length` whose lowest bits are zero, at most 12 % more. It leaks
 * O(log log length) bits of the length.
 */
export function padmeLength(length: number): number {
  if (length < 2) return length;
  const exponent = floorLog2(length);
  const kept = floorLog2(exponent) + 1;
  const step = 2 ** (exponent - kept);
  return Math.ceil(length / step) * step;
}

/** Length on the wire of `length` bytes of content: with the mark, at least `MIN_PADDED_BYTES`. */
export function paddedLength(length: number): number {
  return Math.max(MIN_PADDED_BYTES, padmeLength(length + 1));
}

/** content || 0x80 || zeros, to `paddedLength`. */
export function pad(content: Bytes): Bytes {
  const padded = new Uint8Array(paddedLength(content.length));
  padded.set(content);
  padded[content.length] = MARK;
  return padded;
}

/** Takes the padding off; refuses with `crypto.malformed` anything that `pad` would not have written. */
export function unpad(padded: Bytes): Bytes {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end -= 1;
  if (end < 0 || padded[end] !== MARK || paddedLength(end) !== padded.length) {
    throw new CryptoError('crypto.malformed', 'the padding does not fit');
  }
  return padded.subarray(0, end);
}

/** Exact for 1 to 2^32 - 1, where a floating logarithm may round up. */
function floorLog2(value: number): number {
  return 31 - Math.clz32(value);
}
