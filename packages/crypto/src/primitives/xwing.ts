import { type Bytes, concatBytes, type Rng } from '@baton/kernel';
import { sha3_256, shake256 } from '@noble/hashes/sha3.js';
import { requireLength } from './crypto-error.ts';
import {
  createMlKem768,
  ML_KEM_CIPHERTEXT_BYTES,
  ML_KEM_PUBLIC_KEY_BYTES,
  ML_KEM_SEED_BYTES,
  type MlKemPublic,
} from './ml-kem.ts';
import type { RuntimeSupport } from './runtime-support.ts';
import type { SubtlePort } from './subtle-port.ts';
import { createX25519, X25519_BYTES, type X25519Public } from './x25519.ts';
import { XWING_CIPHERTEXT_BYTES, XWING_PUBLIC_KEY_BYTES, XWING_SEED_BYTES } from './xwing-sizes.ts';

/** draft-connolly-cfrg-xwing-kem §5.3: the six characters `\.//^\`. */
const XWING_LABEL = Uint8Array.of(0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c);

/** A decapsulation key. Opaque: it can decapsulate and nothing else. */
export interface XwingKey {
  /** 1216 bytes: ML-KEM-768 encapsulation key, then X25519 public value. */
  readonly publicKey: Bytes;
  decapsulate(ct: Bytes): Promise<Bytes>;
}

/** A checked and imported encapsulation key. */
export interface XwingPublicKey {
  readonly bytes: Bytes;
  encapsulate(): Promise<XwingEncapsulation>;
}

export interface XwingEncapsulation {
  /** 1120 bytes: ML-KEM-768 ciphertext, then the ephemeral X25519 public value. */
  readonly ct: Bytes;
  /** 32 bytes. */
  readonly ss: Bytes;
}

export interface Xwing {
  keyFromSeed(seed: Bytes): Promise<XwingKey>;
  importPublicKey(publicKey: Bytes): Promise<XwingPublicKey>;
  encapsulate(publicKey: Bytes | XwingPublicKey): Promise<XwingEncapsulation>;
}

/**
 * X-Wing (draft-connolly-cfrg-xwing-kem): secure while either ML-KEM-768 or X25519 is. Beyond the draft, an all-zero X25519 result is
 * refused with `crypto.bad_key`, as RFC 9180 §7.1.4 does, so that no peer can switch the classical half off.
 */
export function createXwing(ports: {
  readonly subtle: SubtlePort;
  readonly rng: Rng;
  readonly support: RuntimeSupport;
}): Xwing {
  const mlKem = createMlKem768(ports);
  const x25519 = createX25519(ports);

  async function importPublicKey(publicKey: Bytes): Promise<XwingPublicKey> {
    requireLength(publicKey, XWING_PUBLIC_KEY_BYTES, 'X-Wing public key');
    const [pkM, pkX] = await Promise.all([
      mlKem.publicFromBytes(publicKey.subarray(0, ML_KEM_PUBLIC_KEY_BYTES)),
      x25519.publicFromBytes(publicKey.subarray(ML_KEM_PUBLIC_KEY_BYTES)),
    ]);
    return { bytes: publicKey.slice(), encapsulate: () => encapsulateTo(pkM, pkX) };
  }

  async function encapsulateTo(pkM: MlKemPublic, pkX: X25519Public): Promise<XwingEncapsulation> {
    const [kem, classical] = await Promise.all([pkM.encapsulate(), agreeFreshly(pkX)]);
    const ss = combine({ ssM: kem.ss, ssX: classical.shared, ctX: classical.publicKey, pkX: pkX.bytes });
    return { ct: concatBytes(kem.ct, classical.publicKey), ss };
  }

  async function agreeFreshly(peer: X25519Public) {
    const ephemeral = await x25519.generate();
    return { publicKey: ephemeral.publicKey, shared: await ephemeral.agree(peer) };
  }

  async function keyFromSeed(seed: Bytes): Promise<XwingKey> {
    requireLength(seed, XWING_SEED_BYTES, 'X-Wing seed');
    const expanded = shake256(seed, { dkLen: ML_KEM_SEED_BYTES + X25519_BYTES });
    const [skM, skX] = await Promise.all([
      mlKem.privateFromSeed(expanded.slice(0, ML_KEM_SEED_BYTES)),
      x25519.privateFromSeed(expanded.subarray(ML_KEM_SEED_BYTES)),
    ]);
    expanded.fill(0);
    const pkX = skX.publicKey;
    return {
      publicKey: concatBytes(skM.publicKey, pkX),
      async decapsulate(ct) {
        requireLength(ct, XWING_CIPHERTEXT_BYTES, 'X-Wing ciphertext');
        const ctX = ct.slice(ML_KEM_CIPHERTEXT_BYTES);
        const [ssM, ssX] = await Promise.all([
          skM.decapsulate(ct.slice(0, ML_KEM_CIPHERTEXT_BYTES)),
          x25519.publicFromBytes(ctX).then((peer) => skX.agree(peer)),
        ]);
        return combine({ ssM, ssX, ctX, pkX });
      },
    };
  }

  return {
    keyFromSeed,
    importPublicKey,
    async encapsulate(publicKey) {
      const imported = publicKey instanceof Uint8Array ? await importPublicKey(publicKey) : publicKey;
      return imported.encapsulate();
    },
  };
}

/** draft-connolly-cfrg-xwing-kem §5.3. */
function combine(parts: { ssM: Bytes; ssX: Bytes; ctX: Bytes; pkX: Bytes }): Bytes {
  const input = concatBytes(parts.ssM, parts.ssX, parts.ctX, parts.pkX, XWING_LABEL);
  const ss = sha3_256(input);
  input.fill(0);
  parts.ssM.fill(0);
  parts.ssX.fill(0);
  return ss;
}
