import {
  batonField,
  CONVERSATION_KINDS,
  contentSchema,
  entrySchema,
  envelopeHeaderSchema,
  ERROR_CODES,
  type ErrorCode,
  hashField,
  bytesBetween,
  bytesOf,
  idField,
  ITEM_KINDS,
  makeCodec,
  MAX_SEALED_BYTES,
  memberField,
  messageClassSchema,
  practiceCardSchema,
  timestampField,
  uintField,
} from '@baton/wire';
import { z } from 'zod';

// Forms of the local rows. They are this device's own: a row of an unknown version is dropped by starting over from the server.

const version = z.literal(1);
const errorCode = z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]);
const ITEM_LIMIT = MAX_SEALED_BYTES;

/** What the inbox needs of one conversation without opening it. */
const conversationRowSchema = z.strictObject({
  v: version,
  conv: idField('conversation'),
  kind: z.enum(CONVERSATION_KINDS),
  /** Items lo..hi are here without a hole; lo = hi + 1 where there are none yet. */
  lo: uintField,
  hi: uintField,
  createdAt: timestampField,
  lastAt: timestampField,
  members: z.array(memberField),
  closed: z.boolean(),
  /** The server does not show it to this account any more: removed, or the role is held by others. */
  left: z.boolean(),
  title: z.strictObject({ seq: uintField, text: z.string() }).nullable(),
  /** Newest practice card of a patient conversation. */
  card: z.strictObject({ seq: uintField, card: practiceCardSchema }).nullable(),
  last: z
    .strictObject({ seq: uintField, id: idField('message'), author: idField('account'), text: z.string() })
    .nullable(),
  /** Newest message of somebody outside: a patient, or a text that the assistant wrote down. */
  incoming: z
    .strictObject({
      seq: uintField,
      at: timestampField,
      topic: z.string().nullable(),
      /** Newest of them that answers no programme's question; 0: none of those that are here. null: not told apart. */
      plain: uintField.nullable().default(null),
      /** Newest answers to programmes' questions, oldest first. */
      answers: z
        .array(z.strictObject({ seq: uintField, id: idField('message') }))
        .max(60)
        .default([]),
    })
    .nullable()
    .default(null),
  /** Own watermark: everything up to here was seen. */
  openedSeq: uintField,
  unread: uintField,
  /** Lowest item that waits for a key; null when all could be opened. */
  sealedFrom: uintField.nullable(),
  /** The membership log does not hold from here on: nothing is sent any more. */
  frozen: z.strictObject({ code: errorCode, at: z.string() }).nullable(),
});
export type ConversationRow = z.infer<typeof conversationRowSchema>;
export const conversationRowCodec = makeCodec<ConversationRow>(conversationRowSchema, {
  limitBytes: 200_000,
});

/** One verified entry of a membership log, with its place in the stream. */
const entryRowSchema = z.strictObject({
  v: version,
  seq: uintField,
  ts: timestampField,
  hash: hashField,
  entry: entrySchema,
});
export type EntryRow = z.infer<typeof entryRowSchema>;
export const entryRowCodec = makeCodec<EntryRow>(entryRowSchema, { limitBytes: 300_000 });

const itemBase = { v: version, seq: uintField, batch: uintField, ts: timestampField, hash: hashField };
/** One item of a stream: opened, waiting for its key, or refused. Puts of collections have a table of their own. */
const itemRowSchema = z.discriminatedUnion('s', [
  z.strictObject({
    ...itemBase,
    s: z.literal('message'),
    header: envelopeHeaderSchema,
    content: contentSchema,
  }),
  z.strictObject({ ...itemBase, s: z.literal('entry'), n: uintField }),
  z.strictObject({ ...itemBase, s: z.literal('put') }),
  z.strictObject({ ...itemBase, s: z.literal('sealed'), raw: bytesBetween(1, ITEM_LIMIT) }),
  z.strictObject({
    ...itemBase,
    s: z.literal('problem'),
    k: z.enum(ITEM_KINDS),
    code: errorCode,
    at: z.string(),
  }),
]);
export type ItemRow = z.infer<typeof itemRowSchema>;
export type MessageRow = Extract<ItemRow, { s: 'message' }>;
export const itemRowCodec = makeCodec<ItemRow>(itemRowSchema, { limitBytes: 400_000 });

/** Keys of one generation; `hl` only where this account has the history right. */
const generationRowSchema = z.strictObject({
  v: version,
  gk: bytesOf(32),
  hl: bytesOf(32).nullable(),
});
export type GenerationRow = z.infer<typeof generationRowSchema>;
export const generationRowCodec = makeCodec<GenerationRow>(generationRowSchema, { limitBytes: 200 });

/** A sealed file of a waiting message, by its place in `attachments`; its pieces are rows of `files`. */
const pendingFile = z.strictObject({
  sealedBytes: uintField,
  /** The server has all of it. */
  uploaded: z.boolean(),
  /** How often it was begun anew, because the server had dropped it before the message was committed. */
  restarts: uintField,
});
export type PendingFile = z.infer<typeof pendingFile>;

/** A message that waits: everything needed to seal it at any later time, under whichever generation is current then. */
const outboxRowSchema = z.strictObject({
  v: version,
  /** Order of sending within the device. */
  order: uintField,
  id: idField('message'),
  conv: idField('conversation'),
  createdAt: timestampField,
  /** Not before this time: the sender may take it back until then. */
  notBefore: timestampField,
  class: messageClassSchema,
  /** With a class that asks: what goes into the sealed context block and is not in the message. */
  asked: z
    .strictObject({ callback: z.string().nullable(), patient: z.string().nullable() })
    .nullable()
    .default(null),
  /** Batons that it answers, once it is committed. */
  answers: z.array(batonField).default([]),
  as: idField('role').nullable(),
  content: contentSchema,
  /** One for each attachment of `content`; their sealed bytes stay in the store until the message is committed. */
  files: z.array(pendingFile).max(20),
  /** It may have reached the server: from here on it cannot be taken back silently. */
  attempted: z.boolean(),
  failure: z.strictObject({ code: errorCode, sentence: z.string() }).nullable(),
  /** Committed at this position; the row goes when the stream has brought the item. */
  committed: z.strictObject({ seq: uintField, ts: timestampField }).nullable(),
});
export type OutboxRow = z.infer<typeof outboxRowSchema>;
export const outboxRowCodec = makeCodec<OutboxRow>(outboxRowSchema, { limitBytes: 400_000 });
