import type { Bytes, Rng } from '@baton/kernel';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { CryptoError, requireLength } from './crypto-error.ts';
import type { RuntimeSupport } from './runtime-support.ts';
import { bufferBytes, type ModernSubtlePort, modernSubtle, type SubtlePort } from './subtle-port.ts';

/** FIPS 203 sizes of ML-KEM-768, bytes. */
export const ML_KEM_SEED_BYTES = 64;
export const ML_KEM_PUBLIC_KEY_BYTES = 1184;
export const ML_KEM_CIPHERTEXT_BYTES = 1088;

export interface MlKemPublic {
  readonly bytes: Bytes;
  encapsulate(): Promise<{ readonly ct: Bytes; readonly ss: Bytes }>;
}

/** A decapsulation key. Opaque: it can decapsulate and nothing else. */
export interface MlKemPrivate {
  readonly publicKey: Bytes;
  /** Implicit rejection (FIPS 203 §6.3): a wrong ciphertext of the right length gives an unrelated secret. */
  decapsulate(ct: Bytes): Promise<Bytes>;
}

export interface MlKem768 {
  /** From d || z (FIPS 203 §7.1). */
  privateFromSeed(seed: Bytes): Promise<MlKemPrivate>;
  /** Makes the modulus check of FIPS 203 §7.2; throws `crypto.bad_key`. */
  publicFromBytes(bytes: Bytes): Promise<MlKemPublic>;
}

export function createMlKem768(ports: {
  readonly subtle: SubtlePort;
  readonly rng: Rng;
  readonly support: RuntimeSupport;
}): MlKem768 {
  const modern = ports.support.mlKem768 === 'native' ? modernSubtle(ports.subtle) : null;
  return modern ? createNative(modern) : createPortable(ports.rng);
}

const ALGORITHM = 'ML-KEM-768';

function createNative(subtle: ModernSubtlePort): MlKem768 {
  return {
    async privateFromSeed(seed) {
      requireLength(seed, ML_KEM_SEED_BYTES, 'ML-KEM seed');
      const key = await subtle.importKey('raw-seed', bufferBytes(seed), ALGORITHM, false, [
        'decapsulateBits',
      ]);
      const publicKey = subtle.getPublicKey
        ? new Uint8Array(
            await subtle.exportKey('raw-public', await subtle.getPublicKey(key, ['encapsulateBits'])),
          )
        : ml_kem768.keygen(seed).publicKey;
      return {
        publicKey,
        async decapsulate(ct) {
          requireLength(ct, ML_KEM_CIPHERTEXT_BYTES, 'ML-KEM ciphertext');
          return new Uint8Array(await subtle.decapsulateBits(ALGORITHM, key, bufferBytes(ct)));
        },
      };
    },
    async publicFromBytes(bytes) {
      requireEncapsulationKey(bytes);
      const own = bufferBytes(bytes.slice());
      const key = await subtle
        .importKey('raw-public', own, ALGORITHM, true, ['encapsulateBits'])
        .catch(() => {
          throw badKey();
        });
      return {
        bytes: own,
        async encapsulate() {
          const { ciphertext, sharedKey } = await subtle.encapsulateBits(ALGORITHM, key);
          return { ct: new Uint8Array(ciphertext), ss: new Uint8Array(sharedKey) };
        },
      };
    },
  };
}

function createPortable(rng: Rng): MlKem768 {
  return {
    async privateFromSeed(seed) {
      requireLength(seed, ML_KEM_SEED_BYTES, 'ML-KEM seed');
      const { publicKey, secretKey } = ml_kem768.keygen(seed);
      return {
        publicKey,
        async decapsulate(ct) {
          requireLength(ct, ML_KEM_CIPHERTEXT_BYTES, 'ML-KEM ciphertext');
          return ml_kem768.decapsulate(ct, secretKey);
        },
      };
    },
    async publicFromBytes(bytes) {
      requireEncapsulationKey(bytes);
      const own = bytes.slice();
      return {
        bytes: own,
        async encapsulate() {
          const { cipherText, sharedSecret } = ml_kem768.encapsulate(own, rng.bytes(32));
          return { ct: cipherText, ss: sharedSecret };
        },
      };
    },
  };
}

/** FIPS 203 §7.2: every 12-bit coefficient of t-hat is below q. Made here because runtimes differ on when they make it. */
function requireEncapsulationKey(bytes: Bytes): void {
  requireLength(bytes, ML_KEM_PUBLIC_KEY_BYTES, 'ML-KEM public key');
  const q = 3329;
  for (let i = 0; i < 1152; i += 3) {
    const [a, b, c] = [bytes[i] as number, bytes[i + 1] as number, bytes[i + 2] as number];
    if ((a | ((b & 15) << 8)) >= q || ((b >> 4) | (c << 4)) >= q) throw badKey();
  }
}

function badKey(): CryptoError {
  return new CryptoError('crypto.bad_key', 'not an ML-KEM-768 encapsulation key');
}
