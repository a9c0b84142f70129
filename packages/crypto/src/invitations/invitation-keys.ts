import { type Bytes, type Rng, Secret } from '@baton/kernel';
import { labelled, SECRET_LABELS, type SecretLabel } from '../labels.ts';
import { requireLength } from '../primitives/crypto-error.ts';
import type { Primitives, SigningKey, XwingKey } from '../primitives/primitives.ts';

const SECRET_BYTES = 32;

/** The secret of an invitation, for a link's fragment: 32 random bytes. The server never sees it. */
export function makeInvitationSecret(rng: Rng): Secret<Bytes> {
  return Secret.of(rng.bytes(SECRET_BYTES));
}

/** Signs the claim; its public half stands in the invitation statement. */
export async function invitationSigningKey(
  primitives: Primitives,
  secret: Secret<Bytes>,
): Promise<SigningKey> {
  return primitives.signingKeyFromSeed(expandSecret(primitives, secret, SECRET_LABELS.invitationSign));
}

/** Opens the boxes of an invited pseudo-member (op `invite`) before there is an account. */
export async function invitationBoxKey(primitives: Primitives, secret: Secret<Bytes>): Promise<XwingKey> {
  return primitives.xwingKeyFromSeed(expandSecret(primitives, secret, SECRET_LABELS.invitationBox));
}

function expandSecret(primitives: Primitives, secret: Secret<Bytes>, label: SecretLabel): Bytes {
  const prk = secret.reveal();
  requireLength(prk, SECRET_BYTES, 'invitation secret');
  return primitives.hkdfExpand({ prk, info: labelled(label), length: 32 });
}
