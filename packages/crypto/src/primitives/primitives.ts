import type { Bytes, Rng } from '@baton/kernel';
import { type AesGcmKey, type AesGcmOpenInput, type AesGcmSealInput, createAesGcm } from './aes-gcm.ts';
import { type Argon2idPort, type Argon2idRequest, createArgon2id } from './argon2id.ts';
import { hkdfExpand, hmacSha256, type Sha256Port, sha256Portable } from './digest.ts';
import { createEd25519, type SigningKey } from './ed25519.ts';
import { createHkdf, type HkdfInput, type HkdfKey, type HkdfOutput } from './hkdf.ts';
import { detectRuntimeSupport, type NativeAlgorithm, type RuntimeSupport } from './runtime-support.ts';
import type { CryptoKeyPort, SubtlePort } from './subtle-port.ts';
import type { Xwing, XwingEncapsulation, XwingKey, XwingPublicKey } from './xwing.ts';

export interface PrimitivesPorts {
  readonly subtle: SubtlePort;
  readonly rng: Rng;
  /** A faster SHA-256 than the portable one (Node: `crypto.hash`). */
  readonly sha256?: Sha256Port;
  /** A native Argon2id (Node: `crypto.argon2`; browsers: WebAssembly). */
  readonly argon2id?: Argon2idPort;
  /** Algorithms for which the portable code is used although the runtime has them. */
  readonly avoidNative?: readonly NativeAlgorithm[];
}

/**
 * Every cryptographic primitive of the protocol, over whatever the runtime offers. Key material goes in and comes out as plain bytes at
 * this level (callers hold it as `Secret`); long-lived keys become opaque handles that no formatter can print.
 *
 * Failures throw `CryptoError`; wrong lengths of keys, nonces and ciphertexts are refused before any cryptography runs.
 */
export interface Primitives {
  /** Which implementation serves each algorithm, for diagnostics. */
  readonly support: RuntimeSupport;

  /** FIPS 180-4; 32 bytes. */
  sha256(data: Bytes): Bytes;
  /** RFC 2104 with SHA-256; 32 bytes. */
  hmacSha256(key: Bytes, data: Bytes): Bytes;
  /** RFC 5869 extract and expand; `length` 1 to 8160 bytes, `info` at most 1024 bytes (a limit of some runtimes, applied to all). */
  hkdfSha256(input: HkdfInput): Promise<Bytes>;
  /** Imports input keying material once, for many derivations. */
  importHkdfKey(ikm: Bytes): Promise<HkdfKey>;
  /** RFC 5869 extract and expand with imported keying material. */
  hkdfFromHandle(key: HkdfKey, output: HkdfOutput): Promise<Bytes>;
  /** RFC 5869 expand only; `prk` at least 32 bytes. */
  hkdfExpand(input: { readonly prk: Bytes; readonly info: Bytes; readonly length: number }): Bytes;

  /** Imports a 32-byte key once, for many messages. The caller never repeats a nonce under one key. */
  importAesKey(key: Bytes): Promise<AesGcmKey>;
  /** AES-256-GCM (NIST SP 800-38D); returns ciphertext followed by the 16-byte tag. */
  aesGcmSeal(input: AesGcmSealInput): Promise<Bytes>;
  /** Opens what `aesGcmSeal` made; throws `crypto.open_failed` on anything else, truncated or empty input included. */
  aesGcmOpen(input: AesGcmOpenInput): Promise<Bytes>;

