import { type AccountId, type Bytes, concatBytes, encodeUtf8, type InvitationId } from '@baton/kernel';
import { type Entry, encodeCanonical, entryCodec, type RecipientId, type Sealed } from '@baton/wire';
import { LABELS, type Label } from './labels.ts';
import type { Digest } from './ports.ts';

const ZERO = Uint8Array.of(0);
const ZERO_HASH = new Uint8Array(32);
const prefixes = new Map<Label, Bytes>();

/** utf8(label) || 0x00 */
export function labelPrefix(label: Label): Bytes {
  let prefix = prefixes.get(label);
  if (prefix === undefined) {
    prefix = concatBytes(encodeUtf8(label), ZERO);
    prefixes.set(label, prefix);
  }
  return prefix;
}

/** Object hash: SHA-256(utf8(label) || 0x00 || body bytes). For a `Signed` object the body is its `b`. */
export function hashObject(digest: Digest, label: Label, body: Bytes): Bytes {
  return digest(concatBytes(labelPrefix(label), body));
}

/** What a `Signed` object's signature covers: utf8(label) || 0x00 || SHA-256(body bytes). */
export function signingInput(digest: Digest, label: Label, body: Bytes): Bytes {
  return concatBytes(labelPrefix(label), digest(body));
}

export type SealedLabel = typeof LABELS.envelope | typeof LABELS.put;

/** What an envelope's or put's signature covers: utf8(label) || 0x00 || SHA-256( SHA-256(h) || c || SHA-256(x) ). */
export function sealedSigningInput(
  digest: Digest,
  label: SealedLabel,
  sealed: Pick<Sealed, 'h' | 'c' | 'x'>,
): Bytes {
  return concatBytes(labelPrefix(label), digest(concatBytes(digest(sealed.h), sealed.c, digest(sealed.x))));
}

/** Hash of a whole sealed object as encoded on the wire, signature included; what a put's `prev` names. */
export function hashSealed(digest: Digest, label: SealedLabel, encoded: Bytes): Bytes {
  return hashObject(digest, label, encoded);
}

/** Hash of an entry with every box hash zeroed: boxes are bound to it, and it cannot hold their hashes. */
export function entryCoreHash(digest: Digest, entry: Entry): Bytes {
  const core = {
    ...entry,
    recipients: entry.recipients.map((recipient) => ({ ...recipient, b: ZERO_HASH })),
  };
  return hashObject(digest, LABELS.entryCore, entryCodec.encode(core));
}

export interface BoxBinding {
  readonly conv: Entry['conv'];
  readonly gen: number;
  readonly to: RecipientId;
  /** Generation of the recipient's box key. */
  readonly g: number;
  /** `entryCoreHash` of the entry that the box belongs to. */
  readonly core: Bytes;
}

/** HPKE info of a box: utf8("sg/box/v1") || 0x00 || CBOR{conv, gen, to, g, core}. */
export function boxInfo(binding: BoxBinding): Bytes {
  const { conv, gen, to, g, core } = binding;
  return concatBytes(labelPrefix(LABELS.box), encodeCanonical({ conv, gen, to, g, core }));
}

/** Hash of an encoded box: what the entry's recipient names as `b`. */
export function hashBox(digest: Digest, encodedBox: Bytes): Bytes {
  return hashObject(digest, LABELS.box, encodedBox);
}

/** Hash of an agent's encoded manifest: what its invitation and grants name as `manifest`. */
export function hashManifest(digest: Digest, encodedManifest: Bytes): Bytes {
  return hashObject(digest, LABELS.manifest, encodedManifest);
}

/** 64-bit big-endian of a safe non-negative integer. */
export function encodeUint64(value: number): Bytes {
  const out = new Uint8Array(8);
  let rest = value;
  for (let i = 7; i >= 0; i--) {
    out[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return out;
}

export interface ClaimBinding {
  readonly conv: Entry['conv'];
  /** Hash of the entry before the claim: one claim fits one place. */
  readonly prev: Bytes;
  readonly invitation: InvitationId;
  readonly account: AccountId;
  /** Hash of the claimant's device certificate. */
  readonly dk: Bytes;
}

/** What the invitation's key signs in a `claim` entry's `proof`: the claim label over CBOR{conv, prev, invitation, account, dk}. */
export function claimProofInput(digest: Digest, binding: ClaimBinding): Bytes {
  const { conv, prev, invitation, account, dk } = binding;
  return signingInput(digest, LABELS.claim, encodeCanonical({ conv, prev, invitation, account, dk }));
}
