import type { Bytes } from '@baton/kernel';
import { CryptoError } from './crypto-error.ts';

export const AES_KEY_BYTES = 32;
export const GCM_NONCE_BYTES = 12;
export const GCM_TAG_BYTES = 16;

export interface SealParameters {
  /** 12 bytes, never used twice under one key. */
  readonly nonce: Bytes;
  readonly plaintext: Bytes;
  readonly aad: Bytes;
}

export interface OpenParameters {
  readonly nonce: Bytes;
  /** Ciphertext followed by the 16-byte tag. */
  readonly sealed: Bytes;
  readonly aad: Bytes;
}

/** An imported AES-256 key. Opaque: it can seal and open and nothing else. */
export interface AesGcmKey {
  seal(parameters: SealParameters): Promise<Bytes>;
  open(parameters: OpenParameters): Promise<Bytes>;
}

export function requireWholeTag(sealed: Bytes): void {
  if (sealed.length < GCM_TAG_BYTES) throw openFailed();
}

export function openFailed(): CryptoError {
  return new CryptoError('crypto.open_failed', 'the ciphertext did not open');
}
