import { z } from 'zod';
import { CONTRACTS } from './envelope.ts';
import { makeCodec } from './codec.ts';
import { hashField, idField, labelField, memberField, timestampField, uintField } from './fields.ts';

// Organisation records (docs/protocol/batons.md §2): visible, versioned, signed by the device key of somebody who may decide it. Server and
// clients resolve the same answer from them. Carried as `Signed` under the label `sg/record/v1`.

/** Whom a step of a ladder reaches. `owner`: who holds the baton; `backup` and `charge`: roles of the addressed unit. */
export const STEP_TARGETS = ['owner', 'backup', 'charge', 'supervisor'] as const;
const stepTargetField = z.union([z.enum(STEP_TARGETS), memberField]);
export type StepTarget = z.infer<typeof stepTargetField>;

const durationMs = z
  .number()
  .int()
  .min(0)
  .max(30 * 86_400_000);

const ladderBody = z.strictObject({
  kind: z.literal('ladder'),
  ladder: idField('ladder'),
  name: labelField,
  /** In the order in which they fire. After the last one comes the duty supervisor, whether listed or not. */
  steps: z
    .array(
      z.strictObject({
        /** Counted from when the message was committed, or from the deadline. */
        from: z.enum(['open', 'deadline']),
        afterMs: durationMs,
        target: stepTargetField,
      }),
    )
    .min(1)
    .max(20),
  /** After the last step the supervisor is reached again so often until somebody acknowledges. */
  repeatMs: durationMs,
  /** An acknowledged baton that is still open is brought back to its owner, and from there up, after this time. */
  followUpMs: durationMs,
  /** A hand-over that nobody accepts comes back after this time. */
  offerMs: durationMs,
  /** Where these times come from; shown to whoever signs them off. */
  source: z.string().max(300),
  active: z.boolean(),
});
export type Ladder = z.infer<typeof ladderBody>;

const ladderChoice = {
  reply: idField('ladder').nullable(),
  talk: idField('ladder').nullable(),
  stat: idField('ladder').nullable(),
};

const unitBody = z.strictObject({
  kind: z.literal('unit'),
  unit: idField('unit'),
  /** The name that role statements carry as their unit. */
  name: labelField,
  backup: idField('role').nullable(),
  charge: idField('role').nullable(),
  /** null: the organisation's. */
  ladders: z.strictObject(ladderChoice),
  /** Telephone of the unit, shown beside every stat and escalation. */
  callback: z.string().max(60).nullable(),
  /** Whether notices outside the app may show the sender's staff name. */
  showSender: z.strictObject({ reply: z.boolean(), talk: z.boolean(), stat: z.boolean() }),
  active: z.boolean(),
});
export type Unit = z.infer<typeof unitBody>;

const queueBody = z.strictObject({
  kind: z.literal('queue'),
  queue: idField('queue'),
  name: labelField,
  /** Whoever holds one of these may take a baton from the queue. */
  roles: z.array(idField('role')).min(1).max(20),
  /** Accountable as long as nobody took it. */
  defaultOwner: memberField,
  active: z.boolean(),
});
export type Queue = z.infer<typeof queueBody>;

/** Minutes after midnight, wall clock. */
const minuteOfDay = z.number().int().min(0).max(1439);

const scheduleBody = z.strictObject({
  kind: z.literal('schedule'),
  role: idField('role'),
  /** IANA name of the time zone in which the times are meant. */
  timeZone: z.string().min(1).max(60),
  /** `to` at or before `from` ends on the next day; equal is 24 hours. Several at the same time hold the role together. */
  weekly: z
    .array(
      z.strictObject({
        /** ISO 8601: 1 is Monday. */
        day: z.number().int().min(1).max(7),
        from: minuteOfDay,
        to: minuteOfDay,
        account: idField('account'),
      }),
    )
    .max(200),
  active: z.boolean(),
});
export type Schedule = z.infer<typeof scheduleBody>;

/** Somebody holds a role for a time, whatever the schedule says: taken on the spot, swapped, called in. */
const coverBody = z.strictObject({
  kind: z.literal('cover'),
  cover: idField('event'),
  role: idField('role'),
  account: idField('account'),
  /** Whom it replaces; null: holds it as well. */
  instead: idField('account').nullable(),
  from: timestampField,
  until: timestampField,
  active: z.boolean(),
});
export type Cover = z.infer<typeof coverBody>;

/** Signed by the account itself, or by whoever may deactivate it. */
const availabilityBody = z.strictObject({
  kind: z.literal('availability'),
  account: idField('account'),
  duty: z.enum(['on', 'off']),
  /** Who stands in while off duty. */
  cover: memberField.nullable(),
  /** End of `off`; null: until changed. */
  until: timestampField.nullable(),
});
export type Availability = z.infer<typeof availabilityBody>;

const policyBody = z.strictObject({
  kind: z.literal('policy'),
  /** The role in which every ladder ends. */
  supervisor: idField('role'),
  ladders: z.strictObject({ reply: idField('ladder'), talk: idField('ladder'), stat: idField('ladder') }),
  /** Choices for `reply`, in milliseconds, the first is suggested. */
  replyWithinMs: z.array(durationMs).min(1).max(8),
  talkWithinMs: durationMs,
  statWithinMs: durationMs,
  /** Suggested contract of a message that opens an exchange. */
  opening: z.enum(CONTRACTS),
  /** What is tried, and how long after a step, when no device has confirmed: web push, then a text or voice notice. */
  notices: z.strictObject({
    stat: z.strictObject({ pushMs: durationMs, textMs: durationMs }),
    talk: z.strictObject({ pushMs: durationMs, textMs: durationMs }),
    reply: z.strictObject({ pushMs: durationMs, textMs: durationMs }),
  }),
  /** Shown where no unit gives a number. */
  callback: z.string().max(60).nullable(),
});
export type OrgPolicy = z.infer<typeof policyBody>;

const recordBodySchema = z.discriminatedUnion('kind', [
  ladderBody,
  unitBody,
  queueBody,
  scheduleBody,
  coverBody,
  availabilityBody,
  policyBody,
]);
export type RecordBody = z.infer<typeof recordBodySchema>;
export type RecordKind = RecordBody['kind'];
export type RecordBodyOf<K extends RecordKind> = Extract<RecordBody, { kind: K }>;

const orgRecordSchema = z.strictObject({
  v: z.literal(1),
  t: z.literal('record'),
  org: idField('org'),
  /** Counts from 1 for each subject (`recordSubject`). */
  version: uintField,
  /** Hash of the version before; null for the first. */
  prev: hashField.nullable(),
  author: idField('account'),
  dk: hashField,
  ts: timestampField,
  body: recordBodySchema,
});
export type OrgRecord = z.infer<typeof orgRecordSchema>;
export const orgRecordCodec = makeCodec<OrgRecord>(orgRecordSchema, { limitBytes: 32_768 });

/** What a record is about: its versions form one chain. `policy` is one for the organisation. */
export function recordSubject(body: RecordBody): string {
  switch (body.kind) {
    case 'ladder':
      return `ladder:${body.ladder}`;
    case 'unit':
      return `unit:${body.unit}`;
    case 'queue':
      return `queue:${body.queue}`;
    case 'schedule':
      return `schedule:${body.role}`;
    case 'cover':
      return `cover:${body.cover}`;
    case 'availability':
      return `availability:${body.account}`;
    case 'policy':
      return 'policy';
  }
}
