import { type Bytes, type Result } from '@baton/kernel';
import { z } from 'zod';
import { makeCodec } from './codec.ts';
import { ERROR_CODES, type ErrorCode } from './error-codes.ts';
import { escalationPartsSchema } from './escalation.ts';
import { batonField, bytesBetween, hashField, idField, timestampField, uintField } from './fields.ts';
import { MAX_SEALED_BYTES } from './envelope.ts';
import type { WireError } from './wire-error.ts';

// The WebSocket sync protocol: one binary CBOR map per frame, no compression (docs/protocol §6). The socket is a hint with content;
// the record is what `pull` answers. Every client frame with a `q` is answered by exactly one `ok` or `no` with the same `q`.

const q = z.number().int().min(1).max(0xffff_ffff);
/** What an item of a conversation's stream is. */
export const ITEM_KINDS = ['entry', 'envelope', 'put'] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

/** One committed item of a conversation's gapless stream. */
const itemSchema = z.strictObject({
  /** Position in the conversation's stream, gapless from 1. */
  seq: uintField,
  k: z.enum(ITEM_KINDS),
  /** The Signed entry, or the Sealed envelope or put, exactly as its author sent it. */
  b: bytesBetween(1, MAX_SEALED_BYTES),
  /** Commit batch within the organisation. */
  batch: uintField,
  /** The server's commit time: the only deadline clock. */
  ts: timestampField,
});
export type Item = z.infer<typeof itemSchema>;

const markSchema = z.strictObject({
  account: idField('account'),
  /** Every item of a batch up to here was delivered to at least one device of the account. */
  delivered: uintField,
  /** The account's newest signed watermark; null before the first. */
  opened: bytesBetween(1, 1024).nullable(),
});
export type Mark = z.infer<typeof markSchema>;

/** Largest number of items in one answer or push. */
export const MAX_ITEMS_PER_FRAME = 200;

const clientFrameSchema = z.discriminatedUnion('t', [
  /** First frame. `cursor` is the newest batch this device has stored in full; 0 for none. */
  z.strictObject({ t: z.literal('hello'), v: z.number().int(), cursor: uintField }),
  /** Appends one item; an entry brings its boxes. Idempotent by the item's own id (message id, put hash, entry hash). */
  z.strictObject({
    t: z.literal('append'),
    q,
    conv: idField('conversation'),
    k: z.enum(ITEM_KINDS),
    b: bytesBetween(1, MAX_SEALED_BYTES),
    boxes: z.array(bytesBetween(1, 2048)).max(2001),
    /** With an envelope that asks for something: what its header's `escalation` names by hash. */
    escalation: escalationPartsSchema.nullable(),
  }),
  /** Items with seq > after, oldest first. */
  z.strictObject({
    t: z.literal('pull'),
    q,
    conv: idField('conversation'),
    after: uintField,
    limit: z.number().int().min(1).max(MAX_ITEMS_PER_FRAME),
  }),
  /** Items with seq < before, newest `limit` of them, oldest first. */
  z.strictObject({
    t: z.literal('pull-back'),
    q,
    conv: idField('conversation'),
    before: uintField,
    limit: z.number().int().min(1).max(MAX_ITEMS_PER_FRAME),
  }),
  /** Conversations of this account that changed after batch `after`, in batch order. */
  z.strictObject({ t: z.literal('changes'), q, after: uintField, limit: z.number().int().min(1).max(1000) }),
  /** A Signed watermark. */
  z.strictObject({ t: z.literal('watermark'), q, b: bytesBetween(1, 1024) }),
  /** Marks of a conversation's members. */
  z.strictObject({ t: z.literal('marks'), q, conv: idField('conversation') }),
  /** Everything up to this batch is stored on this device. */
  z.strictObject({ t: z.literal('cursor'), batch: uintField }),
  /** One Signed BatonEvent. Idempotent by its hash; `conflict.head` where another event has this position. */
  z.strictObject({ t: z.literal('baton'), q, baton: batonField, b: bytesBetween(1, 8192) }),
  /** This device has shown the notice of these batons up to event `n`: no further way to reach this person is tried for it. */
  z.strictObject({
    t: z.literal('reached'),
    q,
    batons: z
      .array(z.strictObject({ baton: batonField, n: uintField }))
      .min(1)
      .max(100),
  }),
  z.strictObject({ t: z.literal('ping'), q }),
]);
export type ClientFrame = z.infer<typeof clientFrameSchema>;