  /** Ed25519 (RFC 8032) from its 32-byte seed. */
  signingKeyFromSeed(seed: Bytes): Promise<SigningKey>;
  /** A fresh Ed25519 key whose private half cannot be exported where the runtime can hold it so (`cryptoKey` is then the handle). */
  generateDeviceKey(): Promise<SigningKey>;
  /** A stored handle and its public key; throws `crypto.bad_key` unless the two belong together. */
  signingKeyFromCryptoKey(privateKey: CryptoKeyPort, publicKey: Bytes): Promise<SigningKey>;
  /** Never throws and never rejects; see ed25519.ts for what is refused beyond RFC 8032. */
  verifyEd25519(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean>;

  /** X-Wing key pair from its 32-byte seed. */
  xwingKeyFromSeed(seed: Bytes): Promise<XwingKey>;
  /** Checks and imports a 1216-byte public key once, for many encapsulations. */
  importXwingPublicKey(publicKey: Bytes): Promise<XwingPublicKey>;
  xwingEncapsulate(publicKey: Bytes | XwingPublicKey): Promise<XwingEncapsulation>;
  /** `ct` is 1120 bytes; a wrong but well-formed ct gives an unrelated secret (implicit rejection), never an error. */
  xwingDecapsulate(key: XwingKey, ct: Bytes): Promise<Bytes>;

  /** RFC 9106 Argon2id. */
  argon2id(request: Argon2idRequest): Promise<Bytes>;
}

/** Asks the runtime what it can do (a known answer per algorithm, once) and fills in the rest with portable code. */
export async function createPrimitives(ports: PrimitivesPorts): Promise<Primitives> {
  const { subtle, rng } = ports;
  const support = await detectRuntimeSupport(subtle, ports.avoidNative ?? []);
  const hkdf = createHkdf(subtle, support);
  const aesGcm = createAesGcm(subtle, support);
  const ed25519 = createEd25519({ subtle, rng, support });
  // Boxes are rare and their code is long: a page that only reads does not wait for it.
  let loading: Promise<Xwing> | null = null;
  const xwing = (): Promise<Xwing> => {
    loading ??= import('./xwing.ts').then(({ createXwing }) => createXwing({ subtle, rng, support }));
    return loading;
  };
  return {
    support,
    sha256: ports.sha256 ?? sha256Portable,
    hmacSha256,
    hkdfSha256: (input) => hkdf.derive(input),
    importHkdfKey: (ikm) => hkdf.importKey(ikm),
    hkdfFromHandle: (key, output) => key.derive(output),
    hkdfExpand,
    importAesKey: (key) => aesGcm.importKey(key),
    aesGcmSeal: (input) => aesGcm.seal(input),
    aesGcmOpen: (input) => aesGcm.open(input),
    signingKeyFromSeed: (seed) => ed25519.fromSeed(seed),
    generateDeviceKey: () => ed25519.generate(),
    signingKeyFromCryptoKey: (privateKey, publicKey) => ed25519.fromCryptoKey(privateKey, publicKey),
    verifyEd25519: (publicKey, message, signature) => ed25519.verify(publicKey, message, signature),
    xwingKeyFromSeed: async (seed) => (await xwing()).keyFromSeed(seed),
    importXwingPublicKey: async (publicKey) => (await xwing()).importPublicKey(publicKey),
    xwingEncapsulate: async (publicKey) => (await xwing()).encapsulate(publicKey),
    xwingDecapsulate: (key, ct) => key.decapsulate(ct),
    argon2id: createArgon2id(ports.argon2id),
  };
}

export type { AesGcmKey, AesGcmOpenInput, AesGcmSealInput } from './aes-gcm.ts';
export type { Argon2idPort, Argon2idRequest } from './argon2id.ts';
export { CryptoError, type CryptoErrorCode } from './crypto-error.ts';
export type { Sha256Port } from './digest.ts';
export type { SigningKey } from './ed25519.ts';
export type { HkdfInput, HkdfKey, HkdfOutput } from './hkdf.ts';
export type { NativeAlgorithm, RuntimeSupport } from './runtime-support.ts';
export type { CryptoKeyPort, SubtlePort } from './subtle-port.ts';
export type { XwingEncapsulation, XwingKey, XwingPublicKey } from './xwing.ts';
export { XWING_CIPHERTEXT_BYTES, XWING_PUBLIC_KEY_BYTES, XWING_SEED_BYTES } from './xwing-sizes.ts';
