import { z } from 'zod';
import { makeCodec } from './codec.ts';
import { bytesBetween, hashField, idField, timestampField, uintField } from './fields.ts';

/** The server's signature over one committed batch: the Merkle root of its rows (docs/protocol §5). Carried as `Signed`. */
const receiptSchema = z.strictObject({
  v: z.literal(1),
  t: z.literal('receipt'),
  org: idField('org'),
  /** Commit order within the organisation, gapless from 1. */
  batch: uintField,
  count: uintField,
  root: hashField,
  ts: timestampField,
});
export type Receipt = z.infer<typeof receiptSchema>;
export const receiptCodec = makeCodec<Receipt>(receiptSchema, { limitBytes: 512 });

/** Signed head of the key log. Carried as `Signed`, signed by the server. */
const treeHeadSchema = z.strictObject({
  v: z.literal(1),
  t: z.literal('head'),
  org: idField('org'),
  size: uintField,
  /** Root of the append-only log of statements (RFC 9162 §2.1). */
  logRoot: hashField,
  /** Root of the sparse map subject -> newest statement. */
  mapRoot: hashField,
  /** Root of the sparse map conversation -> newest membership entry. */
  convRoot: hashField,
  ts: timestampField,
});
export type TreeHead = z.infer<typeof treeHeadSchema>;
export const treeHeadCodec = makeCodec<TreeHead>(treeHeadSchema, { limitBytes: 512 });

/** "Opened up to here", one per member and conversation, overwritten. Carried as `Signed`, signed by the device key. */
const watermarkSchema = z.strictObject({
  v: z.literal(1),
  t: z.literal('watermark'),
  org: idField('org'),
  conv: idField('conversation'),
  account: idField('account'),
  dk: hashField,
  seq: uintField,
  ts: timestampField,
});
export type Watermark = z.infer<typeof watermarkSchema>;
export const watermarkCodec = makeCodec<Watermark>(watermarkSchema, { limitBytes: 512 });

/** Signed root of a collection's map at stream position `seq`, against rollback. Carried as `Signed`, signed by a member's device key. */
const collectionRootSchema = z.strictObject({
  v: z.literal(1),
  t: z.literal('collection-root'),
  org: idField('org'),
  conv: idField('conversation'),
  author: idField('account'),
  dk: hashField,
  seq: uintField,
  root: hashField,
  ts: timestampField,
});
export type CollectionRoot = z.infer<typeof collectionRootSchema>;
export const collectionRootCodec = makeCodec<CollectionRoot>(collectionRootSchema, { limitBytes: 512 });

/** The witness's signature over a tree head that it found consistent with the one before. */
const cosignatureSchema = z.strictObject({
  witness: hashField,
  head: hashField,
  s: bytesBetween(64, 64),
});
export type Cosignature = z.infer<typeof cosignatureSchema>;

/** One event of the audit log, as it is hashed: who did what to which opaque object. Never content, never a patient. */
const auditRecordSchema = z.strictObject({
  v: z.literal(1),
  t: z.literal('audit'),
  org: idField('org'),
  /** Position in the organisation's audit log, gapless from 0. */
  n: uintField,
  at: timestampField,
  actor: idField('account').nullable(),
  session: idField('session').nullable(),
  action: z.string().min(1).max(80),
  object: z.string().max(200).nullable(),
  outcome: z.enum(['ok', 'refused', 'failed']),
  code: z.string().max(80).nullable(),
});
export type AuditRecord = z.infer<typeof auditRecordSchema>;
export const auditRecordCodec = makeCodec<AuditRecord>(auditRecordSchema, { limitBytes: 2048 });

/** Signed head of the audit log. Carried as `Signed`, signed by the server. */
const auditCheckpointSchema = z.strictObject({
  v: z.literal(1),
  t: z.literal('audit-head'),
  org: idField('org'),
  size: uintField,
  /** Root of the append-only log of events (RFC 9162 §2.1). */
  root: hashField,
  ts: timestampField,
});
export type AuditCheckpoint = z.infer<typeof auditCheckpointSchema>;
export const auditCheckpointCodec = makeCodec<AuditCheckpoint>(auditCheckpointSchema, { limitBytes: 512 });
