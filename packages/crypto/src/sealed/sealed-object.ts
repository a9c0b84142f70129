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

/** The construction that envelopes and puts share (sealing.md §5). `header` is the canonical encoding with a fresh `salt` in it. */
export async function sealObject(
  primitives: Primitives,
  input: {
    readonly label: SealedLabel;
    readonly header: Bytes;
    readonly salt: Bytes;
    readonly key: HkdfKey;
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
  input: {
    readonly label: SealedLabel;
    readonly sealed: Sealed;
    readonly salt: Bytes;
    readonly key: HkdfKey;
  },
): Promise<Bytes> {
  const { h, c, x } = input.sealed;
  const okm = await deriveOkm(primitives, { ...input, header: h });
  if (!equalBytes(okm.subarray(COMMITMENT_AT), c)) {
    okm.fill(0);
    throw new CryptoError('crypto.bad_commitment', 'sealed under another key');
  }
  const padded = await primitives.aesGcmOpen({
    key: okm.subarray(0, NONCE_AT),
    nonce: okm.subarray(NONCE_AT, COMMITMENT_AT),
    sealed: x,
    aad: h,
  });
  okm.fill(0);
  return unpad(padded);
}

function deriveOkm(
  primitives: Primitives,
  input: {
    readonly label: SealedLabel;
    readonly header: Bytes;
    readonly salt: Bytes;
    readonly key: HkdfKey;
  },
): Promise<Bytes> {
  return primitives.hkdfFromHandle(input.key, {
    salt: input.salt,
    info: hashObject(primitives.sha256, input.label, input.header),
    length: OKM_BYTES,
  });
}