const changedConversationSchema = z.strictObject({
  conv: idField('conversation'),
  /** Newest seq and its batch. */
  seq: uintField,
  batch: uintField,
});

/** The `a` (answer) of an `ok` frame, by the request it answers. */
const answerSchemas = {
  append: z.strictObject({
    seq: uintField,
    batch: uintField,
    ts: timestampField,
    /** The batch's Signed receipt and the path from this row to its root (RFC 9162 §2.1.3). */
    receipt: bytesBetween(1, 1024),
    index: uintField,
    path: z.array(hashField).max(16),
    /** True where the same item had been committed before. */
    replay: z.boolean(),
  }),
  items: z.strictObject({ items: z.array(itemSchema).max(MAX_ITEMS_PER_FRAME), newest: uintField }),
  changes: z.strictObject({
    changes: z.array(changedConversationSchema),
    upTo: uintField,
    more: z.boolean(),
  }),
  marks: z.strictObject({ marks: z.array(markSchema) }),
  /** Position of the event in the organisation's feed of batons, and the server's commit time. */
  baton: z.strictObject({ pos: uintField, ts: timestampField, replay: z.boolean() }),
  done: z.strictObject({}),
} as const;
export type AppendAnswer = z.infer<(typeof answerSchemas)['append']>;
export type ItemsAnswer = z.infer<(typeof answerSchemas)['items']>;
export type ChangesAnswer = z.infer<(typeof answerSchemas)['changes']>;
export type BatonAnswer = z.infer<(typeof answerSchemas)['baton']>;
export type MarksAnswer = z.infer<(typeof answerSchemas)['marks']>;

const errorCode = z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]);

const serverFrameSchema = z.discriminatedUnion('t', [
  z.strictObject({
    t: z.literal('welcome'),
    v: z.number().int(),
    batch: uintField,
    keylog: uintField,
    /** Size of the organisation's log of records. */
    records: uintField,
    ts: timestampField,
  }),
  z.strictObject({
    t: z.literal('ok'),
    q,
    a: z.union([
      answerSchemas.append,
      answerSchemas.items,
      answerSchemas.changes,
      answerSchemas.marks,
      answerSchemas.baton,
      answerSchemas.done,
    ]),
  }),
  /** `at` names the field or the object at fault; `retryMs` says when to try again, 0 for never by itself. */
  z.strictObject({ t: z.literal('no'), q, code: errorCode, at: z.string().max(200), retryMs: uintField }),
  /** New items of one conversation, contiguous. */
  z.strictObject({
    t: z.literal('items'),
    conv: idField('conversation'),
    items: z.array(itemSchema).min(1).max(MAX_ITEMS_PER_FRAME),
  }),
  z.strictObject({ t: z.literal('mark'), conv: idField('conversation'), mark: markSchema }),
  /** Frames were dropped for this connection: ask for `changes` after this batch. */
  z.strictObject({ t: z.literal('missed'), from: uintField }),
  /** The key log grew. */
  z.strictObject({ t: z.literal('keylog'), size: uintField }),
  /** The log of organisation records grew. */
  z.strictObject({ t: z.literal('records'), size: uintField }),
  /** Something about batons that this account sees changed: ask for those after the position that it has. `alert`: somebody is being reached by it now. */
  z.strictObject({ t: z.literal('batons'), pos: uintField, alert: z.boolean() }),
  /** The session ended: signed out elsewhere, deactivated or expired. */
  z.strictObject({ t: z.literal('bye'), code: errorCode }),
]);
export type ServerFrame = z.infer<typeof serverFrameSchema>;

/** Longest frame: an entry with 2,001 boxes. */
export const MAX_FRAME_BYTES = 4 * 1024 * 1024;
const clientCodec = makeCodec<ClientFrame>(clientFrameSchema, { limitBytes: MAX_FRAME_BYTES });
const serverCodec = makeCodec<ServerFrame>(serverFrameSchema, { limitBytes: 64 * 1024 * 1024 });

export function encodeClientFrame(frame: ClientFrame): Bytes {
  return clientCodec.encode(frame);
}
export function decodeClientFrame(bytes: Bytes): Result<ClientFrame, WireError> {
  return clientCodec.decode(bytes);
}
export function encodeServerFrame(frame: ServerFrame): Bytes {
  return serverCodec.encode(frame);
}
export function decodeServerFrame(bytes: Bytes): Result<ServerFrame, WireError> {
  return serverCodec.decode(bytes);
}
