import { z } from 'zod';
import { makeCodec } from './codec.ts';
import { decimalField, idField, ownerField, timestampField, uintField } from './fields.ts';

// Values of the organisation's named collection `appointments` (docs/protocol/programmes.md §1). Only the client wing ever decodes these.

const ref = z.string().min(1).max(200);
const localId = z.string().min(1).max(160);
const words = (most: number) => z.strictObject({ en: z.string().max(most), es: z.string().max(most) });
const named = z.strictObject({ code: z.string().max(80).nullable(), text: z.string().min(1).max(160) });
const timeZone = z.string().min(1).max(60);

/** FHIR R4 AppointmentStatus, whole (http://hl7.org/fhir/R4/valueset-appointmentstatus.html). */
export const APPOINTMENT_STATUSES = [
  'proposed',
  'pending',
  'booked',
  'arrived',
  'fulfilled',
  'cancelled',
  'noshow',
  'entered-in-error',
  'checked-in',
  'waitlist',
] as const;
export type AppointmentStatus = (typeof APPOINTMENT_STATUSES)[number];

const APPOINTMENT_SOURCES = ['hand', 'fhir', 'hl7v2', 'csv', 'slot'] as const;

/** What the patient said: FHIR participant status, with `reschedule` beside `tentative`. */
const APPOINTMENT_ANSWERS = ['none', 'confirmed', 'reschedule', 'declined'] as const;

/**
 * Key `appointment:<id>`. Several sources may write one appointment (a feed, a person, the reminders assistant): each writes only what is its own, by
 * compare-and-set.
 */
const appointmentSchema = z.strictObject({
  t: z.literal('appointment'),
  /** `<source>/<its own id>`; for one made by hand or from a slot a random id. */
  id: localId,
  /** `Patient/<id>` of the registry; null while a feed's patient is not known here. */
  ref: ref.nullable(),
  status: z.enum(APPOINTMENT_STATUSES),
  start: timestampField,
  end: timestampField,
  /** Of the place where the visit is: times are said in it. */
  timeZone,
  service: named,
  practitioner: named.nullable(),
  location: z.string().max(200).nullable(),
  /** For staff only; never in a text. */
  reason: z.string().max(300).nullable(),
  /** Key of a `preparation` value that rides along with reminders; null: that of the service, if any. */
  preparation: localId.nullable(),
  answer: z.strictObject({
    state: z.enum(APPOINTMENT_ANSWERS),
    at: timestampField.nullable(),
    /** `patient`, or the account of who wrote it down. */
    by: z.union([z.literal('patient'), idField('account')]).nullable(),
  }),
  /** Staff said that whoever reads for the patient may know of it (patients of the age of privacy, docs/protocol/programmes.md §4); left out: no. */
  shareable: z.boolean().optional(),
  slot: localId.nullable(),
  /** Appointment that this one was moved from. */
  replaces: localId.nullable(),
  source: z.strictObject({
    kind: z.enum(APPOINTMENT_SOURCES),
    /** Of the sending system, for a feed. */
    system: z.string().max(120).nullable(),
    /** Orders the messages of one source: MSH-7 or `meta.lastUpdated`, milliseconds. An older one changes nothing. */
    version: uintField,
    /** Control id of the newest message (MSH-10) or `versionId`. */
    message: z.string().max(120).nullable(),
  }),
  createdAt: timestampField,
  updatedAt: timestampField,
});
export type Appointment = z.infer<typeof appointmentSchema>;

/** Key `slot:<id>`: a time that can be booked. Whoever sets `holder` by compare-and-set has it; nobody else does. */
const slotSchema = z.strictObject({
  t: z.literal('slot'),
  id: localId,
  start: timestampField,
  end: timestampField,
  timeZone,
  service: named,
  practitioner: named.nullable(),
  location: z.string().max(200).nullable(),
  state: z.enum(['free', 'held', 'booked', 'closed']),
  /** Held or booked for whom: an offer, a choice that a patient was given, or an appointment. */
  holder: z
    .strictObject({
      kind: z.enum(['offer', 'choice', 'appointment']),
      id: localId,
      ref,
      until: timestampField.nullable(),
    })
    .nullable(),
  updatedAt: timestampField,
});
export type Slot = z.infer<typeof slotSchema>;

