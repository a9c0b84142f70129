import { z } from 'zod';
import { makeCodec } from './codec.ts';
import { languageField, phoneField, TEXT_MODES, TEXT_STATES } from './content.ts';
import { hashField, idField, memberField, ownerField, timestampField, uintField } from './fields.ts';

// Values of the organisation's named collections `texting` and `desk` (docs/protocol/patients.md §3). Only the client wing ever decodes
// these. A value carries its own key, because keys are opaque in a collection.

const ref = z.string().min(1).max(200);
const minuteOfDay = z.number().int().min(0).max(1440);
const words = (most: number) => z.strictObject({ en: z.string().max(most), es: z.string().max(most) });

/** What a person of a patient's circle is to the patient (v3-RoleCode in FHIR RelatedPerson). */
export const RELATIONS = ['self', 'parent', 'guardian', 'family', 'designee'] as const;
export type Relation = (typeof RELATIONS)[number];

/** Key `reach:<ref>`: how a patient is reached, and where their conversation is. */
const reachSchema = z.strictObject({
  t: z.literal('reach'),
  ref,
  /** Full name for staff, given names as the patient would type them. */
  name: z.string().max(200),
  given: z.array(z.string().max(100)).max(10),
  birthDate: z.string().max(10).nullable(),
  conversation: idField('conversation').nullable(),
  sidebar: idField('conversation').nullable(),
  /** An adolescent's own conversation, which no proxy is a member of. */
  confidential: idField('conversation').nullable(),
  phones: z.array(z.strictObject({ number: phoneField, use: z.enum(['mobile', 'home', 'work']) })).max(6),
  emails: z.array(z.string().min(3).max(200)).max(4),
  /** `link` and `plain` to the first mobile number; `none`: no texts at all. */
  channel: z.enum([...TEXT_MODES, 'none']),
  language: languageField,
  /** IANA name, from the address and never from the area code. */
  timeZone: z.string().min(1).max(60),
  doNotContact: z.boolean(),
  deceased: z.boolean(),
  /** Names and references of their practitioners, as rules of `routes` name them; the registry itself is read by no assistant. */
  practitioners: z.array(z.string().max(200)).max(40).optional(),
  /** Accounts that write here, and what they are. */
  people: z
    .array(
      z.strictObject({
        account: idField('account'),
        relation: z.enum(RELATIONS),
        name: z.string().min(1).max(200),
        /** End of a proxy's right; null: none. */
        until: timestampField.nullable(),
        /** Consent record of a proxy. */
        consent: idField('event').nullable(),
        /** Newest invitation; null where none is open. */
        invitation: idField('invitation').nullable(),
        ended: z.boolean(),
      }),
    )
    .max(20),
});
export type Reach = z.infer<typeof reachSchema>;

const CONSENT_PURPOSES = ['texts', 'plain-text', 'reminders', 'check-ins', 'outreach', 'proxy'] as const;
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number];
export const CONSENT_WAYS = ['in-person', 'paper', 'phone', 'web', 'text'] as const;

/** Key `consent:<ref>:<id>`: what for, how obtained, by whom, when, revoked when. Never deleted. */
const consentSchema = z.strictObject({
  t: z.literal('consent'),
  id: idField('event'),
  ref,
  purpose: z.enum(CONSENT_PURPOSES),
  /** Number that it is for; null: any. */
  phone: phoneField.nullable(),
  given: z.strictObject({
    at: timestampField,
    how: z.enum(CONSENT_WAYS),
    /** Who wrote it down: a colleague, the patient, or an agent for an answer by text. */
    by: idField('account'),
    /** Version of the warning that was read out or shown (duty to warn, 78 FR 5634); null where the purpose needs none. */
    warning: z.string().max(40).nullable(),
    note: z.string().max(500),
  }),
  revoked: z
    .strictObject({ at: timestampField, how: z.enum(CONSENT_WAYS), by: idField('account') })
    .nullable(),
});
export type Consent = z.infer<typeof consentSchema>;

/** Key `optout:<number>`: this number wants no texts; START is possible only where consent was given before. Survives reassignment of the number. */
const optOutSchema = z.strictObject({
  t: z.literal('optout'),
  number: phoneField,
  out: z.boolean(),
  at: timestampField,
  /** Words by which it came, for the record. */
  words: z.string().max(200),
  by: idField('account'),
  /** It was said to be a wrong number: the patients who were known to have it then. A number is nobody's again until staff say otherwise. */
  notOf: z.array(ref).max(50).optional(),
});
export type OptOut = z.infer<typeof optOutSchema>;

const ORDER_PURPOSES = ['invitation', 'notice', 'reminder', 'survey', 'staff'] as const;
/** Key `order:<id>`: one text or e-mail that a person or an agent wants sent. Written before it is acted on; the texting assistant keeps `state`. */
const textOrderSchema = z.strictObject({
  t: z.literal('order'),
  id: idField('event'),
  ref: ref.nullable(),
  to: z.union([z.strictObject({ phone: phoneField }), z.strictObject({ email: z.string().min(3).max(200) })]),
  language: languageField,
  purpose: z.enum(ORDER_PURPOSES),
  /** The whole text, without patient data unless the patient's mode is `plain`. */
  text: z.string().min(1).max(1600),
  /** Named clinician who lets it go out in quiet hours and above the cap; null: neither. */
  urgentBy: idField('account').nullable(),
  createdAt: timestampField,
  /** Not after this: a link that has expired is not sent. */
  notAfter: timestampField,
  by: idField('account'),
  state: z.enum(TEXT_STATES),
  /** Why it waits, failed or was refused. */
  code: z.string().max(60).nullable(),
  /** When it will be tried, while it waits. */
  dueAt: timestampField.nullable(),
  segments: uintField,
  updatedAt: timestampField,
});
export type TextOrder = z.infer<typeof textOrderSchema>;

