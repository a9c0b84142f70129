import { z } from 'zod';
import { makeCodec } from './codec.ts';
import { batonField, bytesBetween, bytesOf, idField, memberField, uintField } from './fields.ts';

// What lets somebody who is no member of the conversation read the one message that asks for them (docs/protocol/batons.md §5).

/**
 * A box of the message's own secret (32 bytes, sealing.md §14) for one role or person: HPKE base mode, X-Wing; info is the label and
 * canonical CBOR of {conv, message, to, g}. `g` is the recipient's box-key generation. Made by the sender, or later by anybody who can read
 * the message: both hold the same.
 */
const escalationBoxSchema = z.strictObject({
  v: z.literal(1),
  t: z.literal('escalation-box'),
  conv: idField('conversation'),
  message: idField('message'),
  to: memberField,
  g: uintField,
  /** X-Wing ciphertext. */
  enc: bytesOf(1120),
  ct: bytesOf(48),
});
export type EscalationBox = z.infer<typeof escalationBoxSchema>;
export const escalationBoxCodec = makeCodec<EscalationBox>(escalationBoxSchema, { limitBytes: 2048 });

/** Travels beside the envelope, whose header names each by hash. `context` is nonce (12) || AES-256-GCM under a key derived from the message's own secret. */
export const escalationPartsSchema = z.strictObject({
  boxes: z.array(bytesBetween(1, 2048)).min(1).max(24),
  context: bytesBetween(28, 16_384),
});
export type EscalationParts = z.infer<typeof escalationPartsSchema>;
export const escalationPartsCodec = makeCodec<EscalationParts>(escalationPartsSchema, { limitBytes: 80_000 });

/** Inside the context block: what a person needs who was never in the conversation. Only the client wing decodes it. */
export const escalationContextSchema = z.strictObject({
  t: z.literal('context'),
  /** Patient as the sender's registry names them; null when the message is about nobody. */
  patient: z.string().max(200).nullable(),
  sender: z.string().max(200),
  /** Telephone number to call back; null where none was given. */
  callback: z.string().max(60).nullable(),
  conversation: z.string().max(200),
  quote: z.strictObject({ author: z.string().max(200), text: z.string().max(2000) }).nullable(),
});
export type EscalationContext = z.infer<typeof escalationContextSchema>;
export const escalationContextCodec = makeCodec<EscalationContext>(escalationContextSchema, {
  limitBytes: 12_288,
});

/** A hand-over note, sealed to the one it is handed to: HPKE base mode; info is the label and canonical CBOR of {baton, to, g}. */
const sealedNoteSchema = z.strictObject({
  v: z.literal(1),
  t: z.literal('note'),
  baton: batonField,
  to: memberField,
  g: uintField,
  enc: bytesOf(1120),
  /** UTF-8 text of at most 2,000 bytes, padded. */
  ct: bytesBetween(16, 4112),
});
export type SealedNote = z.infer<typeof sealedNoteSchema>;
export const sealedNoteCodec = makeCodec<SealedNote>(sealedNoteSchema, { limitBytes: 6144 });
