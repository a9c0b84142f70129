import { type AccountId, type Bytes, encodeUtf8, type Rng, Secret } from '@baton/kernel';
import { encodeUint64 } from '@baton/ledger';
import { type Vault, vaultCodec } from '@baton/wire';
import { openWithNonce, sealWithNonce } from '../aead/nonce-box.ts';
import { labelled, SECRET_LABELS } from '../labels.ts';
import type { SealingPorts } from '../ports.ts';
import { CryptoError, requireLength } from '../primitives/crypto-error.ts';
import type { Primitives } from '../primitives/primitives.ts';
import { pad, unpad } from '../sealed/padding.ts';

const UMK_BYTES = 32;

/** An account's user master key (UMK): 32 random bytes that open its vault and rest only in wraps. */
export function makeUserMasterKey(rng: Rng): Secret<Bytes> {
  return Secret.of(rng.bytes(UMK_BYTES));
}

export interface VaultPlace {
  readonly account: AccountId;
  /** Version under which the server stores it; one more with every change. */
  readonly version: number;
}

/** nonce || AEAD(HKDF(UMK); padded vault; aad = account || version) (sealing.md §7). */
export async function sealVault(
  ports: SealingPorts,
  input: VaultPlace & { readonly umk: Secret<Bytes>; readonly vault: Secret<Vault> },
): Promise<Bytes> {
  const vault = input.vault.reveal();
  if (vault.account !== input.account) throw foreignVault();
  const key = await vaultKey(ports.primitives, input.umk);
  const plaintext = pad(vaultCodec.encode(vault));
  const sealed = await sealWithNonce(ports, { key, plaintext, aad: vaultContext(input) });
  plaintext.fill(0);
  key.fill(0);
  return sealed;
}

/**
 * Opens a vault. An older version that the server passes off under a newer number does not open; that the number itself does not go back
 * is for the caller to remember. Throws `crypto.open_failed`, `crypto.malformed` or `crypto.wrong_context`.
 */
export async function openVault(
  primitives: Primitives,
  input: VaultPlace & { readonly umk: Secret<Bytes>; readonly sealed: Bytes },
): Promise<Secret<Vault>> {
  const key = await vaultKey(primitives, input.umk);
  const padded = await openWithNonce(primitives, { key, sealed: input.sealed, aad: vaultContext(input) });
  key.fill(0);
  const decoded = vaultCodec.decode(unpad(padded));
  if (!decoded.ok) throw new CryptoError('crypto.malformed', 'not a vault');
  if (decoded.value.account !== input.account) throw foreignVault();
  return Secret.of(decoded.value);
}

function vaultKey(primitives: Primitives, umk: Secret<Bytes>): Promise<Bytes> {
  const ikm = umk.reveal();
  requireLength(ikm, UMK_BYTES, 'user master key');
  return primitives.hkdfSha256({
    ikm,
    salt: new Uint8Array(0),
    info: labelled(SECRET_LABELS.vault),
    length: 32,
  });
}

function vaultContext({ account, version }: VaultPlace): Bytes {
  return labelled(SECRET_LABELS.vault, encodeUtf8(account), encodeUint64(version));
}

function foreignVault(): CryptoError {
  return new CryptoError('crypto.wrong_context', 'the vault is of another account');
}
