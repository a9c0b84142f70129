import type { Bytes } from '@baton/kernel';
import { gcm } from '@noble/ciphers/aes.js';
import { CryptoError, requireLength } from './crypto-error.ts';
import type { RuntimeSupport } from './runtime-support.ts';
import { bufferBytes, type SubtlePort } from './subtle-port.ts';

export const AES_KEY_BYTES = 32;
export const GCM_NONCE_BYTES = 12;
export const GCM_TAG_BYTES = 16;

interface SealParameters {
  /** 12 bytes, never used twice under one key. */
  readonly nonce: Bytes;
  readonly plaintext: Bytes;
  readonly aad: Bytes;
}

interface OpenParameters {
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

export interface AesGcmSealInput extends SealParameters {
  /** 32 bytes, or a key imported before. */
  readonly key: Bytes | AesGcmKey;
}

export interface AesGcmOpenInput extends OpenParameters {
  readonly key: Bytes | AesGcmKey;
}

export interface AesGcm {
  importKey(key: Bytes): Promise<AesGcmKey>;
  seal(input: AesGcmSealInput): Promise<Bytes>;
  open(input: AesGcmOpenInput): Promise<Bytes>;
}

/**
 * AES-256-GCM with 12-byte nonces and full 16-byte tags only. GCM does not commit to its key (two keys can open one ciphertext to
 * different plaintexts), so whoever needs that adds a commitment; see docs/protocol.
 */
export function createAesGcm(subtle: SubtlePort, support: RuntimeSupport): AesGcm {
  const importKey = support.aesGcm === 'native' ? importNative(subtle) : importPortable;
  const resolve = (key: Bytes | AesGcmKey) =>
    key instanceof Uint8Array ? importKey(key) : Promise.resolve(key);
  return {
    importKey,
    async seal(input) {
      return (await resolve(input.key)).seal(input);
    },
    async open(input) {
      return (await resolve(input.key)).open(input);
    },
  };
}

function importNative(subtle: SubtlePort) {
  return async (raw: Bytes): Promise<AesGcmKey> => {
    requireLength(raw, AES_KEY_BYTES, 'AES key');
    const key = await subtle.importKey('raw', bufferBytes(raw), 'AES-GCM', false, ['encrypt', 'decrypt']);
    return {
      async seal({ nonce, plaintext, aad }) {
        return new Uint8Array(await subtle.encrypt(parameters(nonce, aad), key, bufferBytes(plaintext)));
      },
      async open({ nonce, sealed, aad }) {
        const checked = parameters(nonce, aad);
        requireWholeTag(sealed);
        try {
          return new Uint8Array(await subtle.decrypt(checked, key, bufferBytes(sealed)));
        } catch {
          throw openFailed();
        }
      },
    };
  };
}

async function importPortable(raw: Bytes): Promise<AesGcmKey> {
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

function parameters(nonce: Bytes, aad: Bytes) {
  requireLength(nonce, GCM_NONCE_BYTES, 'nonce');
  return {
    name: 'AES-GCM',
    iv: bufferBytes(nonce),
    additionalData: bufferBytes(aad),
    tagLength: GCM_TAG_BYTES * 8,
  };
}

function requireWholeTag(sealed: Bytes): void {
  if (sealed.length < GCM_TAG_BYTES) throw openFailed();
}

function openFailed(): CryptoError {
  return new CryptoError('crypto.open_failed', 'the ciphertext did not open');
}
