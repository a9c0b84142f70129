import type { Bytes } from '@baton/kernel';
import { hashObject, type Label, signingInput } from '@baton/ledger';
import { type Signed, signedCodec } from '@baton/wire';
import type { Primitives, SigningKey } from '../primitives/primitives.ts';

export interface SignBodyInput {
  readonly key: SigningKey;
  readonly label: Label;
  /** Canonical encoding of the body. */
  readonly body: Bytes;
  /** Second signature `x`: its own key and label over the same body (an account statement's claim). */
  readonly second?: { readonly key: SigningKey; readonly label: Label };
}

export interface SignedObject {
  /** Encoded `Signed`: what travels and is stored. */
  readonly bytes: Bytes;
  /** Object hash of the body: what other objects name it by. */
  readonly hash: Bytes;
}

/** A signed object (sealing.md §2): CBOR {b, s[, x]}, signatures over label || 0x00 || SHA-256(body). */
export async function signBody(primitives: Primitives, input: SignBodyInput): Promise<SignedObject> {
  const { key, label, body, second } = input;
  const [s, x] = await Promise.all([
    key.sign(signingInput(primitives.sha256, label, body)),
    second?.key.sign(signingInput(primitives.sha256, second.label, body)),
  ]);
  const signed: Signed = x === undefined ? { b: body, s } : { b: body, s, x };
  return { bytes: signedCodec.encode(signed), hash: hashObject(primitives.sha256, label, body) };
}
