import type { Bytes } from '@baton/kernel';
import { gcm } from '@noble/ciphers/aes.js';
import {
  AES_KEY_BYTES,
  type AesGcmKey,
  GCM_NONCE_BYTES,
  openFailed,
  requireWholeTag,
} from './aes-gcm-key.ts';
import { requireLength } from './crypto-error.ts';

/** An AES-256-GCM key for a runtime without one. */
export function portableAesGcmKey(raw: Bytes): AesGcmKey {
  requireLength(raw, AES_KEY_BYTES, 'AES key');
  const key = raw.slice();
  return {
    async seal({ nonce, plaintext, aad }) {
      requireLength(nonce, GCM_NONCE_BYTES, 'nonce');
      return gcm(key, nonce, aad).encrypt(plaintext);
    },
    async open({ nonce, sealed, aad }) {
      requireLength(nonce, GCM_NONCE_BYTES, 'nonce');
      requireWholeTag(sealed);
      try {
        return gcm(key, nonce, aad).decrypt(sealed);
      } catch {
        throw openFailed();
      }
    },
  };
}
