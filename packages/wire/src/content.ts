import { z } from 'zod';
import { makeCodec } from './codec.ts';
import { bytesOf, idField, memberField, timestampField, uintField } from './fields.ts';

// What is inside a sealed envelope or put. Only the client wing ever decodes these.

/** Longest message text, in UTF-16 units. */
export const MAX_TEXT_LENGTH = 20_000;
const text = z.string().max(MAX_TEXT_LENGTH);

/** A file: its key, hash and description travel inside the message; the sealed bytes are a blob. */
export const attachmentSchema = z.strictObject({
  blob: idField('blob'),
  key: bytesOf(32),
  /** SHA-256 of the sealed bytes. */
  hash: bytesOf(32),
  /** Bytes before sealing. */
  sizeBytes: uintField,
  name: z.string().min(1).max(255),
  mime: z.string().min(1).max(127),
  width: uintField.nullable(),
  height: uintField.nullable(),
});
export type Attachment = z.infer<typeof attachmentSchema>;

/** Reactions never notify. `got-it` is shown as Acknowledged. */
export const REACTIONS = ['got-it', 'thanks', 'yes', 'no', 'looking', 'done'] as const;
export type Reaction = (typeof REACTIONS)[number];

/** Ready-made shapes of a message; each pre-fills a contract. */
export const TEMPLATES = ['sbar', 'critical-result', 'care-plan-change'] as const;
export type TemplateKind = (typeof TEMPLATES)[number];

export const contentSchema = z.discriminatedUnion('t', [
  z.strictObject({
    t: z.literal('message'),
    text,
    attachments: z.array(attachmentSchema).max(20),
    mentions: z.array(memberField).max(50),
    /** Quoted parent: id and a short copy, so that a quote reads without its parent. */
    quote: z
      .strictObject({ id: idField('message'), author: idField('account'), text: z.string().max(280) })
      .nullable(),
    /** Labelled parts of a template; `text` then holds the same as plain text. */
    template: z
      .strictObject({
        kind: z.enum(TEMPLATES),
        parts: z.array(z.strictObject({ label: z.string().max(60), text: z.string().max(4000) })).max(12),
      })
      .nullable(),
    /** A question with a button: take over a role that the receiver holds or is in charge of. */
    request: z.strictObject({ t: z.literal('take-role'), role: idField('role') }).nullable(),
  }),
  z.strictObject({
    t: z.literal('edit'),
    target: idField('message'),
    text,
    mentions: z.array(memberField).max(50),
  }),
  z.strictObject({
    t: z.literal('withdrawal'),
    target: idField('message'),
    reason: z.string().max(280).nullable(),
  }),
  z.strictObject({
    t: z.literal('reaction'),
    target: idField('message'),
    reaction: z.enum(REACTIONS),
    on: z.boolean(),
  }),
  z.strictObject({ t: z.literal('subject'), title: z.string().min(1).max(120), about: z.string().max(500) }),
]);
export type Content = z.infer<typeof contentSchema>;
export type ContentOf<T extends Content['t']> = Extract<Content, { t: T }>;
export const contentCodec = makeCodec<Content>(contentSchema, { limitBytes: 262_144 });

const name = z.string().max(200);
/** One patient of the sealed registry, after FHIR R4 Patient. Dates are ISO 8601. */
export const patientRecordSchema = z.strictObject({
  t: z.literal('patient'),
  /** `Patient/<id>` as imported: the record's plaintext key. */
  ref: z.string().min(1).max(200),
  family: name,
  given: z.array(name).max(10),
  prefix: name.nullable(),
  birthDate: z.string().max(10).nullable(),
  deceased: z.union([z.boolean(), z.string().max(40)]).nullable(),
  gender: z.enum(['male', 'female', 'other', 'unknown']).nullable(),
  identifiers: z
    .array(
      z.strictObject({ system: z.string().max(200), value: z.string().max(200), label: z.string().max(80) }),
    )
    .max(20),
  telecom: z
    .array(
      z.strictObject({
        system: z.string().max(20),
        value: z.string().max(100),
        use: z.string().max(20).nullable(),
      }),
    )
    .max(20),
  address: z.array(z.string().max(300)).max(5),
  language: z.string().max(20).nullable(),
  practitioners: z.array(z.strictObject({ ref: z.string().max(200), name })).max(20),
  conditions: z
    .array(
      z.strictObject({
        text: z.string().max(300),
        active: z.boolean(),
        onset: z.string().max(40).nullable(),
      }),
    )
    .max(200),
  medications: z
    .array(
      z.strictObject({
        text: z.string().max(300),
        active: z.boolean(),
        authored: z.string().max(40).nullable(),
      }),
    )
    .max(200),
  allergies: z.array(z.string().max(300)).max(100),
  lastEncounter: z.strictObject({ at: z.string().max(40), text: z.string().max(300) }).nullable(),
  importedAt: timestampField,
  /** Hash of the source resources: an unchanged patient is skipped on the next import. */
  source: bytesOf(32),
});
export type PatientRecord = z.infer<typeof patientRecordSchema>;
export const patientRecordCodec = makeCodec<PatientRecord>(patientRecordSchema, { limitBytes: 200_000 });

/** An account's vault: what a new device needs to be this account. Sealed under the user master key (UMK). */
export const vaultSchema = z.strictObject({
  v: z.literal(1),
  t: z.literal('vault'),
  org: idField('org'),
  account: idField('account'),
  accountGen: uintField,
  /** Ed25519 seed of the identity key (UIK). */
  uik: bytesOf(32),
  /** Seed of the newest box key and its generation; earlier seeds follow from the back chain. */
  puk: z.strictObject({ gen: uintField, seed: bytesOf(32) }),
  /** Hash of the org statement: the pinned root of trust. */
  root: bytesOf(32),
  /** Ed25519 seeds of OA and OE where this account holds them. */
  authority: z
    .strictObject({
      oa: bytesOf(32).nullable(),
      oe: z.strictObject({ gen: uintField, seed: bytesOf(32) }).nullable(),
    })
    .nullable(),
  /** Highest key-log size and batch seen: a server that shows less is rolling back. */
  seen: z.strictObject({ keylog: uintField, batch: uintField }),
  preferences: z.record(z.string().max(60), z.string().max(400)),
});
export type Vault = z.infer<typeof vaultSchema>;
export const vaultCodec = makeCodec<Vault>(vaultSchema, { limitBytes: 65_536 });
