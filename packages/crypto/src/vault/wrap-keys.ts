import { type Bytes, type CredentialId, encodeUtf8, Secret } from '@baton/kernel';
import { labelled, SECRET_LABELS, type SecretLabel } from '../labels.ts';
import { requireLength } from '../primitives/crypto-error.ts';
import type { Primitives } from '../primitives/primitives.ts';

/** RFC 9106 §4 names t=1 with 2 GiB or t=3 with 64 MiB for chosen passwords; ours are generated with 88 bits, so a phone's budget does. */
const PASSPHRASE_ARGON2ID = { t: 2, mKiB: 19 * 1024, p: 1, length: 64 } as const;
const SALT_BYTES = 16;
const NO_SALT = new Uint8Array(0);

/** What a secret that a person types or a link carries turns into. */
export interface CredentialKeys {
  /** Sent to the server, which keeps SHA-256 of it: signs in, opens nothing. */
  readonly proof: Bytes;
  /** Never leaves the device. */
  readonly wrapKey: Secret<Bytes>;
}

/**
 * Generated passphrases and recovery words alike: Argon2id over the canonical words, salted by the login, split by HKDF into proof and
 * wrapping key (sealing.md §7). `words` comes from `parsePassphrase` or `parseRecoveryWords`.
 */
export async function deriveWordKeys(
  primitives: Primitives,
  input: { readonly login: string; readonly words: Secret<string> },
): Promise<CredentialKeys> {
  const login = encodeUtf8(input.login.trim().toLowerCase());
  const stretched = await primitives.argon2id({
    password: encodeUtf8(input.words.reveal()),
    salt: primitives.sha256(labelled(SECRET_LABELS.salt, login)).slice(0, SALT_BYTES),
    ...PASSPHRASE_ARGON2ID,
  });
  const keys = await splitKeys(primitives, stretched, SECRET_LABELS.proof, SECRET_LABELS.wrap);
  stretched.fill(0);
  return keys;
}

/** From the 32-byte secret of a demo sign-in link. */
export async function deriveDemoKeys(primitives: Primitives, secret: Secret<Bytes>): Promise<CredentialKeys> {
  requireLength(secret.reveal(), 32, 'demo secret');
  return splitKeys(primitives, secret.reveal(), SECRET_LABELS.demoProof, SECRET_LABELS.demoWrap);
}

/** What every passkey's PRF is evaluated on: 32 bytes, the same for all, since the PRF is keyed by the credential. */
export function passkeyPrfInput(primitives: Primitives): Bytes {
  return primitives.sha256(labelled(SECRET_LABELS.prfInput));
}

/** Wrapping key from a passkey's PRF output (WebAuthn Level 3 §10.1.4; 32 bytes). */
export async function derivePasskeyWrapKey(
  primitives: Primitives,
  input: { readonly prf: Secret<Bytes>; readonly credential: CredentialId },
): Promise<Secret<Bytes>> {
  const ikm = input.prf.reveal();
  requireLength(ikm, 32, 'PRF output');
  const info = labelled(SECRET_LABELS.prfWrap, encodeUtf8(input.credential));
  return Secret.of(await primitives.hkdfSha256({ ikm, salt: NO_SALT, info, length: 32 }));
}

async function splitKeys(
  primitives: Primitives,
  ikm: Bytes,
  proofLabel: SecretLabel,
  wrapLabel: SecretLabel,
): Promise<CredentialKeys> {
  const derive = (label: SecretLabel) =>
    primitives.hkdfSha256({ ikm, salt: NO_SALT, info: labelled(label), length: 32 });
  const [proof, wrapKey] = await Promise.all([derive(proofLabel), derive(wrapLabel)]);
  return { proof, wrapKey: Secret.of(wrapKey) };
}
