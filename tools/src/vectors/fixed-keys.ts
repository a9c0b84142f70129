import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { type Bytes, encodeHex, encodeUtf8, type Id, type IdKind, makeId } from '@baton/kernel';
import { signedCodec } from '@baton/wire';

// Everything a vector is made of, derived from names. The hashes and signing inputs are written out here from docs/protocol and not taken
// from packages/ledger, so that vectors and code can disagree.

export function sha256(...parts: readonly Bytes[]): Bytes {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

/** `length` bytes that depend on the name only. */
export function bytesNamed(name: string, length: number): Bytes {
  return new Uint8Array(createHash('shake256', { outputLength: length }).update(name).digest());
}

export function idNamed<Kind extends IdKind>(kind: Kind, name: string): Id<Kind> {
  return makeId(kind, bytesNamed(`id:${kind}:${name}`, 16));
}

export interface FixedKey {
  readonly name: string;
  readonly pub: Bytes;
  sign(message: Bytes): Bytes;
}

const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** An Ed25519 key from the 32-byte seed that SHAKE256 gives for `key:<name>`. */
export function keyNamed(name: string): FixedKey {
  const der = Buffer.concat([PKCS8_ED25519, bytesNamed(`key:${name}`, 32)]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const x = createPublicKey(key).export({ format: 'jwk' }).x ?? '';
  return {
    name,
    pub: new Uint8Array(Buffer.from(x, 'base64url')),
    sign: (message) => new Uint8Array(sign(null, message, key)),
  };
}

/** utf8(label) || 0x00 */
function prefix(label: string): Bytes {
  return encodeUtf8(`${label}\0`);
}

/** SHA-256(utf8(label) || 0x00 || bytes) */
export function objectHash(label: string, bytes: Bytes): Bytes {
  return sha256(prefix(label), bytes);
}

/** utf8(label) || 0x00 || digest */
export function labelled(label: string, digest: Bytes): Bytes {
  return new Uint8Array(Buffer.concat([prefix(label), digest]));
}

/** One vector: an object as it is on the wire, and what is computed over it. All byte strings in hexadecimal. */
export interface Vector {
  readonly name: string;
  readonly label: string;
  readonly signer: string;
  readonly bytes: string;
  readonly hash: string;
  readonly signingInput: string;
}

/** A `Signed` object as a vector. `claim` adds the second signature. */
export function signedVector(
  name: string,
  input: { readonly label: string; readonly body: Bytes; readonly by: FixedKey; readonly claim?: FixedKey },
): Vector {
  const { label, body, by, claim } = input;
  const signingInput = labelled(label, sha256(body));
  const s = by.sign(signingInput);
  const x = claim?.sign(labelled('sg/claim/v1', sha256(body)));
  return {
    name,
    label,
    signer: encodeHex(by.pub),
    bytes: encodeHex(signedCodec.encode(x === undefined ? { b: body, s } : { b: body, s, x })),
    hash: encodeHex(objectHash(label, body)),
    signingInput: encodeHex(signingInput),
  };
}

/** RFC 9162 §2.1.1 over leaf inputs. */
export function treeRoot(leaves: readonly Bytes[]): Bytes {
  if (leaves.length === 0) return sha256();
  const [first] = leaves;
  if (leaves.length === 1 && first !== undefined) return sha256(Uint8Array.of(0), first);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(Uint8Array.of(1), treeRoot(leaves.slice(0, split)), treeRoot(leaves.slice(split)));
}

/** Root of the sparse map (docs/protocol/membership.md §8) over key-value pairs. */
export function mapRoot(pairs: readonly (readonly [key: Bytes, value: Bytes])[], depth = 0): Bytes {
  const [first] = pairs;
  if (first === undefined) return new Uint8Array(32);
  if (pairs.length === 1) return sha256(Uint8Array.of(0), ...first);
  const isRight = ([key]: readonly [Bytes, Bytes]): boolean =>
    (((key[depth >> 3] ?? 0) >> (7 - (depth & 7))) & 1) === 1;
  const left = pairs.filter((pair) => !isRight(pair));
  return sha256(Uint8Array.of(1), mapRoot(left, depth + 1), mapRoot(pairs.filter(isRight), depth + 1));
}

export function uint64(value: number): Bytes {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(BigInt(value));
  return new Uint8Array(out);
}
