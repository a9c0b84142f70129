import { z } from 'zod';
import { makeCodec } from './codec.ts';
import {
  bytesBetween,
  bytesOf,
  hashField,
  idField,
  memberField,
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
] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];
export const CONTRACTS = ['fyi', 'reply', 'talk', 'stat'] as const;
export type Contract = (typeof CONTRACTS)[number];

/** The visible part of a message: what the server must see to do its work, and nothing else. */
export const messageClassSchema = z.strictObject({
  kind: z.enum(MESSAGE_KINDS),
  contract: z.enum(CONTRACTS),
  /** Addressed owner of the baton; null with `fyi`. */
  to: memberField.nullable(),
  /** Deadline after the server's commit, in milliseconds; null with `fyi`. */
  withinMs: uintField.nullable(),
  /** Message that this one answers. */
  replyTo: idField('message').nullable(),
});
export type MessageClass = z.infer<typeof messageClassSchema>;

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
});
export type EnvelopeHeader = z.infer<typeof envelopeHeaderSchema>;
export const envelopeHeaderCodec = makeCodec<EnvelopeHeader>(envelopeHeaderSchema, { limitBytes: 4096 });

/** Compare-and-set of one key of a collection. `version` counts from 1 per key; `prev` is the hash of the put it replaces. */
export const putHeaderSchema = z.strictObject({
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
export const sealedSchema = z.strictObject({
  h: bytesBetween(1, 4096),
  c: bytesOf(32),
  x: bytesBetween(16, MAX_CIPHERTEXT_BYTES),
  s: signatureField,
});
export type Sealed = z.infer<typeof sealedSchema>;
export const sealedCodec = makeCodec<Sealed>(sealedSchema, { limitBytes: MAX_CIPHERTEXT_BYTES + 4400 });
