import { alertSchema, ENROLMENT_STATES, idField, promptSchema, runSchema } from '@baton/wire';
import { z } from 'zod';

const messageId = idField('message');
const eventId = idField('event');
const ownerId = z.union([idField('role'), idField('queue'), idField('account')]);
const at = z.number().int().nonnegative();
const localDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/**
 * What is still to be carried out. Written with the decision that led to it, taken away when it is done; each is one act however often it is tried, by
 * the ids that it carries.
 */
const effectSchema = z.discriminatedUnion('t', [
  /** A message to the patient. */
  z.strictObject({
    t: z.literal('say'),
    id: messageId,
    text: z.string().max(4000),
    prompt: promptSchema.nullable(),
    /** The patient's message that it answers at once; null: this program's own beginning, which keeps quiet hours. */
    replyTo: messageId.nullable(),
    /** Said whatever the hour: words for an emergency. */
    urgent: z.boolean(),
    /** Run whose question it is, by key; one that the run has left is not asked any more. null: no question. */
    run: z.string().nullable(),
    /** When it was decided; for an answer, when the patient wrote: so soon after it, it is part of that exchange at night as well. */
    sinceMs: at,
    /** Worth nothing afterwards. */
    notAfter: at.nullable(),
    /** Since when it could not be sent, when that was tried last, and whether staff know. */
    stuck: z.strictObject({ since: at, tried: at, told: z.boolean() }).optional(),
  }),
  /** A question to staff, in the sidebar. `alert`: whose message it becomes. */
  z.strictObject({
    t: z.literal('ask'),
    id: messageId,
    contract: z.enum(['stat', 'reply']),
    text: z.string().max(4000),
    first: ownerId.nullable(),
    withinMs: z.number().int().positive().nullable(),
    alert: eventId.nullable(),
  }),
  /** Ends what an answer asked of staff. */
  z.strictObject({ t: z.literal('settle'), message: messageId }),
  /** Ends what an own alert asked, because another one has taken its place. */
  z.strictObject({ t: z.literal('withdraw-alert'), alert: eventId, note: z.string().max(200) }),
  /** Ends what own messages in the sidebar asked: it is done. */
  z.strictObject({
    t: z.literal('close-asks'),
    messages: z.array(messageId).max(62),
    first: ownerId.nullable(),
  }),
  z.strictObject({ t: z.literal('patient-says'), alert: eventId, says: z.enum(['urgent', 'can-wait']) }),
  z.strictObject({
    t: z.literal('enrolment'),
    from: z.array(z.enum(ENROLMENT_STATES)),
    to: z.enum(ENROLMENT_STATES),
    reason: z.string().max(200).nullable(),
    at,
  }),
  z.strictObject({ t: z.literal('consent'), at, how: z.enum(['web', 'text']), note: z.string().max(400) }),
]);
export type Effect = z.infer<typeof effectSchema>;
export type EffectOf<T extends Effect['t']> = Extract<Effect, { t: T }>;

/** What is remembered of one enrolment. Everything that is to happen follows from it, the enrolment and its protocol. */
export const trackSchema = z.strictObject({
  v: z.literal(1),
  /** Counts writes: the fence between two that would decide at the same time. */
  rev: z.number().int().positive(),
  ref: z.string(),
  /** Slots that were begun or given up, by date, for the newest dates. */
  days: z.array(z.strictObject({ date: localDate, slots: z.array(z.string().max(40)).max(12) })).max(4),
  /** Every date before it is decided. */
  from: localDate,
  /** The dialogue that is open; null: none. */
  run: z.string().nullable(),
  /** When the open dialogue goes on by itself. */
  later: z.strictObject({ atMs: z.number(), what: z.string().max(80) }).nullable(),
  /** Questions of the newest dialogues that count answers, newest last: an answer names one of them. */
  prompts: z
    .array(
      z.strictObject({ id: messageId, run: z.string(), node: z.string(), choice: z.string().nullable() }),
    )
    .max(24),
  /** The invitation that was sent. */
  invited: z
    .strictObject({
      ids: z.array(messageId).min(1).max(4),
      at,
      /** How often it was sent by itself. */
      asks: z.number().int().positive(),
      /** An answer was not understood. */
      unclear: z.boolean(),
      /** Staff look after it. */
      told: z.boolean(),
    })
    .nullable(),
  /** Silent runs in a row. */
  silent: z.number().int().nonnegative(),
  /** Answers of the last 24 hours, `question:code`, where the protocol counts them. */
  recent: z.array(z.strictObject({ at, what: z.string().max(120) })).max(60),
  /** Questions with an amber answer on a date. */
  ambers: z.strictObject({ date: localDate, questions: z.array(z.string().max(60)).max(60) }).nullable(),
  /** Alerts whose clock runs. */
  alerts: z
    .array(
      z.strictObject({
        id: eventId,
        kind: z.string().max(20),
        band: z.enum(['amber', 'red']),
        /** `run` and key within it. */
        concern: z.string().max(260),
        callBackBy: at,
        everyMs: z.number().int().positive(),
        /** The newest notes that asked again. */
        nudges: z.array(messageId).max(60),
        /** How often staff were asked again, and when they are the next time. */
        nudged: z.number().int().nonnegative().default(0),
        /** null: when the time to call back is over. */
        nudgeFrom: at.nullable().default(null),
        /** Whom the protocol names for it; null: nobody. */
        owner: z
          .union([idField('role'), idField('queue'), idField('account')])
          .nullable()
          .default(null),
      }),
    )
    .max(60),
  /** The newest alert of a dialogue: of it the patient is asked. */
  newest: z.strictObject({ run: z.string(), alert: eventId }).nullable(),
  /** Why staff were told that nothing goes out, so that they are told once. */
  told: z.string().max(120).nullable(),
  /** Patients' own dialogues so far: their numbers. */
  free: z.number().int().nonnegative(),
  /** Newest messages that were dealt with. */
  handled: z.array(messageId).max(40),
  /** Values to be written before anything else is done. */
  writes: z.array(z.discriminatedUnion('t', [runSchema, alertSchema])).max(20),
  todo: z.array(effectSchema).max(40),
});
export type Track = z.infer<typeof trackSchema>;

export function newTrack(ref: string, from: string): Track {
  return {
    v: 1,
    rev: 1,
    ref,
    days: [],
    from,
    run: null,
    later: null,
    prompts: [],
    invited: null,
    silent: 0,
    recent: [],
    ambers: null,
    alerts: [],
    newest: null,
    told: null,
    free: 0,
    handled: [],
    writes: [],
    todo: [],
  };
}
