import type { Bytes } from '@baton/kernel';
import { x25519 } from '@noble/curves/ed25519.js';

export function portablePublicValue(scalar: Bytes): Bytes {
  return x25519.getPublicKey(scalar);
}

/** Throws where the result is all zero. */
export function portableAgree(scalar: Bytes, peer: Bytes): Bytes {
  return x25519.getSharedSecret(scalar, peer);
}
