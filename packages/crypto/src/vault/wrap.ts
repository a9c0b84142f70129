import { type AccountId, type Bytes, type CredentialId, encodeUtf8, Secret } from '@baton/kernel';
import { openWithNonce, sealWithNonce } from '../aead/nonce-box.ts';
import { labelled, SECRET_LABELS } from '../labels.ts';
import type { SealingPorts } from '../ports.ts';
import { CryptoError, requireLength } from '../primitives/crypto-error.ts';
import type { Primitives } from '../primitives/primitives.ts';

const UMK_BYTES = 32;

/** Where a wrap belongs: a wrap of another account or credential does not open. */
export interface WrapPlace {
  readonly account: AccountId;
  readonly credential: CredentialId;
  /** From a passkey, a passphrase, recovery words, a demo secret or a device lock: never from anything guessable (threat T42). */
  readonly wrapKey: Secret<Bytes>;
}

/** The user master key for one credential: nonce || AEAD, 60 bytes (sealing.md §7). */
export async function wrapUserMasterKey(
  ports: SealingPorts,
  input: WrapPlace & { readonly umk: Secret<Bytes> },
): Promise<Bytes> {
  const plaintext = input.umk.reveal();
  requireLength(plaintext, UMK_BYTES, 'user master key');
  return sealWithNonce(ports, { key: input.wrapKey.reveal(), plaintext, aad: wrapContext(input) });
}

/** Throws `crypto.open_failed` for the wrong secret or place, `crypto.malformed` for what is no wrap. */
export async function unwrapUserMasterKey(
  primitives: Primitives,
  input: WrapPlace & { readonly wrap: Bytes },
): Promise<Secret<Bytes>> {
  const { wrap, wrapKey } = input;
  const umk = await openWithNonce(primitives, {
    key: wrapKey.reveal(),
    sealed: wrap,
    aad: wrapContext(input),
  });
  if (umk.length !== UMK_BYTES) throw new CryptoError('crypto.malformed', 'not a wrap');
  return Secret.of(umk);
}

function wrapContext({ account, credential }: WrapPlace): Bytes {
  return labelled(SECRET_LABELS.wrap, encodeUtf8(account), encodeUtf8(credential));
}