/** Key `settings`: the practice's texting. Times of the clinical and legal kind are the site's to sign off. */
export const textingSettingsSchema = z.strictObject({
  t: z.literal('settings'),
  /** Own number, E.164; null: not set up. */
  number: phoneField.nullable(),
  practice: z.string().min(1).max(120),
  phone: z.string().max(60),
  timeZone: z.string().min(1).max(60),
  replyTime: words(200),
  hours: z
    .array(
      z.strictObject({
        day: z.number().int().min(1).max(7),
        from: minuteOfDay,
        to: minuteOfDay,
      }),
    )
    .max(28),
  afterHours: words(500),
  /** Texts go out between these, in the patient's time zone. */
  quiet: z.strictObject({ from: minuteOfDay, until: minuteOfDay }),
  /** Texts of programmes without consent, over all programmes. */
  cap: z.strictObject({ perDay: uintField, perWeek: uintField }),
  /** Reminders of a message that was not opened, minutes after it. */
  remindAfterMin: z.array(uintField).max(4),
  /** Who owes the answer where no rule fits; texts of unknown numbers as well. */
  askTo: ownerField,
  withinMs: uintField,
  urgentTo: ownerField,
  urgentWithinMs: uintField,
  topics: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(60),
        en: z.string().min(1).max(60),
        es: z.string().min(1).max(60),
      }),
    )
    .max(12),
  /** First rule whose every given part fits; none fits: `askTo`. */
  routes: z
    .array(
      z.strictObject({
        topic: z.string().max(60).nullable(),
        location: z.string().max(120).nullable(),
        practitioner: z.string().max(200).nullable(),
        to: ownerField,
      }),
    )
    .max(60),
  /** Roles that are members of every patient conversation and of its sidebar. */
  team: z.array(idField('role')).min(1).max(10),
  /** Age from which a patient has a confidential conversation beside the one that proxies read; null: the site has not decided. */
  confidentialFromAge: uintField.nullable(),
  /** Days after which an unopened result makes somebody look. */
  resultOpenDays: uintField,
});
export type TextingSettings = z.infer<typeof textingSettingsSchema>;

export const textingValueSchema = z.discriminatedUnion('t', [
  reachSchema,
  consentSchema,
  optOutSchema,
  textOrderSchema,
  textingSettingsSchema,
]);
export type TextingValue = z.infer<typeof textingValueSchema>;
export const textingCodec = makeCodec<TextingValue>(textingValueSchema, { limitBytes: 60_000 });

/** Key under which a value lies in the collection `texting`. */
export function textingKey(value: TextingValue): string {
  switch (value.t) {
    case 'reach':
      return `reach:${value.ref}`;
    case 'consent':
      return `consent:${value.ref}:${value.id}`;
    case 'optout':
      return `optout:${value.number}`;
    case 'order':
      return `order:${value.id}`;
    case 'settings':
      return 'settings';
  }
}

/** Key `thread:<conversation>`: where a patient conversation stands in the shared inbox. */
const deskThreadSchema = z.strictObject({
  t: z.literal('thread'),
  conversation: idField('conversation'),
  ref,
  status: z.enum(['open', 'waiting', 'closed']),
  /** Position of the stream up to which `status` and `snoozedUntil` were decided: what the patient writes after it opens the thread again. */
  upTo: uintField,
  /** Who looks after it; null: whoever the routing names. */
  assignee: memberField.nullable(),
  snoozedUntil: timestampField.nullable(),
  topic: z.string().max(60).nullable(),
  /** Somebody is writing an answer; counts until then only. */
  answering: z.strictObject({ account: idField('account'), until: timestampField }).nullable(),
});
export type DeskThread = z.infer<typeof deskThreadSchema>;

/** Key `template:<id>`. `{patient}`, `{practice}`, `{phone}`, `{provider}`, `{date}` are filled in. */
export const deskTemplateSchema = z.strictObject({
  t: z.literal('template'),
  id: idField('event'),
  kind: z.enum(['message', 'result']),
  name: z.string().min(1).max(120),
  text: words(4000),
  active: z.boolean(),
});
export type DeskTemplate = z.infer<typeof deskTemplateSchema>;

/** Key `sign-off:<content>`: somebody of the practice has looked at clinical content and answers for its use here. */
const signOffSchema = z.strictObject({
  t: z.literal('sign-off'),
  content: z.string().min(1).max(80),
  version: z.string().max(40),
  hash: hashField,
  by: idField('account'),
  at: timestampField,
});
export type SignOff = z.infer<typeof signOffSchema>;

export const deskValueSchema = z.discriminatedUnion('t', [
  deskThreadSchema,
  deskTemplateSchema,
  signOffSchema,
]);
export type DeskValue = z.infer<typeof deskValueSchema>;
export const deskCodec = makeCodec<DeskValue>(deskValueSchema, { limitBytes: 20_000 });

/** Key under which a value lies in the collection `desk`. */
export function deskKey(value: DeskValue): string {
  switch (value.t) {
    case 'thread':
      return `thread:${value.conversation}`;
    case 'template':
      return `template:${value.id}`;
    case 'sign-off':
      return `sign-off:${value.content}`;
  }
}

/** Collections that an organisation has one of. Their ids follow from the organisation and the name (`namedCollectionOf` in client). */
export const NAMED_COLLECTIONS = ['texting', 'desk', 'appointments', 'programmes'] as const;
export type NamedCollection = (typeof NAMED_COLLECTIONS)[number];
