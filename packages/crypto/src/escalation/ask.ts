import { type Bytes, ok, type Result, type Secret } from '@baton/kernel';
import {
  type CheckedCertificate,
  checkSealed,
  hashEscalationBox,
  hashEscalationContext,
  LABELS,
  type LedgerError,
  type OpenedEnvelope,
} from '@baton/ledger';
import {
  type EnvelopeHeader,
  envelopeHeaderCodec,
  type EscalationContext,
  type EscalationParts,
  MAX_ESCALATION_BOXES,
} from '@baton/wire';
import type { GenerationKeys } from '../generations/generation-keys.ts';
import type { SealingPorts } from '../ports.ts';
import { CryptoError } from '../primitives/crypto-error.ts';
import type { Primitives, SigningKey } from '../primitives/primitives.ts';
import { SALT_BYTES } from '../sealed/envelope.ts';
import { openObject, sealObject } from '../sealed/sealed-object.ts';
import { requirePlace } from '../sealed/unsealing.ts';
import {
  type BoxKeyHolder,
  type OpenEscalationBoxInput,
  openEscalationBox,
  sealEscalationBox,
} from './escalation-box.ts';
import { openEscalationContext, sealEscalationContext } from './escalation-context.ts';

export interface SealAskInput {
  /** The header without what sealing adds. */
  readonly header: Omit<EnvelopeHeader, 'v' | 't' | 'salt' | 'escalation'>;
  readonly keys: GenerationKeys;
  /** The device key whose certificate `header.dk` names. */
  readonly signer: SigningKey;
  /** Encoded content, at most 262,143 bytes. */
  readonly content: Bytes;
  /** Every role and person of the ladder (policy `ladderRecipients`), 1 to 24, each once. */
  readonly recipients: readonly BoxKeyHolder[];
  readonly context: EscalationContext;
}

export interface SealedAsk {
  /** Encoded `Sealed`. */
  readonly bytes: Bytes;
  /** What is appended beside it. */
  readonly parts: EscalationParts;
}

/**
 * Seals a message that asks for something, with its escalation (sealing.md §14): boxes of the message's own secret for the ladder and the
 * context block, both named by hash in the signed header. Every call draws a fresh salt, and with it a fresh secret.
 */
export async function sealAsk(ports: SealingPorts, input: SealAskInput): Promise<SealedAsk> {
  const { primitives } = ports;
  const { keys, recipients, signer, content } = input;
  requirePlace(input.header, keys);
  const distinct = new Set(recipients.map((recipient) => recipient.to)).size;
  if (distinct !== recipients.length || distinct < 1 || distinct > MAX_ESCALATION_BOXES) {
    throw new CryptoError('crypto.bad_length', 'a ladder has 1 to 24 recipients, each once');
  }
  const salt = ports.rng.bytes(SALT_BYTES);
  const secret = keys.messageSecret(salt).reveal();
  const { conv, id } = input.header;
  const boxes = await Promise.all(
    recipients.map(({ to, g, boxKey }) =>
      sealEscalationBox(primitives, { binding: { conv, message: id, to, g }, boxKey, secret }),
    ),
  );
  const context = await sealEscalationContext(ports, { place: input.header, secret, context: input.context });
  const { sha256 } = primitives;
  const escalation = {
    boxes: recipients.map(({ to, g }, index) => ({
      to,
      g,
      b: hashEscalationBox(sha256, boxes[index] as Bytes),
    })),
    context: hashEscalationContext(sha256, context),
  };
  const header = envelopeHeaderCodec.encode({ ...input.header, v: 1, t: 'envelope', salt, escalation });
  const bytes = await sealObject(primitives, {
    label: LABELS.envelope,
    header,
    key: { secret },
    signer,
    content,
  });
  secret.fill(0);
  return { bytes, parts: { boxes, context } };
}

export interface OpenEscalationInput extends Omit<OpenEscalationBoxInput, 'header'> {
  /** Decoded by the ledger. */
  readonly opened: OpenedEnvelope;
  /** The author's certificate, checked against the key log. */
  readonly certificate: CheckedCertificate;
  /** The sealed context block; null to read the message alone. */
  readonly context: Bytes | null;
}

export interface OpenedEscalation {
  /** Encoded content. */
  readonly content: Bytes;
  readonly context: EscalationContext | null;
  /** With which the reader may box the message to somebody else (`makeLateBox`). */
  readonly secret: Secret<Bytes>;
}

/**
 * Opens a message through its ladder. Author, signature and commitment are checked exactly as a member checks them. Returns the ledger's
 * refusal of the author; throws `CryptoError` where box, envelope or context do not open or do not belong together.
 */
export async function openEscalation(
  primitives: Primitives,
  input: OpenEscalationInput,
): Promise<Result<OpenedEscalation, LedgerError>> {
  const { opened, certificate } = input;
  const { header, sealed } = opened;
  const check = { digest: primitives.sha256, verify: primitives.verifyEd25519, certificate };
  const author = await checkSealed(opened, check, LABELS.envelope);
  if (!author.ok) return author;
  const secret = await openEscalationBox(primitives, { ...input, header });
  const key = { secret: secret.reveal() };
  const content = await openObject(primitives, { label: LABELS.envelope, sealed, key });
  const context =
    input.context === null
      ? null
      : await openEscalationContext(primitives, { header, secret, sealed: input.context });
  return ok({ content, context, secret });
}
