import type { Bytes } from '@baton/kernel';
import {
  AES_KEY_BYTES,
  type AesGcmKey,
  GCM_NONCE_BYTES,
  GCM_TAG_BYTES,
  openFailed,
  type OpenParameters,
  requireWholeTag,
  type SealParameters,
} from './aes-gcm-key.ts';
import { requireLength } from './crypto-error.ts';
import type { RuntimeSupport } from './runtime-support.ts';
import { bufferBytes, type SubtlePort } from './subtle-port.ts';

export { AES_KEY_BYTES, type AesGcmKey, GCM_NONCE_BYTES, GCM_TAG_BYTES } from './aes-gcm-key.ts';

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
  const { portableAesGcmKey } = await import('./aes-gcm-portable.ts');
  return portableAesGcmKey(raw);
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
