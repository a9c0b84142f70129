import type { Bytes } from '@baton/kernel';
import { CryptoError } from './crypto-error.ts';
import { hkdfExpand, hkdfExtract, requireHkdfLength } from './digest.ts';
import type { RuntimeSupport } from './runtime-support.ts';
import { bufferBytes, type SubtlePort } from './subtle-port.ts';

export interface HkdfOutput {
  readonly salt: Bytes;
  readonly info: Bytes;
  /** Bytes. */
  readonly length: number;
}

export interface HkdfInput extends HkdfOutput {
  readonly ikm: Bytes;
}

/** Imported input keying material. Opaque: it can derive and nothing else. */
export interface HkdfKey {
  derive(output: HkdfOutput): Promise<Bytes>;
}

export interface Hkdf {
  importKey(ikm: Bytes): Promise<HkdfKey>;
  derive(input: HkdfInput): Promise<Bytes>;
}

/** Node's OpenSSL binding refuses a longer info; refused everywhere, so that no runtime derives what another cannot. */
const HKDF_MAX_INFO_BYTES = 1024;

export function createHkdf(subtle: SubtlePort, support: RuntimeSupport): Hkdf {
  const importKey = support.hkdf === 'native' ? importNative(subtle) : importPortable;
  return {
    importKey,
    async derive(input) {
      requireOutput(input);
      const key = await importKey(input.ikm);
      return key.derive(input);
    },
  };
}

function importNative(subtle: SubtlePort) {
  return async (ikm: Bytes): Promise<HkdfKey> => {
    const key = await subtle.importKey('raw', bufferBytes(ikm), 'HKDF', false, ['deriveBits']);
    return {
      async derive({ salt, info, length }) {
        requireOutput({ salt, info, length });
        const parameters = {
          name: 'HKDF',
          hash: 'SHA-256',
          salt: bufferBytes(salt),
          info: bufferBytes(info),
        };
        return new Uint8Array(await subtle.deriveBits(parameters, key, length * 8));
      },
    };
  };
}

async function importPortable(ikm: Bytes): Promise<HkdfKey> {
  const ownIkm = ikm.slice();
  return {
    async derive({ salt, info, length }) {
      requireOutput({ salt, info, length });
      return hkdfExpand({ prk: hkdfExtract(salt, ownIkm), info, length });
    },
  };
}

function requireOutput(output: HkdfOutput): void {
  requireHkdfLength(output.length);
  if (output.info.length > HKDF_MAX_INFO_BYTES) {
    throw new CryptoError('crypto.bad_length', `info must be at most ${HKDF_MAX_INFO_BYTES} bytes`);
  }
}
