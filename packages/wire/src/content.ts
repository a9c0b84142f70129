import { z } from 'zod';
import { makeCodec } from './codec.ts';
import { bytesOf, idField, memberField, ownerField, timestampField, uintField } from './fields.ts';

// What is inside a sealed envelope or put. Only the client wing ever decodes these.

/** Longest message text, in UTF-16 units. */
export const MAX_TEXT_LENGTH = 20_000;
const text = z.string().max(MAX_TEXT_LENGTH);

/** Longest file, before sealing: 100 MiB. */
export const MAX_FILE_BYTES = 100 * 1024 * 1024;

/** A file: its key, hash and description travel inside the message; the sealed bytes are a blob. */
const attachmentSchema = z.strictObject({
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

/** How a text message of a phone goes: `link` says only that a message waits, `plain` carries the content (docs/protocol/patients.md §4). */
export const TEXT_MODES = ['link', 'plain'] as const;
export type TextMode = (typeof TEXT_MODES)[number];

/** What became of a text: carriers' reports, joined to the worst segment. */
export const TEXT_STATES = ['waiting', 'sent', 'delivered', 'failed', 'refused'] as const;
export type TextState = (typeof TEXT_STATES)[number];

/** Telephone number, ITU-T E.164. */
export const phoneField = z.string().regex(/^\+[1-9]\d{6,14}$/);
/** BCP 47, as far as Baton has texts. */
export const LANGUAGES = ['en', 'es'] as const;
export const languageField = z.enum(LANGUAGES);
export type Language = (typeof LANGUAGES)[number];

/** A red flag that rules found in a message: which rule of which version, never the words. */
const redFlagSchema = z.strictObject({
  rule: z.string().regex(/^[a-z][a-z0-9.-]{1,59}$/),
  version: z.string().max(40),
});
export type RedFlag = z.infer<typeof redFlagSchema>;

const PROGRAMME_KINDS = ['reminder', 'waitlist', 'recall', 'survey', 'check-in'] as const;
export type ProgrammeKind = (typeof PROGRAMME_KINDS)[number];

/** What a programme asks with a message (docs/protocol/programmes.md §3): shown as buttons on the page, as letters or figures in a text. */
export const promptSchema = z.strictObject({
  kind: z.enum(PROGRAMME_KINDS),
  /** Appointment, offer, recall or run that it belongs to. */
  about: z.string().min(1).max(260),
  /** Step of the cadence or node of the protocol. */
  step: z.string().min(1).max(60),
  /** Letters or figures that answer it, each with its words in the patient's language; empty where it asks in the patient's own words, or nothing. */
  choices: z
    .array(z.strictObject({ key: z.string().regex(/^[A-Z0-9]{1,2}$/), label: z.string().min(1).max(80) }))
    .max(9),
  /** `none`: nothing is asked. */
  asks: z.enum(['choice', 'text', 'number', 'photo', 'none']),
  /** Answers count until then; what comes later is a message like any other. */
  until: timestampField,
  /** What a text says in mode `link` where the consent `reminders` lets it say when and where; null: only that a message waits. */
  short: z.string().min(1).max(480).nullable(),
  /** The visit that it speaks of, for the patient's own calendar; null where it is about none. */
  visit: z
    .strictObject({
      start: timestampField,
      end: timestampField,
      timeZone: z.string().min(1).max(60),
      title: z.string().min(1).max(160),
      place: z.string().max(200).nullable(),
      state: z.enum(['booked', 'confirmed', 'cancelled']),
    })
    .nullable(),
});
export type Prompt = z.infer<typeof promptSchema>;

export const practiceCardSchema = z.strictObject({
  t: z.literal('card'),
  /** Who the practice is to this patient; shown above the thread. */
  name: z.string().min(1).max(120),
  /** Given name of the patient that this thread is about, for those who write for several. */
  about: z.string().max(120),
  phone: z.string().max(60),
  /** Stated reply time, in both languages, as the practice words it. */
  replyTime: z.strictObject({ en: z.string().max(200), es: z.string().max(200) }),
  /** Opening hours, wall clock: minutes after midnight, ISO 8601 days (1 is Monday). */
  hours: z.strictObject({
    timeZone: z.string().min(1).max(60),
    open: z
      .array(
        z.strictObject({
          day: z.number().int().min(1).max(7),
          from: z.number().int().min(0).max(1439),
          to: z.number().int().min(1).max(1440),
        }),
      )
      .max(28),
  }),
  afterHours: z.strictObject({ en: z.string().max(500), es: z.string().max(500) }),
  topics: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(60),
        en: z.string().min(1).max(60),
        es: z.string().min(1).max(60),
        /** Who owes the answer to a message on this topic; null: `askTo`. */
        askTo: ownerField.nullable(),
      }),
    )
    .max(12),
  /** Who owes the answer to what the patient writes; roles and queues only. */
  askTo: ownerField,
  withinMs: uintField,
  /** Who is asked when the message says an emergency, and by when. */
  urgentTo: ownerField,
  urgentWithinMs: uintField,
  /** Roles that a message of the patient is boxed to: the ladders of these owners when the card was made. */
  boxTo: z.array(memberField).min(1).max(24),
});
export type PracticeCard = z.infer<typeof practiceCardSchema>;

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
    /**
     * Came from a telephone. Counts only from the texting assistant, and from a member of staff who says which text of the queue it is (docs/protocol/patients.md
     * §4).
     */
    via: z
      .strictObject({
        channel: z.enum(['sms', 'email']),
        /** Number or address that it came from. */
        from: z.string().min(1).max(120),
        /** Who is writing, as far as was asked; null where the phone belongs to one patient only. */
        person: z.string().max(120).nullable(),
        segments: uintField,
        /** Message of the queue of unknown numbers that a member of staff gave to this patient. */
        filed: idField('message').exactOptional(),
      })
      .exactOptional(),
    /** Topic of the practice card that the patient chose. */
    topic: z.string().max(60).exactOptional(),
    /** Red flags that the writer's own device found before sending. */
    flags: z.array(redFlagSchema).max(20).exactOptional(),
    /** A test result in plain words: whether it was opened is looked at until then. */
    result: z.strictObject({ title: z.string().min(1).max(120), openBy: timestampField }).exactOptional(),
    /** Patient messages: written by an automation (after-hours answer, who-is-writing question), as a reader is told. */
    automatic: z.boolean().exactOptional(),
    /** A programme's question. Counts only from an agent. */
    prompt: promptSchema.exactOptional(),
    /** Answers a programme's question; `choice` where one of its keys was chosen. It is owed like every message, until the programme has dealt with it. */
    answers: z
      .strictObject({ prompt: idField('message'), choice: z.string().max(2).nullable() })
      .exactOptional(),
  }),
  practiceCardSchema,
  /** What became of a text that carried, or announced, this message. */
  z.strictObject({
    t: z.literal('delivery'),
    target: idField('message'),
    mode: z.enum(TEXT_MODES),
    state: z.enum(TEXT_STATES),
    segments: uintField,
    /** Reason code where it failed or was refused (`packages/policy` texting). */
    code: z.string().max(60).nullable(),
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
const patientRecordSchema = z.strictObject({
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
const vaultSchema = z.strictObject({
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
