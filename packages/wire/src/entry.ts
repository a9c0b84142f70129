import { z } from 'zod';
import { makeCodec } from './codec.ts';
import {
  boxKeyField,
  bytesBetween,
  bytesOf,
  hashField,
  idField,
  memberField,
  signingKeyField,
  timestampField,
  uintField,
} from './fields.ts';

// Membership entries and boxes (docs/protocol §3). Carried as `Signed`, signed by the author's device key.

export const CONVERSATION_KINDS = [
  'direct',
  'group',
  'keyring',
  'patient',
  'sidebar',
  'queue',
  'referral',
  'collection',
] as const;
export type ConversationKind = (typeof CONVERSATION_KINDS)[number];

/** The custodian is a recipient from the first entry on; it is no member. */
export const CUSTODIAN = 'custodian';
export const recipientIdField = z.union([memberField, z.literal(CUSTODIAN)]);
export type RecipientId = z.infer<typeof recipientIdField>;

const newMember = z.strictObject({
  m: memberField,
  /** May read what was written before: such a member is given the history-link key. */
  hist: z.boolean(),
});

const entryOpSchema = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('create'),
    kind: z.enum(CONVERSATION_KINDS),
    members: z.array(newMember).min(1).max(2000),
    /** The role whose keyring this is; null for other kinds. */
    role: idField('role').nullable(),
    /** The conversation that this one belongs to (a sidebar's patient conversation); null otherwise. */
    parent: idField('conversation').nullable(),
  }),
  z.strictObject({
    op: z.literal('add'),
    members: z.array(newMember).min(1).max(2000),
    because: hashField.nullable(),
  }),
  z.strictObject({
    op: z.literal('remove'),
    members: z.array(memberField).min(1).max(2000),
    because: hashField.nullable(),
  }),
  z.strictObject({
    op: z.literal('rotate'),
    reason: z.enum(['age', 'count', 'revoked', 'role-key', 'left', 'policy']),
  }),
  z.strictObject({ op: z.literal('role'), member: memberField, standing: z.enum(['member', 'owner']) }),
  z.strictObject({ op: z.literal('policy'), retentionDays: uintField.nullable(), openInvite: z.boolean() }),
  z.strictObject({
    op: z.literal('invite'),
    invitation: idField('invitation'),
    account: idField('account'),
    sigPub: signingKeyField,
    boxPub: boxKeyField,
    notAfter: timestampField,
    hist: z.boolean(),
    /** Hash that names the consent record; needed for a proxy. */
    because: hashField.nullable(),
  }),
  z.strictObject({
    op: z.literal('claim'),
    invitation: idField('invitation'),
    account: idField('account'),
    proof: bytesOf(64),
  }),
  z.strictObject({
    op: z.literal('agent-grant'),
    agent: idField('account'),
    hist: z.boolean(),
    manifest: hashField,
  }),
  z.strictObject({ op: z.literal('agent-revoke'), agent: idField('account') }),
  z.strictObject({ op: z.literal('close'), reason: z.enum(['done', 'merged', 'error']) }),
]);
export type EntryOp = z.infer<typeof entryOpSchema>;

const recipientSchema = z.strictObject({
  m: recipientIdField,
  /** Generation of the recipient's box key. */
  g: uintField,
  /** Whether the box holds the history-link key as well. */
  h: z.boolean(),
  /** Hash of the box. */
  b: hashField,
});
export type Recipient = z.infer<typeof recipientSchema>;

export const entrySchema = z.strictObject({
  v: z.literal(1),
  t: z.literal('entry'),
  org: idField('org'),
  conv: idField('conversation'),
  /** Position in the membership log, from 0. */
  n: uintField,
  /** Hash of entry n-1; null for n = 0. */
  prev: hashField.nullable(),
  author: idField('account'),
  /** Role that the author acts for; null when as oneself. */
  as: idField('role').nullable(),
  /** Hash of the author's device certificate. */
  dk: hashField,
  ts: timestampField,
  op: entryOpSchema,
  /** Key generation after this entry, from 1. */
  gen: uintField,
  recipients: z.array(recipientSchema).max(2001),
  /** AEAD under this generation's history-link key of the previous generation's GK || HL; null when gen did not change or is 1. */
  link: bytesBetween(92, 92).nullable(),
  /** The key-log head that the author saw. */
  keylog: z.strictObject({ size: uintField, root: hashField }),
});
export type Entry = z.infer<typeof entrySchema>;
export const entryCodec = makeCodec<Entry>(entrySchema, { limitBytes: 262_144 });

/** One generation's keys, sealed to one recipient (HPKE base mode, X-Wing). Plaintext: GK (32) or GK || HL (64). */
const boxSchema = z.strictObject({
  v: z.literal(1),
  t: z.literal('box'),
  conv: idField('conversation'),
  gen: uintField,
  to: recipientIdField,
  g: uintField,
  /** X-Wing ciphertext. */
  enc: bytesOf(1120),
  ct: bytesBetween(48, 80),
});
export type Box = z.infer<typeof boxSchema>;
export const boxCodec = makeCodec<Box>(boxSchema, { limitBytes: 2048 });
