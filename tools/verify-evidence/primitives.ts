import {
  createDecipheriv,
  createHash,
  createHmac,
  createPublicKey,
  createCipheriv,
  verify,
} from 'node:crypto';

// Node's own implementations of the published algorithms, and nothing else: SHA-256 (FIPS 180-4), Ed25519 (RFC 8032), HKDF-Expand (RFC 5869),
// AES-256-GCM (SP 800-38D), Merkle trees of RFC 9162.

const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');
const GCM_TAG_BYTES = 16;

export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export function utf8(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

export function uint64(value: number): Uint8Array {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(BigInt(value));
  return out;
}

/** utf8(label) || 0x00 || ... */
export function labelled(label: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([utf8(label), Uint8Array.of(0), ...parts]);
}

/** Hash of a signed object: SHA-256(label || 0x00 || body). */
export function objectHash(label: string, body: Uint8Array): Uint8Array {
  return sha256(labelled(label, body));
}

export function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey({
      key: Buffer.concat([SPKI_ED25519, publicKey]),
      format: 'der',
      type: 'spki',
    });
    return verify(null, message, key, signature);
  } catch {
    return false;
  }
}

/** Signature over label || 0x00 || SHA-256(body). */
export function isObjectSignedBy(
  publicKey: Uint8Array,
  label: string,
  signed: { readonly b: Uint8Array; readonly s: Uint8Array },
): boolean {
  return isSignedBy(publicKey, labelled(label, sha256(signed.b)), signed.s);
}

export function hkdfExpand(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  const blocks: Buffer[] = [];
  let block = Buffer.alloc(0);
  for (let counter = 1; blocks.length * 32 < length; counter++) {
    block = createHmac('sha256', prk).update(block).update(info).update(Uint8Array.of(counter)).digest();
    blocks.push(block);
  }
  return Buffer.concat(blocks).subarray(0, length);
}

export interface GcmInput {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
}

/** null where the tag does not fit. */
export function gcmOpen({ key, nonce, aad }: GcmInput, sealed: Uint8Array): Uint8Array | null {
  if (sealed.length < GCM_TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: GCM_TAG_BYTES });
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(sealed.length - GCM_TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, -GCM_TAG_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
}

export function gcmSeal({ key, nonce, aad }: GcmInput, plaintext: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: GCM_TAG_BYTES });
  cipher.setAAD(aad);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

export function leafHash(data: Uint8Array): Uint8Array {
  return sha256(Uint8Array.of(0), data);
}

/** RFC 9162 §2.1.3.2. */
export function isIncluded(
  proof: { readonly leaf: Uint8Array; readonly index: number; readonly size: number },
  path: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (proof.index >= proof.size) return false;
  let fn = proof.index;
  let sn = proof.size - 1;
  let hash = proof.leaf;
  for (const sibling of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      hash = sha256(Uint8Array.of(1), sibling, hash);
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2);
        sn = Math.floor(sn / 2);
      }
    } else hash = sha256(Uint8Array.of(1), hash, sibling);
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && isSame(hash, root);
}

/** Padmé (Nikitin et al., PETS 2019). */
export function padmeLength(length: number): number {
  if (length < 2) return length;
  const exponent = 31 - Math.clz32(length);
  const kept = 31 - Math.clz32(exponent) + 1;
  const step = 2 ** (exponent - kept);
  return Math.ceil(length / step) * step;
}
