import { type Bytes, equalBytes } from '@baton/kernel';
import { hashObject, type SealedLabel, sealedSigningInput } from '@baton/ledger';
import { MAX_CIPHERTEXT_BYTES, type Sealed, sealedCodec } from '@baton/wire';
import { CryptoError } from '../primitives/crypto-error.ts';
import type { HkdfKey, Primitives, SigningKey } from '../primitives/primitives.ts';
import { pad, paddedLength, unpad } from './padding.ts';

/** okm = AES-256-GCM key (32) || nonce (12) || key commitment (32). */
const OKM_BYTES = 76;
const NONCE_AT = 32;
const COMMITMENT_AT = 44;

/** What a sealed object's key, nonce and commitment follow from: a generation's imported key and a salt, or the message's own secret. */
export type ObjectKey = { readonly key: HkdfKey; readonly salt: Bytes } | { readonly secret: Bytes };

/** The construction that envelopes and puts share (sealing.md §5). `header` is the canonical encoding with a fresh `salt` in it. */
export async function sealObject(
  primitives: Primitives,
  input: {
    readonly label: SealedLabel;
    readonly header: Bytes;
    readonly key: ObjectKey;
    readonly signer: SigningKey;
    readonly content: Bytes;
  },
): Promise<Bytes> {
  const { label, header: h } = input;
  if (paddedLength(input.content.length) + 16 > MAX_CIPHERTEXT_BYTES) {
    throw new CryptoError('crypto.bad_length', 'the content is too long for one object');
  }
  const okm = await deriveOkm(primitives, input);
  const plaintext = pad(input.content);
  const x = await primitives.aesGcmSeal({
    key: okm.subarray(0, NONCE_AT),
    nonce: okm.subarray(NONCE_AT, COMMITMENT_AT),
    plaintext,
    aad: h,
  });
  const c = okm.slice(COMMITMENT_AT);
  plaintext.fill(0);
  okm.fill(0);
  const s = await input.signer.sign(sealedSigningInput(primitives.sha256, label, { h, c, x }));
  return sealedCodec.encode({ h, c, x, s });
}

/**
 * Checks the key commitment before anything is decrypted: GCM alone would let one ciphertext open under two keys to two messages
 * (threat T7). Throws `crypto.bad_commitment`, `crypto.open_failed` or `crypto.malformed`.
 */
export async function openObject(
  primitives: Primitives,
  input: { readonly label: SealedLabel; readonly sealed: Sealed; readonly key: ObjectKey },
): Promise<Bytes> {
  const { h, x } = input.sealed;
  const okm = await deriveCommitted(primitives, input);
  const padded = await primitives.aesGcmOpen({
    key: okm.subarray(0, NONCE_AT),
    nonce: okm.subarray(NONCE_AT, COMMITMENT_AT),
    sealed: x,
    aad: h,
  });
  okm.fill(0);
  return unpad(padded);
}

/** Whether this key is the one that the object was sealed with; throws `crypto.bad_commitment` where it is not. */
export async function checkCommitment(
  primitives: Primitives,
  input: { readonly label: SealedLabel; readonly sealed: Sealed; readonly key: ObjectKey },
): Promise<void> {
  (await deriveCommitted(primitives, input)).fill(0);
}

async function deriveCommitted(
  primitives: Primitives,
  input: { readonly label: SealedLabel; readonly sealed: Sealed; readonly key: ObjectKey },
): Promise<Bytes> {
  const okm = await deriveOkm(primitives, { ...input, header: input.sealed.h });
  if (equalBytes(okm.subarray(COMMITMENT_AT), input.sealed.c)) return okm;
  okm.fill(0);
  throw new CryptoError('crypto.bad_commitment', 'sealed under another key');
}

/** HKDF (RFC 5869): with the imported key both steps, with the message's own secret, which is the outcome of the first, the second alone. */
async function deriveOkm(
  primitives: Primitives,
  input: { readonly label: SealedLabel; readonly header: Bytes; readonly key: ObjectKey },
): Promise<Bytes> {
  const { key } = input;
  const output = { info: hashObject(primitives.sha256, input.label, input.header), length: OKM_BYTES };
  return 'secret' in key
    ? primitives.hkdfExpand({ prk: key.secret, ...output })
    : primitives.hkdfFromHandle(key.key, { salt: key.salt, ...output });
}
