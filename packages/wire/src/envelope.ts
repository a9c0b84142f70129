import { MAX_BATONS_PER_MESSAGE } from '@baton/kernel';
import { z } from 'zod';
import { makeCodec } from './codec.ts';
import {
  bytesBetween,
  bytesOf,
  hashField,
  idField,
  memberField,
  ownerField,
  signatureField,
  timestampField,
  uintField,
} from './fields.ts';

// Envelopes and collection puts (docs/protocol §4): one sealed construction, two headers.

export const MESSAGE_KINDS = [
  'message',
  'reaction',
  'edit',
  'withdrawal',
  'subject',
  'call',
  'form',
  'reading',
  'draft',
  'card',
  'delivery',
] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];
/** Roles and persons of a ladder that one message is boxed to, at most. */
export const MAX_ESCALATION_BOXES = 24;
export const CONTRACTS = ['fyi', 'reply', 'talk', 'stat'] as const;
export type Contract = (typeof CONTRACTS)[number];

/** The visible part of a message: what the server must see to do its work, and nothing else. */
export const messageClassSchema = z.strictObject({
  kind: z.enum(MESSAGE_KINDS),
  contract: z.enum(CONTRACTS),
  /** Addressed owners, one baton each (docs/protocol/batons.md §1); empty with `fyi`. */
  to: z.array(ownerField).max(MAX_BATONS_PER_MESSAGE),
  /** Deadline after the server's commit, in milliseconds; null with `fyi`. */
  withinMs: uintField.nullable(),
  /** Message that this one answers. */
  replyTo: idField('message').nullable(),
});
export type MessageClass = z.infer<typeof messageClassSchema>;

/**
 * What a message that asks for something carries beside the envelope, by hash (docs/protocol/batons.md §5): boxes of the message's
 * own secret for every role or person of its ladder, and the context block sealed under a key derived from it.
 */
export const escalationSchema = z.strictObject({
  boxes: z
    .array(z.strictObject({ to: memberField, g: uintField, b: hashField }))
    .min(1)
    .max(MAX_ESCALATION_BOXES),
  context: hashField,
});
export type Escalation = z.infer<typeof escalationSchema>;

const sealedHeader = {
  v: z.literal(1),
  org: idField('org'),
  conv: idField('conversation'),
  gen: uintField,
  /** Newest membership entry that the author had applied: its position and hash. */
  logN: uintField,
  logHead: hashField,
  author: idField('account'),
  /** Hash of the author's device certificate. */
  dk: hashField,
  ts: timestampField,
  /** Fresh for every object; the key derivation's salt. */
  salt: bytesOf(32),
  /** Hash of the newest item of the stream that the author had: what is left out or turned round after it does not fit (docs/protocol §5). */
  last: hashField.nullable(),
};

export const envelopeHeaderSchema = z.strictObject({
  ...sealedHeader,
  t: z.literal('envelope'),
  id: idField('message'),
  /** Role that the author writes for; null when as oneself. */
  as: idField('role').nullable(),
  class: messageClassSchema,
  /** Attachments, for retention only. */
  blobs: z.array(idField('blob')).max(20),
  /** null exactly when the contract is `fyi`. */
  escalation: escalationSchema.nullable(),
});
export type EnvelopeHeader = z.infer<typeof envelopeHeaderSchema>;
export const envelopeHeaderCodec = makeCodec<EnvelopeHeader>(envelopeHeaderSchema, { limitBytes: 8192 });

/** Compare-and-set of one key of a collection. `version` counts from 1 per key; `prev` is the hash of the put it replaces. */
const putHeaderSchema = z.strictObject({
  ...sealedHeader,
  t: z.literal('put'),
  key: hashField,
  version: uintField,
  prev: hashField.nullable(),
  del: z.boolean(),
});
export type PutHeader = z.infer<typeof putHeaderSchema>;
export const putHeaderCodec = makeCodec<PutHeader>(putHeaderSchema, { limitBytes: 2048 });

/** Longest sealed payload: 256 KiB. Files are blobs. */
export const MAX_CIPHERTEXT_BYTES = 262_144 + 16;

/** The sealed object: header bytes, key commitment, ciphertext, signature outside the ciphertext. */
const sealedSchema = z.strictObject({
  h: bytesBetween(1, 8192),
  c: bytesOf(32),
  x: bytesBetween(16, MAX_CIPHERTEXT_BYTES),
  s: signatureField,
});
export type Sealed = z.infer<typeof sealedSchema>;
/** Longest sealed object with its header, commitment and signature. */
export const MAX_SEALED_BYTES = MAX_CIPHERTEXT_BYTES + 8500;
export const sealedCodec = makeCodec<Sealed>(sealedSchema, { limitBytes: MAX_SEALED_BYTES });