/** Key `wait:<id>`: a patient who wants an earlier time, or one at all. Offered in the order of `priority`, then `addedAt`. */
const waitEntrySchema = z.strictObject({
  t: z.literal('wait'),
  id: localId,
  ref,
  service: named,
  practitioner: named.nullable(),
  /** Only slots between these; null: any. */
  from: timestampField.nullable(),
  until: timestampField.nullable(),
  priority: z.number().int().min(0).max(9),
  addedAt: timestampField,
  by: idField('account'),
  /** Visit that this patient gives up when an offer is taken; null: none. */
  appointment: localId.nullable(),
  state: z.enum(['waiting', 'offered', 'booked', 'removed']),
  /** Offers so far, newest last. */
  offers: z
    .array(
      z.strictObject({
        id: localId,
        slot: localId,
        at: timestampField,
        until: timestampField,
        outcome: z.enum(['open', 'taken', 'declined', 'lapsed', 'withdrawn']),
      }),
    )
    .max(40),
});
export type WaitEntry = z.infer<typeof waitEntrySchema>;

const REMINDER_ANCHORS = ['booking', 'before', 'after'] as const;
/** One step of a cadence: when, to whom, with which words. */
const reminderStepSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  kind: z.enum(['booked', 'reminder', 'no-show', 'thanks', 'survey']),
  anchor: z.enum(REMINDER_ANCHORS),
  /** Minutes before the start, after the booking, or after the end. */
  minutes: uintField,
  /** Who gets it: `unconfirmed` stops once confirmed. */
  to: z.enum(['all', 'confirmed', 'unconfirmed', 'likely-no-show']),
  active: z.boolean(),
  /** `{practice} {date} {time} {phone} {given}`; `short` is what a text says where it may say when and where, and no more. */
  text: words(1200),
  short: words(300),
});
export type ReminderStep = z.infer<typeof reminderStepSchema>;

/** Key `preparation:<id>`: instructions or a form that ride along with the reminders of a service. */
const preparationSchema = z.strictObject({
  t: z.literal('preparation'),
  id: localId,
  name: z.string().min(1).max(120),
  /** Service code or text that it goes with; null: only where an appointment names it. */
  service: z.string().max(160).nullable(),
  text: words(2000),
  active: z.boolean(),
});
export type Preparation = z.infer<typeof preparationSchema>;

/** Key `reminder-settings`. */
const reminderSettingsSchema = z.strictObject({
  t: z.literal('reminder-settings'),
  on: z.boolean(),
  steps: z.array(reminderStepSchema).max(12),
  /** Visits of one patient that start on one day are one reminder. */
  mergeSameDay: z.boolean(),
  /** How long an offered slot is held for one patient of the waitlist, minutes. */
  holdMinutes: z.number().int().min(5).max(2880),
  /** Free slots that a patient who wants another time is shown. */
  slotChoices: z.number().int().min(1).max(5),
  /** Who is asked where nobody can be understood, or nothing is free. */
  askTo: ownerField.nullable(),
  withinMs: uintField,
  survey: z.strictObject({ question: words(300), choices: z.number().int().min(2).max(5) }),
  /** Extra reminder for likely no-shows only; `off` until there is enough history. */
  score: z.strictObject({
    on: z.boolean(),
    /** Share of visits, of those that the score calls most likely, that get the extra reminder: 0–1. */
    share: decimalField({ min: 0, max: 1 }),
    /** Randomised comparison: share of the likely that get it; null: no comparison, all get it. */
    compare: z.strictObject({ share: decimalField({ min: 0, max: 1 }), since: timestampField }).nullable(),
  }),
});
export type ReminderSettings = z.infer<typeof reminderSettingsSchema>;

