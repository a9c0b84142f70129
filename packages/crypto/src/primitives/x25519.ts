import { type Bytes, concatBytes, type Rng } from '@baton/kernel';
import { CryptoError, requireLength } from './crypto-error.ts';
import { type RuntimeSupport, X25519_PKCS8_PREFIX } from './runtime-support.ts';
import { bufferBytes, type CryptoKeyPairPort, type CryptoKeyPort, type SubtlePort } from './subtle-port.ts';

export const X25519_BYTES = 32;

/** A peer's public value, with the runtime's handle for it where there is one. */
export interface X25519Public {
  readonly bytes: Bytes;
  readonly native: CryptoKeyPort | null;
}

/** A private scalar. Opaque: it can agree and nothing else. */
export interface X25519Private {
  readonly publicKey: Bytes;
  /** RFC 7748 §6.1; throws `crypto.bad_key` where the result is all zero (a peer value of small order). */
  agree(peer: X25519Public): Promise<Bytes>;
}

export interface X25519 {
  privateFromSeed(seed: Bytes): Promise<X25519Private>;
  publicFromBytes(bytes: Bytes): Promise<X25519Public>;
  generate(): Promise<X25519Private>;
}

export function createX25519(ports: {
  readonly subtle: SubtlePort;
  readonly rng: Rng;
  readonly support: RuntimeSupport;
}): X25519 {
  return ports.support.x25519 === 'native' ? createNative(ports.subtle) : createPortable(ports.rng);
}

function createNative(subtle: SubtlePort): X25519 {
  async function publicFromBytes(bytes: Bytes): Promise<X25519Public> {
    requireLength(bytes, X25519_BYTES, 'X25519 public value');
    const own = bytes.slice();
    return { bytes: own, native: await subtle.importKey('raw', bufferBytes(own), 'X25519', true, []) };
  }

  async function agree(privateKey: CryptoKeyPort, peer: X25519Public): Promise<Bytes> {
    const parameters = { name: 'X25519', public: peer.native };
    const shared = await subtle.deriveBits(parameters, privateKey, 256).catch(() => null);
    return requireNonZero(shared ? new Uint8Array(shared) : new Uint8Array(X25519_BYTES));
  }

  const base = publicFromBytes(Uint8Array.of(9, ...new Uint8Array(31)));

  return {
    publicFromBytes,
    async privateFromSeed(seed) {
      requireLength(seed, X25519_BYTES, 'X25519 seed');
      const pkcs8 = bufferBytes(concatBytes(X25519_PKCS8_PREFIX, seed));
      const privateKey = await subtle.importKey('pkcs8', pkcs8, 'X25519', false, ['deriveBits']);
      pkcs8.fill(0);
      return { publicKey: await agree(privateKey, await base), agree: (peer) => agree(privateKey, peer) };
    },
    async generate() {
      const pair = (await subtle.generateKey('X25519', false, ['deriveBits'])) as CryptoKeyPairPort;
      const publicKey = new Uint8Array(await subtle.exportKey('raw', pair.publicKey));
      return { publicKey, agree: (peer) => agree(pair.privateKey, peer) };
    },
  };
}

function createPortable(rng: Rng): X25519 {
  const load = () => import('./x25519-portable.ts');
  async function privateFromSeed(seed: Bytes): Promise<X25519Private> {
    requireLength(seed, X25519_BYTES, 'X25519 seed');
    const scalar = seed.slice();
    const { portableAgree, portablePublicValue } = await load();
    return {
      publicKey: portablePublicValue(scalar),
      async agree(peer) {
        try {
          return requireNonZero(portableAgree(scalar, peer.bytes));
        } catch {
          throw badPeer();
        }
      },
    };
  }
  return {
    privateFromSeed,
    async publicFromBytes(bytes) {
      requireLength(bytes, X25519_BYTES, 'X25519 public value');
      return { bytes: bytes.slice(), native: null };
    },
    generate: () => privateFromSeed(rng.bytes(X25519_BYTES)),
  };
}

function requireNonZero(shared: Bytes): Bytes {
  let any = 0;
  for (const byte of shared) any |= byte;
  if (any === 0) throw badPeer();
  return shared;
}

function badPeer(): CryptoError {
  return new CryptoError('crypto.bad_key', 'the X25519 public value has small order');
}
