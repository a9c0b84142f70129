import { type Bytes, concatBytes, decodeHex, equalBytes } from '@baton/kernel';
import { bufferBytes, modernSubtle, type SubtlePort } from './subtle-port.ts';

/** Algorithms for which a runtime may have its own implementation. */
export type NativeAlgorithm = 'aesGcm' | 'hkdf' | 'ed25519' | 'x25519' | 'mlKem768';

export type RuntimeSupport = Readonly<Record<NativeAlgorithm, 'native' | 'portable'>>;

/** RFC 8410 §7: PKCS #8 around a 32-byte private key; WebCrypto has no raw format for these private keys. */
export const ED25519_PKCS8_PREFIX = fromHex('302e020100300506032b657004220420');
export const X25519_PKCS8_PREFIX = fromHex('302e020100300506032b656e04220420');

/**
 * Asks for one known answer per algorithm; an error or another answer counts as "the runtime lacks it". Presence of a method is not
 * enough: browsers shipped Ed25519 and ML-KEM behind flags, with other key formats, or for some operations only.
 */
export async function detectRuntimeSupport(
  subtle: SubtlePort,
  avoidNative: readonly NativeAlgorithm[],
): Promise<RuntimeSupport> {
  const ask = async (algorithm: NativeAlgorithm, works: () => Promise<boolean>) => {
    if (avoidNative.includes(algorithm)) return 'portable';
    return (await works().catch(() => false)) ? 'native' : 'portable';
  };
  const [aesGcm, hkdf, ed25519, x25519, mlKem768] = await Promise.all([
    ask('aesGcm', () => hasAesGcm(subtle)),
    ask('hkdf', () => hasHkdf(subtle)),
    ask('ed25519', () => hasEd25519(subtle)),
    ask('x25519', () => hasX25519(subtle)),
    ask('mlKem768', () => hasMlKem768(subtle)),
  ]);
  return { aesGcm, hkdf, ed25519, x25519, mlKem768 };
}

/** McGrew and Viega, GCM specification, test case 13: zero key, zero nonce, nothing to seal. */
async function hasAesGcm(subtle: SubtlePort): Promise<boolean> {
  const key = await subtle.importKey('raw', new Uint8Array(32), 'AES-GCM', false, ['encrypt', 'decrypt']);
  const parameters = {
    name: 'AES-GCM',
    iv: new Uint8Array(12),
    additionalData: new Uint8Array(0),
    tagLength: 128,
  };
  const sealed = await subtle.encrypt(parameters, key, new Uint8Array(0));
  return isHex(sealed, '530f8afbc74536b9a963b4f1c4cb738b');
}

/** RFC 5869 A.3: empty salt and info. */
async function hasHkdf(subtle: SubtlePort): Promise<boolean> {
  const key = await subtle.importKey('raw', new Uint8Array(22).fill(11), 'HKDF', false, ['deriveBits']);
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: new Uint8Array(0) };
  const okm = await subtle.deriveBits(parameters, key, 42 * 8);
  return isHex(okm, '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8');
}

/** RFC 8032 §7.1 test 1. */
async function hasEd25519(subtle: SubtlePort): Promise<boolean> {
  const seed = fromHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
  const publicKey = fromHex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
  const pkcs8 = bufferBytes(concatBytes(ED25519_PKCS8_PREFIX, seed));
  const privateKey = await subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
  const signature = await subtle.sign('Ed25519', privateKey, new Uint8Array(0));
  const verifier = await subtle.importKey('raw', bufferBytes(publicKey), 'Ed25519', true, ['verify']);
  const verifies = await subtle.verify('Ed25519', verifier, new Uint8Array(signature), new Uint8Array(0));
  return (
    verifies &&
    isHex(
      signature,
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    )
  );
}

/** RFC 7748 §6.1: Alice's private key and Bob's public value. */
async function hasX25519(subtle: SubtlePort): Promise<boolean> {
  const scalar = fromHex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a');
  const peer = fromHex('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f');
  const pkcs8 = bufferBytes(concatBytes(X25519_PKCS8_PREFIX, scalar));
  const privateKey = await subtle.importKey('pkcs8', pkcs8, 'X25519', false, ['deriveBits']);
  const publicKey = await subtle.importKey('raw', bufferBytes(peer), 'X25519', true, []);
  const shared = await subtle.deriveBits({ name: 'X25519', public: publicKey }, privateKey, 256);
  return isHex(shared, '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742');
}

/** Seeds in, secrets equal on both sides; the answer itself is compared with the portable code by the package's tests. */
async function hasMlKem768(subtle: SubtlePort): Promise<boolean> {
  const modern = modernSubtle(subtle);
  if (!modern?.getPublicKey) return false;
  const seed = new Uint8Array(64).fill(1);
  const privateKey = await modern.importKey('raw-seed', seed, 'ML-KEM-768', false, ['decapsulateBits']);
  const bytes = await modern.exportKey(
    'raw-public',
    await modern.getPublicKey(privateKey, ['encapsulateBits']),
  );
  const publicKey = await modern.importKey('raw-public', new Uint8Array(bytes), 'ML-KEM-768', true, [
    'encapsulateBits',
  ]);
  const { ciphertext, sharedKey } = await modern.encapsulateBits('ML-KEM-768', publicKey);
  const shared = await modern.decapsulateBits('ML-KEM-768', privateKey, new Uint8Array(ciphertext));
  return bytes.byteLength === 1184 && equalBytes(new Uint8Array(shared), new Uint8Array(sharedKey));
}

function isHex(actual: ArrayBuffer, expected: string): boolean {
  return equalBytes(new Uint8Array(actual), fromHex(expected));
}

function fromHex(hex: string): Bytes {
  const bytes = decodeHex(hex);
  if (!bytes) throw new Error('malformed constant');
  return bytes;
}