/** Key `sent:<appointment>`: what the reminders assistant did for one visit and when, for staff and for the comparison. Written before each act. */
const reminderRecordSchema = z.strictObject({
  t: z.literal('sent'),
  appointment: localId,
  steps: z
    .array(
      z.strictObject({
        step: z.string().max(40),
        /** Start of the visit that it spoke of: a moved visit is reminded anew. */
        start: timestampField,
        at: timestampField,
        state: z.enum(['planned', 'sent', 'skipped']),
        /** Why skipped; or other appointment that it was merged into. */
        note: z.string().max(160).nullable(),
        message: idField('message').nullable(),
      }),
    )
    .max(60),
  /** Risk at planning time, 0–1, and the arm of the comparison; null where the score is off. */
  score: z
    .strictObject({
      model: z.string().max(60),
      value: decimalField({ min: 0, max: 1 }),
      arm: z.enum(['extra', 'usual']).nullable(),
    })
    .nullable(),
});
export type ReminderRecord = z.infer<typeof reminderRecordSchema>;

/** Key `recall:<id>`: patients who are overdue for a visit, written to a few at a time. */
const recallSchema = z.strictObject({
  t: z.literal('recall'),
  id: localId,
  name: z.string().min(1).max(120),
  service: named,
  /** No visit of the service for so many days, and none booked. */
  overdueDays: z.number().int().min(1).max(3650),
  text: words(1200),
  perDay: z.number().int().min(1).max(500),
  state: z.enum(['draft', 'running', 'paused', 'done']),
  by: idField('account'),
  createdAt: timestampField,
  /** Whom it went to, and what came of it. */
  reached: z
    .array(
      z.strictObject({
        ref,
        at: timestampField,
        outcome: z.enum(['sent', 'booked', 'declined', 'refused', 'asked']),
      }),
    )
    .max(2000),
});
export type Recall = z.infer<typeof recallSchema>;

/** Key `feed:<id>`: how a source is doing, for the page that shows it. */
const feedSchema = z.strictObject({
  t: z.literal('feed'),
  id: localId,
  kind: z.enum(['fhir', 'hl7v2', 'csv']),
  lastAt: timestampField.nullable(),
  taken: uintField,
  refused: uintField,
  /** Newest first. */
  problems: z
    .array(z.strictObject({ at: timestampField, code: z.string().max(60), message: z.string().max(300) }))
    .max(20),
});
export type Feed = z.infer<typeof feedSchema>;

/** Key `held:<id>`: a feed's message that could not be used yet (patient unknown: 24 h) or at all, raw, for a person to look at. */
const heldMessageSchema = z.strictObject({
  t: z.literal('held'),
  id: localId,
  feed: localId,
  at: timestampField,
  until: timestampField,
  code: z.enum(['unknown-patient', 'missing-field', 'unreadable', 'unknown-event']),
  raw: z.string().max(60_000),
  /** Whose it is, as a person said: the agent of the feed takes it for this patient, whatever its identifiers say, and deletes this value. null: nobody said. */
  ref: ref.nullable(),
});
export type HeldMessage = z.infer<typeof heldMessageSchema>;

/** Key `write-back:<appointment>`: a change that Baton made and the source system should have. Taken by the adapter of that source. */
const writeBackSchema = z.strictObject({
  t: z.literal('write-back'),
  appointment: localId,
  /** What changed, newest state only. */
  status: z.enum(APPOINTMENT_STATUSES),
  answer: z.enum(APPOINTMENT_ANSWERS),
  start: timestampField,
  end: timestampField,
  at: timestampField,
  state: z.enum(['waiting', 'taken', 'refused', 'no-adapter']),
  code: z.string().max(120).nullable(),
  tries: uintField,
});
export type WriteBack = z.infer<typeof writeBackSchema>;

/** Key `csv-mapping:<id>`: which column is what, kept for the next file. */
const csvMappingSchema = z.strictObject({
  t: z.literal('csv-mapping'),
  id: localId,
  name: z.string().min(1).max(120),
  columns: z.record(z.string().max(40), z.string().max(200)),
  timeZone,
  /** `yyyy-MM-dd`, `MM/dd/yyyy` or `dd/MM/yyyy`. */
  dateFormat: z.string().max(40),
  statuses: z.record(z.string().max(80), z.enum(APPOINTMENT_STATUSES)),
});
export type CsvMapping = z.infer<typeof csvMappingSchema>;

