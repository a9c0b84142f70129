import { type Bytes, equalBytes, type MemberId, Secret } from '@baton/kernel';
import {
  type EscalationBinding,
  escalationBoxInfo,
  hashEscalationBox,
  LABELS,
  type OpenedEnvelope,
} from '@baton/ledger';
import { type EnvelopeHeader, escalationBoxCodec } from '@baton/wire';
import { hpkeOpen, hpkeSeal } from '../hpke/hpke.ts';
import { CryptoError, requireLength } from '../primitives/crypto-error.ts';
import type { Primitives, XwingKey, XwingPublicKey } from '../primitives/primitives.ts';
import { checkCommitment } from '../sealed/sealed-object.ts';

const SECRET_BYTES = 32;
const NO_AAD = new Uint8Array(0);

/** A role or person with the box key that the key log states for it. */
export interface BoxKeyHolder {
  readonly to: MemberId;
  /** Generation of the box key. */
  readonly g: number;
  /** X-Wing public key: 1216 bytes, or imported before. */
  readonly boxKey: Bytes | XwingPublicKey;
}

/** Boxes a message's own secret (sealing.md §14). Returns the encoded `EscalationBox`. */
export async function sealEscalationBox(
  primitives: Primitives,
  input: {
    readonly binding: EscalationBinding;
    readonly boxKey: BoxKeyHolder['boxKey'];
    readonly secret: Bytes;
  },
): Promise<Bytes> {
  const { conv, message, to, g } = input.binding;
  requireLength(input.secret, SECRET_BYTES, 'message secret');
  const { enc, ct } = await hpkeSeal(primitives, {
    pk: input.boxKey,
    info: escalationBoxInfo(input.binding),
    aad: NO_AAD,
    plaintext: input.secret,
  });
  return escalationBoxCodec.encode({ v: 1, t: 'escalation-box', conv, message, to, g, enc, ct });
}

export interface OpenEscalationBoxInput {
  /** The verified header of the message. */
  readonly header: EnvelopeHeader;
  /** Encoded `EscalationBox`. */
  readonly box: Bytes;
  /** For whom the reader opens it: itself, or a role that it holds. */
  readonly to: MemberId;
  readonly g: number;
  readonly key: XwingKey;
  /** Made after the message, by the signed `box` event in which it stands; left out, it must be one that the header names. */
  readonly late?: boolean;
}

/** The message's own secret. Throws `crypto.malformed`, `crypto.wrong_context` or `crypto.open_failed`. */
export async function openEscalationBox(
  primitives: Primitives,
  input: OpenEscalationBoxInput,
): Promise<Secret<Bytes>> {
  const { header, to, g } = input;
  const decoded = escalationBoxCodec.decode(input.box);
  if (!decoded.ok) throw new CryptoError('crypto.malformed', 'not an escalation box');
  const box = decoded.value;
  if (box.conv !== header.conv || box.message !== header.id || box.to !== to || box.g !== g) {
    throw new CryptoError('crypto.wrong_context', 'the box is meant for another message or recipient');
  }
  if (input.late !== true && !isNamed(primitives, input)) {
    throw new CryptoError('crypto.wrong_context', 'the header does not name this box');
  }
  const secret = await hpkeOpen(primitives, {
    key: input.key,
    info: escalationBoxInfo({ conv: header.conv, message: header.id, to, g }),
    aad: NO_AAD,
    enc: box.enc,
    ct: box.ct,
  });
  return Secret.of(secret);
}

function isNamed(primitives: Primitives, { header, box, to, g }: OpenEscalationBoxInput): boolean {
  const named = header.escalation?.boxes.find((candidate) => candidate.to === to && candidate.g === g);
  return named !== undefined && equalBytes(hashEscalationBox(primitives.sha256, box), named.b);
}

/**
 * A box for somebody who has none, by one who can read the message: a member with `keys.messageSecret(header.salt)`, or an escalated reader
 * with the secret that opening gave. The envelope's author was checked before. A secret that does not open the envelope is refused with
 * `crypto.bad_commitment`: such a box would call somebody to a message that they cannot read.
 */
export async function makeLateBox(
  primitives: Primitives,
  input: {
    readonly opened: OpenedEnvelope;
    readonly secret: Secret<Bytes>;
    readonly recipient: BoxKeyHolder;
  },
): Promise<Bytes> {
  const { header, sealed } = input.opened;
  const { to, g, boxKey } = input.recipient;
  const secret = input.secret.reveal();
  await checkCommitment(primitives, { label: LABELS.envelope, sealed, key: { secret } });
  const binding = { conv: header.conv, message: header.id, to, g };
  return sealEscalationBox(primitives, { binding, boxKey, secret });
}
