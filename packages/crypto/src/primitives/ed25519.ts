import { type Bytes, concatBytes, decodeBase64Url, encodeHex, type Rng } from '@baton/kernel';
import { CryptoError, requireLength } from './crypto-error.ts';
import { isWellFormedSignature } from './ed25519-form.ts';
import { ED25519_PKCS8_PREFIX, type RuntimeSupport } from './runtime-support.ts';
import {
  bufferBytes,
  type CryptoKeyPairPort,
  type CryptoKeyPort,
  jwkSubtle,
  modernSubtle,
  type SubtlePort,
} from './subtle-port.ts';

const ED25519_SEED_BYTES = 32;

/** An Ed25519 key that signs. Opaque: the private half is reached by `sign` only. */
export interface SigningKey {
  /** 32 bytes. */
  readonly publicKey: Bytes;
  /** The non-extractable handle, for a store of handles (IndexedDB); `null` where portable code holds the key. */
  readonly cryptoKey: CryptoKeyPort | null;
  /** 64 bytes (RFC 8032 Ed25519, no pre-hash, no context). */
  sign(message: Bytes): Promise<Bytes>;
}

export interface Ed25519 {
  fromSeed(seed: Bytes): Promise<SigningKey>;
  generate(): Promise<SigningKey>;
  fromCryptoKey(privateKey: CryptoKeyPort, publicKey: Bytes): Promise<SigningKey>;
  verify(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean>;
}

/** Members of a conversation sign in turn: as many imported public keys are kept as a busy device sees at a time. */
const IMPORTED_PUBLIC_KEYS = 512;

/**
 * Ed25519 over the runtime's WebCrypto, or over portable code.
 *
 * Verification is the same on every runtime, so that members never disagree on whether an entry is valid: S below the group order, R
 * compared as bytes (no cofactor), public key and R canonical and not of small order. A public key with a small-order component on top of a
 * large one is accepted by all alike; nothing in the protocol relies on keys being unique beyond their bytes.
 */
export function createEd25519(ports: {
  readonly subtle: SubtlePort;
  readonly rng: Rng;
  readonly support: RuntimeSupport;
}): Ed25519 {
  return ports.support.ed25519 === 'native'
    ? createNative(ports.subtle)
    : createPortable(ports.subtle, ports.rng);
}

function createNative(subtle: SubtlePort): Ed25519 {
  const importedKeys = new Map<string, Promise<CryptoKeyPort>>();

  function importPublicKey(publicKey: Bytes): Promise<CryptoKeyPort> {
    const id = encodeHex(publicKey);
    const known = importedKeys.get(id);
    if (known) return known;
    if (importedKeys.size >= IMPORTED_PUBLIC_KEYS) importedKeys.clear();
    const imported = subtle.importKey('raw', bufferBytes(publicKey), 'Ed25519', true, ['verify']);
    importedKeys.set(id, imported);
    return imported;
  }

  async function verify(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
    if (!isWellFormedSignature(publicKey, signature)) return false;
    try {
      const key = await importPublicKey(publicKey);
      return await subtle.verify('Ed25519', key, bufferBytes(signature), bufferBytes(message));
    } catch {
      return false;
    }
  }

  return {
    async fromSeed(seed) {
      requireLength(seed, ED25519_SEED_BYTES, 'Ed25519 seed');
      const pkcs8 = bufferBytes(concatBytes(ED25519_PKCS8_PREFIX, seed));
      const privateKey = await subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
      const publicKey = await publicKeyOf(subtle, { privateKey, pkcs8, seed });
      pkcs8.fill(0);
      return nativeSigningKey(subtle, privateKey, publicKey);
    },
    async generate() {
      const pair = (await subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPairPort;
      const publicKey = new Uint8Array(await subtle.exportKey('raw', pair.publicKey));
      return nativeSigningKey(subtle, pair.privateKey, publicKey);
    },
    fromCryptoKey: (privateKey, publicKey) => adoptCryptoKey({ subtle, privateKey, publicKey, verify }),
    verify,
  };
}

function nativeSigningKey(subtle: SubtlePort, privateKey: CryptoKeyPort, publicKey: Bytes): SigningKey {
  return {
    publicKey,
    cryptoKey: privateKey,
    async sign(message) {
      return new Uint8Array(await subtle.sign('Ed25519', privateKey, bufferBytes(message)));
    },
  };
}

/** As the runtime's own methods give it, in whichever way it has; by portable code where it has none. */
async function publicKeyOf(
  subtle: SubtlePort,
  key: {
    readonly privateKey: CryptoKeyPort;
    readonly pkcs8: ReturnType<typeof bufferBytes>;
    readonly seed: Bytes;
  },
): Promise<Bytes> {
  const modern = modernSubtle(subtle);
  if (modern?.getPublicKey) {
    const publicKey = await modern.getPublicKey(key.privateKey, ['verify']);
    return new Uint8Array(await subtle.exportKey('raw', publicKey));
  }
  const named = await exportX(subtle, key.pkcs8).catch(() => null);
  if (named?.length === 32) return named;
  const { portablePublicKey } = await import('./ed25519-portable.ts');
  return portablePublicKey(key.seed);
}

/** RFC 8037 §2: `x` of the private key's JWK. The seed is the caller's already, so nothing gets out that was kept in. */
async function exportX(subtle: SubtlePort, pkcs8: ReturnType<typeof bufferBytes>): Promise<Bytes | null> {
  const exportable = await subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
  const { x } = await jwkSubtle(subtle).exportKey('jwk', exportable);
  return decodeBase64Url(x ?? '');
}

/** A handle and a public key that come from storage could have been swapped apart: a signature shows that they belong together. */
async function adoptCryptoKey(input: {
  readonly subtle: SubtlePort;
  readonly privateKey: CryptoKeyPort;
  readonly publicKey: Bytes;
  readonly verify: Ed25519['verify'];
}): Promise<SigningKey> {
  const key = nativeSigningKey(input.subtle, input.privateKey, input.publicKey.slice());
  const probe = input.publicKey;
  const signature = await key.sign(probe).catch(() => null);
  if (!signature || !(await input.verify(input.publicKey, probe, signature))) {
    throw new CryptoError('crypto.bad_key', 'the key handle and the public key do not belong together');
  }
  return key;
}

function createPortable(subtle: SubtlePort, rng: Rng): Ed25519 {
  const load = () => import('./ed25519-portable.ts');
  const verify: Ed25519['verify'] = async (publicKey, message, signature) =>
    (await load()).verifyEd25519Portable({ publicKey, message, signature });

  async function fromSeed(seed: Bytes): Promise<SigningKey> {
    requireLength(seed, ED25519_SEED_BYTES, 'Ed25519 seed');
    const ownSeed = seed.slice();
    const { portablePublicKey, signPortable } = await load();
    return {
      publicKey: portablePublicKey(ownSeed),
      cryptoKey: null,
      sign: async (message) => signPortable(message, ownSeed),
    };
  }

  return {
    fromSeed,
    generate: () => fromSeed(rng.bytes(ED25519_SEED_BYTES)),
    fromCryptoKey: (privateKey, publicKey) => adoptCryptoKey({ subtle, privateKey, publicKey, verify }),
    verify,
  };
}
