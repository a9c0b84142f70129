import { z } from 'zod';
import { makeCodec } from './codec.ts';
import { languageField } from './content.ts';
import {
  bytesBetween,
  decimalField,
  hashField,
  idField,
  ownerField,
  timestampField,
  uintField,
} from './fields.ts';

// Values of the organisation's named collection `programmes` (docs/protocol/programmes.md §2). Only the client wing ever decodes these.

const ref = z.string().min(1).max(200);
const localId = z.string().min(1).max(160);
/** ISO 8601 calendar date in the patient's time zone. */
const localDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const minuteOfDay = z.number().int().min(0).max(1439);

const protocolId = z.string().regex(/^[a-z][a-z0-9-]{1,59}$/);

/** As what a person signs: `author` wrote it; `clinician` answers for its content. Two different people. */
export const PROTOCOL_SIGNERS = ['author', 'clinician'] as const;
export type ProtocolSigner = (typeof PROTOCOL_SIGNERS)[number];

/** What is signed of a protocol: which exact document, by whom, as what. Carried as `Signed` under `sg/protocol-signature/v1`, by a device key. */
const protocolSignatureBody = z.strictObject({
  v: z.literal(1),
  t: z.literal('protocol-signature'),
  org: idField('org'),
  protocol: protocolId,
  version: z.number().int().min(1),
  /** Hash of the document (`protocolVersionSchema.hash`). */
  hash: hashField,
  as: z.enum(PROTOCOL_SIGNERS),
  by: idField('account'),
  /** Hash of the signing device's certificate. */
  dk: hashField,
  at: timestampField,
});
export type ProtocolSignatureBody = z.infer<typeof protocolSignatureBody>;
export const protocolSignatureCodec = makeCodec<ProtocolSignatureBody>(protocolSignatureBody, {
  limitBytes: 1000,
});

/**
 * Key `signature:<id>:<version>:<as>`: a signature of a protocol, in a value of its own, so that the commit time of its put says when it was made at the
 * latest: a device that was revoked meanwhile cannot make one of the past.
 */
const protocolSignatureSchema = z.strictObject({
  t: z.literal('signature'),
  protocol: protocolId,
  version: z.number().int().min(1),
  as: z.enum(PROTOCOL_SIGNERS),
  /** Signed `ProtocolSignatureBody`, encoded. */
  signed: bytesBetween(1, 2000),
});
export type ProtocolSignature = z.infer<typeof protocolSignatureSchema>;

/**
 * Key `protocol:<id>:<version>`: a check-in protocol. `body` is canonical JSON of the document that packages/clinical reads (`parseProtocol`); `hash` its
 * SHA-256 under the label `sg/protocol/v1`. A signed version never changes.
 */
const protocolVersionSchema = z.strictObject({
  t: z.literal('protocol'),
  id: protocolId,
  version: z.number().int().min(1),
  name: z.string().min(1).max(120),
  /** For lists. Whether it may run is said by its signatures alone. */
  state: z.enum(['draft', 'signed', 'retired']),
  body: z.string().max(180_000),
  hash: hashField,
  updatedAt: timestampField,
  by: idField('account'),
});
export type ProtocolVersion = z.infer<typeof protocolVersionSchema>;

/** One tablet size and how many of it at one time of the day. */
const doseSchema = z.strictObject({
  strengthMg: decimalField({ min: Number.MIN_VALUE }),
  tablets: z.number().int().min(0).max(20),
});

/** The patient's medication as ordered: what the day's plan is computed from. A plan whose order changed, or that is past `reviewBy`, is stale. */
const regimenSchema = z.strictObject({
  drug: z.string().min(1).max(120),
  /** Order that it was taken from, as the record system names it; null: entered by hand. */
  order: z.string().max(200).nullable(),
  /** Counts from 1; each change of the order is a new one. */
  version: z.number().int().min(1),
  cycleStart: localDate,
  cycleDays: z.number().int().min(1).max(84),
  /** Days of the cycle on which it is taken, from 1. */
  onDays: z.array(z.number().int().min(1).max(84)).max(84),
  cycles: z.number().int().min(1).max(60).nullable(),
  times: z
    .array(
      z.strictObject({
        id: z.enum(['morning', 'noon', 'evening', 'night']),
        doses: z.array(doseSchema).min(1).max(4),
      }),
    )
    .min(1)
    .max(4),
  /** From, until (inclusive; null: until lifted), why. */
  holds: z
    .array(z.strictObject({ from: localDate, until: localDate.nullable(), reason: z.string().max(200) }))
    .max(40),
  /** Whoever looks after it looks again by this day; afterwards no dose is named. */
  reviewBy: localDate,
  confirmedBy: idField('account'),
  confirmedAt: timestampField,
});
export type Regimen = z.infer<typeof regimenSchema>;

