import { type AccountId, type Bytes, encodeUtf8, Secret } from '@baton/kernel';
import { openWithNonce, sealWithNonce } from '../aead/nonce-box.ts';
import { labelled, SECRET_LABELS } from '../labels.ts';
import type { SealingPorts } from '../ports.ts';
import { CryptoError, requireLength } from '../primitives/crypto-error.ts';
import type { Primitives } from '../primitives/primitives.ts';

/** The device key is what keeps a PIN from being guessed; the stretching only makes ten tries take their time. */
const PIN_ARGON2ID = { t: 2, mKiB: 19 * 1024, p: 1, length: 32 } as const;
const UMK_BYTES = 32;
const MAC_BYTES = 32;
const SALT_BYTES = 16;
const NO_SALT = new Uint8Array(0);

/** HMAC-SHA-256 under a key that this device has and no code can take out of it. */
export type PinMac = (data: Bytes) => Promise<Bytes>;

export interface PinInput {
  readonly account: AccountId;
  readonly pin: Secret<string>;
  /** 16 random bytes of this device. */
  readonly salt: Bytes;
  readonly mac: PinMac;
}

/**
 * The user master key under a PIN of one device: nonce || AEAD under HKDF(HMAC(device HMAC key, Argon2id(PIN, device salt))), 60 bytes
 * (patients.md §2). Nothing guessable can be tried anywhere but on that device (threat T42); that tries are counted is the caller's to see to.
 */
export async function sealUnderPin(
  ports: SealingPorts,
  input: PinInput & { readonly umk: Secret<Bytes> },
): Promise<Bytes> {
  const plaintext = input.umk.reveal();
  requireLength(plaintext, UMK_BYTES, 'user master key');
  const key = await pinKey(ports.primitives, input);
  const sealed = await sealWithNonce(ports, { key, plaintext, aad: pinContext(input.account) });
  key.fill(0);
  return sealed;
}

/** Throws `crypto.open_failed` for another PIN, device or account. */
export async function openUnderPin(
  primitives: Primitives,
  input: PinInput & { readonly sealed: Bytes },
): Promise<Secret<Bytes>> {
  const key = await pinKey(primitives, input);
  const umk = await openWithNonce(primitives, { key, sealed: input.sealed, aad: pinContext(input.account) });
  key.fill(0);
  if (umk.length !== UMK_BYTES) throw new CryptoError('crypto.malformed', 'no user master key');
  return Secret.of(umk);
}

/** Key (32 bytes) under which a phone keeps an account's rows, so that they open with the account and not with the phone. */
export async function derivePhoneStoreKey(primitives: Primitives, umk: Secret<Bytes>): Promise<Bytes> {
  const ikm = umk.reveal();
  requireLength(ikm, UMK_BYTES, 'user master key');
  return primitives.hkdfSha256({ ikm, salt: NO_SALT, info: labelled(SECRET_LABELS.phoneStore), length: 32 });
}

async function pinKey(primitives: Primitives, { pin, salt, mac }: PinInput): Promise<Bytes> {
  requireLength(salt, SALT_BYTES, 'PIN salt');
  const stretched = await primitives.argon2id({
    password: encodeUtf8(pin.reveal()),
    salt,
    ...PIN_ARGON2ID,
  });
  const ikm = await mac(stretched);
  stretched.fill(0);
  requireLength(ikm, MAC_BYTES, 'device HMAC');
  return primitives.hkdfSha256({ ikm, salt: NO_SALT, info: labelled(SECRET_LABELS.pinWrap), length: 32 });
}

function pinContext(account: AccountId): Bytes {
  return labelled(SECRET_LABELS.pinWrap, encodeUtf8(account));
}
