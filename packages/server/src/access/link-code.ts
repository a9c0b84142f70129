import type { Bytes } from '@baton/kernel';
import { ristretto255, ristretto255_oprf } from '@noble/curves/ed25519.js';

// The server's half of the OPRF over a patient link's code (docs/protocol/patients.md §2): it has the key, sees blinded elements, and learns
// neither the code nor whether it was the right one.

/** Whether the bytes are an element of ristretto255 other than the identity (RFC 9497 §3.3). */
export function isLinkElement(bytes: Bytes): boolean {
  try {
    return !ristretto255.Point.fromBytes(bytes).equals(ristretto255.Point.ZERO);
  } catch {
    return false;
  }
}

/** Whether the bytes are a key: a scalar in its canonical form, not zero. */
export function isLinkKey(bytes: Bytes): boolean {
  try {
    return !ristretto255.Point.Fn.is0(ristretto255.Point.Fn.fromBytes(bytes));
  } catch {
    return false;
  }
}

/** BlindEvaluate of RFC 9497 §3.3.1, for a key and an element that are such. */
export function evaluateLinkElement(linkKey: Bytes, blinded: Bytes): Bytes {
  return ristretto255_oprf.oprf.blindEvaluate(linkKey, blinded);
}