export const ENROLMENT_STATES = ['invited', 'active', 'paused', 'held', 'ended'] as const;
/** Key `enrolment:<id>`: a patient on a protocol. */
const enrolmentSchema = z.strictObject({
  t: z.literal('enrolment'),
  id: idField('event'),
  ref,
  protocol: z.strictObject({ id: z.string().max(60), version: uintField, hash: hashField }),
  /** Consent record `check-ins`: daily texts need one. */
  consent: idField('event'),
  language: languageField,
  timeZone: z.string().min(1).max(60),
  /** When the day's messages go, by the schedule's names, minutes after midnight of the patient's clocks. */
  times: z.record(z.string().max(40), minuteOfDay),
  /** Who answers beside or for the patient; null: the patient. */
  proxy: idField('account').nullable(),
  startsOn: localDate,
  state: z.enum(ENROLMENT_STATES),
  /** Why paused, held or ended, and since when. */
  reason: z.string().max(200).nullable(),
  since: timestampField,
  /** Paused until this day; null: until resumed. */
  resumesOn: localDate.nullable(),
  regimen: regimenSchema.nullable(),
  /** An order that changed and nobody has looked at: no dose text goes out. */
  stale: z.strictObject({ since: timestampField, why: z.string().max(200) }).nullable(),
  /** Values that the site set for this patient (thresholds of the protocol's settings). */
  settings: z.record(z.string().max(60), decimalField()),
  /** Who is asked first; null: the protocol's. */
  askTo: ownerField.nullable(),
  by: idField('account'),
  createdAt: timestampField,
});
export type Enrolment = z.infer<typeof enrolmentSchema>;

/** Key `run:<enrolment>:<date>:<slot>`: one dialogue of one day, from its first question to its end. Each step is written before it is sent. */
export const runSchema = z.strictObject({
  t: z.literal('run'),
  enrolment: idField('event'),
  ref,
  date: localDate,
  /** Name of the schedule's entry, or `free-<n>` for one that the patient began. */
  slot: z.string().max(40),
  protocol: z.strictObject({ id: z.string().max(60), version: uintField }),
  startedAt: timestampField,
  /** Engine state (`packages/clinical`), canonical JSON. */
  state: z.string().max(20_000),
  steps: z
    .array(
      z.strictObject({
        at: timestampField,
        /** Question or advice of the protocol; for an answer the question. */
        node: z.string().max(60),
        kind: z.enum(['ask', 'advise', 'answer', 'unclear', 're-ask', 'alert', 'end']),
        message: idField('message').nullable(),
        /** Understood value: choice, number with unit, symptom; null where nothing was. */
        value: z
          .strictObject({
            code: z.string().max(60),
            number: decimalField().nullable(),
            second: decimalField().nullable(),
            unit: z.string().max(20).nullable(),
          })
          .nullable(),
        grade: z.number().int().min(0).max(5).nullable(),
      }),
    )
    .max(60),
  outcome: z.enum(['open', 'advised', 'alerted', 'silent', 'ended', 'held']),
  band: z.enum(['green', 'amber', 'red']).nullable(),
  endedAt: timestampField.nullable(),
});
export type CheckInRun = z.infer<typeof runSchema>;

/** What a concern is about; a protocol's branches name one. */
export const ALERT_KINDS = [
  'symptom',
  'dose',
  'fever',
  'reading',
  'red-flag',
  'unclear',
  'silence',
  'stale-plan',
  'asked',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];
export const ALERT_ACTS = ['call', 'video', 'visit', 'message', 'none'] as const;
/** Key `alert:<id>`: a concern, from the moment that it was found until somebody has spoken to the patient. */
export const alertSchema = z.strictObject({
  t: z.literal('alert'),
  id: idField('event'),
  enrolment: idField('event'),
  ref,
  date: localDate,
  at: timestampField,
  band: z.enum(['amber', 'red']),
  /** For staff: reason in words, and the line of the protocol that says so. */
  reason: z.string().max(400),
  line: z.string().max(200),
  kind: z.enum(ALERT_KINDS),
  /** Message in the sidebar that asks. */
  message: idField('message').nullable(),
  callBackBy: timestampField,
  /** What the clinician chose, and when it was done: the clock runs until then. */
  act: z
    .strictObject({
      way: z.enum(ALERT_ACTS),
      by: idField('account'),
      chosenAt: timestampField,
      doneAt: timestampField.nullable(),
      appointment: localId.nullable(),
      note: z.string().max(400),
    })
    .nullable(),
  /** Afterwards: patient's "urgent or can it wait?", nurse's "useful?". */
  patientSays: z.enum(['urgent', 'can-wait']).nullable(),
  nurseSays: z.enum(['useful', 'not-useful']).nullable(),
  /** What the suppression model would have done. In shadow only: nothing follows from it. */
  shadow: z
    .strictObject({ model: z.string().max(60), wouldSuppress: z.boolean(), score: decimalField() })
    .nullable(),
});
export type CheckInAlert = z.infer<typeof alertSchema>;

export const programmesValueSchema = z.discriminatedUnion('t', [
  protocolVersionSchema,
  protocolSignatureSchema,
  enrolmentSchema,
  runSchema,
  alertSchema,
]);
export type ProgrammesValue = z.infer<typeof programmesValueSchema>;
export const programmesCodec = makeCodec<ProgrammesValue>(programmesValueSchema, {
  limitBytes: 250_000,
  decimals: true,
});

/** Key under which a value lies in the collection `programmes`. */
export function programmesKey(value: ProgrammesValue): string {
  switch (value.t) {
    case 'protocol':
      return `protocol:${value.id}:${value.version}`;
    case 'signature':
      return protocolSignatureKey(value);
    case 'enrolment':
    case 'alert':
      return `${value.t}:${value.id}`;
    case 'run':
      return `run:${value.enrolment}:${value.date}:${value.slot}`;
  }
}

export function protocolSignatureKey(of: Pick<ProtocolSignature, 'protocol' | 'version' | 'as'>): string {
  return `signature:${of.protocol}:${of.version}:${of.as}`;
}