/** Key `no-show-model`: the practice's own score: coefficients, how it was trained and how it fits. Written by the reminders assistant. */
const noShowModelSchema = z.strictObject({
  t: z.literal('no-show-model'),
  id: z.string().max(60),
  trainedAt: timestampField,
  visits: uintField,
  noShows: uintField,
  /** null: enough data, in use; else why not. */
  off: z.enum(['too-few-visits', 'too-few-no-shows', 'not-calibrated', 'no-better-than-chance']).nullable(),
  /** Named, so that anybody can work a score out by hand. */
  intercept: decimalField(),
  weights: z
    .array(z.strictObject({ feature: z.string().max(60), weight: decimalField(), mean: decimalField() }))
    .max(30),
  /** On visits held out by time. */
  calibration: z
    .array(
      z.strictObject({
        from: decimalField(),
        to: decimalField(),
        visits: uintField,
        predicted: decimalField(),
        observed: decimalField(),
      }),
    )
    .max(10),
  auc: decimalField().nullable(),
  brier: decimalField().nullable(),
});
export type NoShowModel = z.infer<typeof noShowModelSchema>;

/** So many `patient-map` values share the registry's identifiers out: 128 × about 2,400 entries of 100 bytes, each value below 250 KB. */
export const PATIENT_MAP_SHARDS = 128;
/** `system` of a patient's own registry reference: says that `Patient/<id>` is known here, for feeds of the system that the registry came from. */
export const PATIENT_REF_SYSTEM = 'urn:baton:ref';

/**
 * Key `patient-map:<shard>`: which patient an outside system's identifier is, for feeds. Kept by clients of staff from the registry: each identifier of each
 * patient, and the reference itself under `PATIENT_REF_SYSTEM`, in the shard that `patientMapShard` says. An identifier that two patients have is left
 * out: nobody guesses. Sorted by system, then value, so that the same registry is the same value.
 */
const patientMapSchema = z.strictObject({
  t: z.literal('patient-map'),
  shard: z
    .number()
    .int()
    .min(0)
    .max(PATIENT_MAP_SHARDS - 1),
  systems: z
    .array(
      z.strictObject({
        /** `identifier.system`; empty where the registry has none. */
        system: z.string().max(200),
        patients: z
          .array(
            z.strictObject({
              /** `identifier.value`, without space around it. */
              value: z.string().min(1).max(200),
              ref,
              /** Birth date of the registry (ISO 8601, maybe a year only): a feed that says another one is not believed. */
              born: z.string().max(10).nullable(),
            }),
          )
          .max(4000),
      }),
    )
    .max(200),
});
export type PatientMap = z.infer<typeof patientMapSchema>;

/** Shard of an identifier: FNV-1a (32 bit) of the UTF-16 units of `system`, a bar and `value`. */
export function patientMapShard(system: string, value: string): number {
  let hash = 0x811c9dc5;
  const text = `${system}|${value}`;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash % PATIENT_MAP_SHARDS;
}

export const appointmentsValueSchema = z.discriminatedUnion('t', [
  appointmentSchema,
  slotSchema,
  waitEntrySchema,
  preparationSchema,
  reminderSettingsSchema,
  reminderRecordSchema,
  recallSchema,
  feedSchema,
  heldMessageSchema,
  writeBackSchema,
  csvMappingSchema,
  noShowModelSchema,
  patientMapSchema,
]);
export type AppointmentsValue = z.infer<typeof appointmentsValueSchema>;
export const appointmentsCodec = makeCodec<AppointmentsValue>(appointmentsValueSchema, {
  limitBytes: 250_000,
  decimals: true,
});

/** Key under which a value lies in the collection `appointments`. */
export function appointmentsKey(value: AppointmentsValue): string {
  switch (value.t) {
    case 'appointment':
    case 'slot':
    case 'wait':
    case 'preparation':
    case 'recall':
    case 'feed':
    case 'held':
    case 'csv-mapping':
      return `${value.t}:${value.id}`;
    case 'sent':
    case 'write-back':
      return `${value.t}:${value.appointment}`;
    case 'patient-map':
      return patientMapKey(value.shard);
    case 'reminder-settings':
    case 'no-show-model':
      return value.t;
  }
}

/** Where the `patient-map` value of a shard lies. */
export function patientMapKey(shard: number): string {
  return `patient-map:${shard}`;
}
