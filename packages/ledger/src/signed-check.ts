import { type Bytes, ok, type Result } from '@baton/kernel';
import { type Codec, type Signed, signedCodec } from '@baton/wire';
import { hashObject, signingInput } from './hashing.ts';
import { LABELS, type Label } from './labels.ts';
import { type LedgerError, refuse } from './ledger-error.ts';
import type { Digest, Verify } from './ports.ts';

/** A decoded `Signed` object. Nothing is known of its signature yet. */
export interface OpenedSigned<T> {
  readonly body: T;
  /** Object hash over the label and the body bytes. */
  readonly hash: Bytes;
  readonly signed: Signed;
}

export interface SignedForm<T> {
  readonly label: Label;
  readonly codec: Codec<T>;
}

/**
 * Decodes a `Signed` object without checking its signature, for callers that must read the body to learn who should have signed.
 * A second signature `x` is refused except on account statements, so that one object has one encoding.
 */
export function openSigned<T>(
  digest: Digest,
  bytes: Bytes,
  form: SignedForm<T>,
): Result<OpenedSigned<T>, LedgerError> {
  const signed = signedCodec.decode(bytes);
  if (!signed.ok) return signed;
  if (signed.value.x !== undefined && form.label !== LABELS.statement)
    return refuse('ledger.wrong_purpose', 'x');
  const body = form.codec.decode(signed.value.b);
  if (!body.ok) return refuse(body.error.code, body.error.at === '' ? 'b' : `b.${body.error.at}`);
  return ok({
    body: body.value,
    hash: hashObject(digest, form.label, signed.value.b),
    signed: signed.value,
  });
}

export interface SignatureCheck {
  readonly digest: Digest;
  readonly verify: Verify;
  readonly label: Label;
  readonly publicKey: Bytes;
}

/** Checks one signature over body bytes under a label. */
export async function checkSignature(
  check: SignatureCheck,
  body: Bytes,
  signature: Bytes,
): Promise<Result<null, LedgerError>> {
  const message = signingInput(check.digest, check.label, body);
  return (await check.verify(check.publicKey, message, signature))
    ? ok(null)
    : refuse('ledger.bad_signature', 's');
}

/** Decodes a `Signed` object and checks its signature by a key known beforehand. */
export async function checkSigned<T>(
  ports: { readonly digest: Digest; readonly verify: Verify },
  bytes: Bytes,
  form: SignedForm<T> & { readonly publicKey: Bytes },
): Promise<Result<OpenedSigned<T>, LedgerError>> {
  const opened = openSigned(ports.digest, bytes, form);
  if (!opened.ok) return opened;
  const { label, publicKey } = form;
  const { signed } = opened.value;
  const signature = await checkSignature({ ...ports, label, publicKey }, signed.b, signed.s);
  return signature.ok ? opened : signature;
}
