import { type Bytes, concatBytes, encodeUtf8, type InvitationId, type Rng, Secret } from '@baton/kernel';
import { ristretto255_oprf } from '@noble/curves/ed25519.js';
import { labelled, SECRET_LABELS } from '../labels.ts';
import { CryptoError, requireLength } from '../primitives/crypto-error.ts';

// The OPRF of RFC 9497, suite ristretto255-SHA512, mode 0x00 (docs/protocol/patients.md §2). Whoever has the link key evaluates it on a
// code without learning the code; whoever has the code learns F of that one code and nothing of the key.

const { oprf } = ristretto255_oprf;

/** A group element on the wire (RFC 9496 §4.3.2), and a link key: 32 bytes each. */
const LINK_ELEMENT_BYTES = 32;
/** F: 64 bytes. */
export const LINK_OUTPUT_BYTES = 64;
const CODE = /^[0-9]{6}$/;

/** A fresh link key: a non-zero scalar by RFC 9497 §3.2.1 from 32 random bytes. */
export function makeLinkKey(rng: Rng): Secret<Bytes> {
  const seed = rng.bytes(32);
  const { secretKey } = oprf.deriveKeyPair(seed, labelled(SECRET_LABELS.linkCode));
  seed.fill(0);
  return Secret.of(secretKey.slice());
}

/** Six digits, each of the 1,000,000 as likely. */
export function makeLinkCode(rng: Rng): Secret<string> {
  // 4,294 * 1,000,000 is the largest multiple below 2^32; what lies above is drawn again.
  const limit = 4_294_000_000;
  for (;;) {
    const drawn = new DataView(rng.bytes(4).slice().buffer).getUint32(0);
    if (drawn < limit) return Secret.of(String(drawn % 1_000_000).padStart(6, '0'));
  }
}

/** The six digits of a typed code, however they are grouped ("123 456", "123-456"); `null` for anything else. */
export function parseLinkCode(text: string): Secret<string> | null {
  const digits = text.normalize('NFKC').replaceAll(/[\s.\-\u2010-\u2015]/gu, '');
  return CODE.test(digits) ? Secret.of(digits) : null;
}

/** What the OPRF is asked for: utf8("sg/link-code/v1" || 0x00 || invitation || 0x00 || code). */
function codeInput(invitation: InvitationId, code: Secret<string>): Bytes {
  const digits = code.reveal();
  if (!CODE.test(digits)) throw new CryptoError('crypto.malformed', 'a link code is six digits');
  const rest = concatBytes(encodeUtf8(invitation), Uint8Array.of(0), encodeUtf8(digits));
  return labelled(SECRET_LABELS.linkCode, rest);
}

export interface BlindedLinkCode {
  /** Goes to the server: 32 bytes that say nothing about the code. */
  readonly blinded: Bytes;
  /** F from the server's answer. Throws `crypto.malformed` where the answer is no element of the group, or its identity. */
  readonly finish: (evaluated: Bytes) => Secret<Bytes>;
}

/** The patient's side: blinds the code; the blind stays in here. */
export function blindLinkCode(
  rng: Rng,
  input: { readonly invitation: InvitationId; readonly code: Secret<string> },
): BlindedLinkCode {
  return blindInput(rng, codeInput(input.invitation, input.code));
}

/** Blind and Finalize of RFC 9497 §3.3.1. */
export function blindInput(rng: Rng, input: Bytes): BlindedLinkCode {
  const draw = (length?: number) => rng.bytes(length ?? 32) as ReturnType<BlindRng>;
  const { blind, blinded } = oprf.blind(input, draw);
  return {
    blinded: blinded.slice(),
    finish(evaluated) {
      requireLength(evaluated, LINK_ELEMENT_BYTES, 'evaluated element');
      return Secret.of(inGroup(() => oprf.finalize(input, blind, evaluated)));
    },
  };
}
type BlindRng = NonNullable<Parameters<typeof oprf.blind>[1]>;

/** What the holder of the link key answers to a blinded code. Throws `crypto.malformed` on what is no element of the group. */
export function evaluateBlindedCode(linkKey: Secret<Bytes>, blinded: Bytes): Bytes {
  requireLength(linkKey.reveal(), LINK_ELEMENT_BYTES, 'link key');
  requireLength(blinded, LINK_ELEMENT_BYTES, 'blinded element');
  return inGroup(() => oprf.blindEvaluate(linkKey.reveal(), blinded));
}

/** F by one who has link key and code both: the inviter's device. */
export function evaluateLinkCode(
  rng: Rng,
  input: {
    readonly invitation: InvitationId;
    readonly code: Secret<string>;
    readonly linkKey: Secret<Bytes>;
  },
): Secret<Bytes> {
  const { blinded, finish } = blindLinkCode(rng, input);
  return finish(evaluateBlindedCode(input.linkKey, blinded));
}

/** The library throws plain errors at bytes that are no element or scalar; they hold none of the secrets, but have no code either. */
function inGroup(evaluate: () => Bytes): Bytes {
  try {
    return evaluate().slice();
  } catch {
    throw new CryptoError('crypto.malformed', 'not an element of ristretto255');
  }
}
