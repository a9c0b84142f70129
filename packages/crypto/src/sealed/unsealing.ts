import { type Bytes, type Result, ok } from '@baton/kernel';
import {
  type CheckedCertificate,
  checkSealed,
  type LedgerError,
  type OpenedSealed,
  type SealedLabel,
} from '@baton/ledger';
import type { EnvelopeHeader, PutHeader } from '@baton/wire';
import type { GenerationKeys } from '../generations/generation-keys.ts';
import { CryptoError } from '../primitives/crypto-error.ts';
import type { HkdfKey, Primitives } from '../primitives/primitives.ts';
import { openObject } from './sealed-object.ts';

export interface UnsealInput<Header> {
  /** Decoded by the ledger. */
  readonly opened: OpenedSealed<Header>;
  readonly keys: GenerationKeys;
}

export interface CheckAndUnsealInput<Header> extends UnsealInput<Header> {
  /** The author's certificate, checked against the key log. */
  readonly certificate: CheckedCertificate;
}

export interface Unsealed<Header> {
  readonly opened: OpenedSealed<Header>;
  readonly content: Bytes;
}

export function requirePlace(
  header: { readonly conv: string; readonly gen: number },
  keys: GenerationKeys,
): void {
  if (header.conv !== keys.conv || header.gen !== keys.gen) {
    throw new CryptoError('crypto.wrong_context', 'the keys are of another conversation or generation');
  }
}

export async function unseal<Header extends EnvelopeHeader | PutHeader>(
  primitives: Primitives,
  { opened, keys }: UnsealInput<Header>,
  form: { readonly label: SealedLabel; readonly key: () => Promise<HkdfKey> },
): Promise<Bytes> {
  requirePlace(opened.header, keys);
  const { sealed, header } = opened;
  const key = { key: await form.key(), salt: header.salt };
  return openObject(primitives, { label: form.label, sealed, key });
}

/** Signature and decryption at the same time; nothing is returned before both hold. A refused author outweighs whatever decryption says. */
export async function checkAndUnseal<Header extends EnvelopeHeader | PutHeader>(
  primitives: Primitives,
  input: CheckAndUnsealInput<Header>,
  form: { readonly label: SealedLabel; readonly key: () => Promise<HkdfKey> },
): Promise<Result<Unsealed<Header>, LedgerError>> {
  const { opened, certificate } = input;
  const check = { digest: primitives.sha256, verify: primitives.verifyEd25519, certificate };
  // The opening is the longer way: its first step is under way in the runtime's threads before the signature is prepared here.
  const [content, author] = await Promise.allSettled([
    unseal(primitives, input, form),
    Promise.resolve().then(() => checkSealed(opened, check, form.label)),
  ]);
  if (author.status === 'rejected') throw author.reason;
  if (!author.value.ok) return author.value;
  if (content.status === 'rejected') throw content.reason;
  return ok({ opened, content: content.value });
}
