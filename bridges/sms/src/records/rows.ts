import { TEXT_MODES, TEXT_STATES } from '@baton/wire';
import { isId, type ConversationId, type MessageId } from '@baton/kernel';
import { z } from 'zod';

// What the texting assistant remembers, sealed in its state collection: ids, numbers, times and states. No words of anybody; a text is made again from its
// message each time it is needed.

const ref = z.string().min(1).max(200);
const at = z.number().int().nonnegative();
const conversation = z.custom<ConversationId>(
  (value) => typeof value === 'string' && isId('conversation', value),
);
const message = z.custom<MessageId>((value) => typeof value === 'string' && isId('message', value));
const state = z.enum(TEXT_STATES);

const ANSWERS = ['opt-out', 'opt-in', 'help', 'received', 'after-hours', 'emergency', 'who'] as const;

/** Key `<carrier>.<its id>`: what was decided about an inbound text, before anything was done about it. A repeat goes on where the first broke off. */
export const inboundRow = z.strictObject({
  at,
  conv: conversation,
  ref: ref.nullable(),
  person: z.string().max(120).nullable(),
  optOut: z.strictObject({ wrongNumber: z.boolean() }).nullable(),
  optIn: z.boolean(),
  /** Texts of this number that wait in the queue and belong to `ref`, as the sender now says. */
  file: z.array(message).max(50),
  /** Wait for whose they are. */
  asksWho: z.boolean(),
  answers: z.array(z.enum(ANSWERS)).max(4),
  mayComeBack: z.boolean(),
  /** The programme's question that it answers; `choice` where its whole is one of the letters. */
  prompt: z
    .strictObject({ prompt: message, choice: z.string().max(2).nullable() })
    .nullable()
    .default(null),
  done: z.boolean(),
});
export type InboundRow = z.infer<typeof inboundRow>;

/** When automatic answers went to a run of texts: a run ends with an answer of staff. */
const runRow = z.strictObject({
  lastAt: at,
  receivedAt: at.nullable(),
  afterHoursAt: at.nullable(),
  emergencyAt: at.nullable(),
});
export type RunRow = z.infer<typeof runRow>;

/** Key: the number. */
export const numberRow = z.strictObject({
  /** Who said that they were writing; counts for thirty minutes. */
  writer: z.strictObject({ ref, until: at }).nullable(),
  /** Was asked who writes: the texts that wait for it. */
  asked: z.strictObject({ until: at, messages: z.array(message).max(50) }).nullable(),
  /** When a text last said how to end texts. */
  stopNoticeAt: at.nullable(),
  /** Of texts that went to the queue. */
  run: runRow.nullable(),
});
export type NumberRow = z.infer<typeof numberRow>;

/** Key: the patient's ref, or the number where it belongs to nobody. */
export const contactRow = z.strictObject({
  sent: z.array(z.strictObject({ at, text: z.string().max(80) })).max(400),
});
export type ContactRow = z.infer<typeof contactRow>;

/** A programme's question: which letters answer it, and until when. */
const askedRow = z.strictObject({
  message,
  seq: at,
  keys: z.array(z.string().max(2)).max(9),
  until: at,
  answered: z.boolean(),
});
export type AskedRow = z.infer<typeof askedRow>;

/** Key: the conversation. */
export const threadRow = z.strictObject({
  /** Position of the stream up to which messages of staff were looked at. */
  upTo: z.number().int().nonnegative(),
  run: runRow.nullable(),
  /** Questions that a text can answer. */
  asked: z.array(askedRow).max(40).default([]),
  /** Texts with content that have to go, in order. */
  plain: z
    .array(z.strictObject({ message, seq: at, dueAt: at, said: z.string().max(60).nullable() }))
    .max(200),
  /** Messages that a notice announces while none of them was opened. */
  notice: z
    .strictObject({
      /** Position and time of the first of them. */
      since: at,
      firstAt: at,
      messages: z
        .array(z.strictObject({ message, seq: at }))
        .min(1)
        .max(200),
      /** Texts that went: the notice, then reminders. */
      texts: z.number().int().nonnegative(),
      lastTextAt: at.nullable(),
      dueAt: at,
      /** Of what was last said about it in the thread. */
      said: z.string().max(60).nullable(),
    })
    .nullable(),
});
export type ThreadRow = z.infer<typeof threadRow>;

/** Key: carrier's reference of ours. One text on its way, in its parts; kept until reports have come. */
export const textRow = z.strictObject({
  /** What it is for: an order's id, or the conversation. */
  order: z.string().max(40).nullable(),
  conv: conversation.nullable(),
  /** Messages whose mark tells what became of it. */
  messages: z.array(message).max(200),
  mode: z.enum(TEXT_MODES),
  /** Number or address that it goes to. */
  to: z.string().max(200),
  /** Whose contact it counts as; null: an answer. */
  contact: ref.nullable(),
  madeAt: at,
  /** Says how to end texts. */
  withStop: z.boolean(),
  parts: z
    .array(
      z.strictObject({
        state,
        carrierId: z.string().max(200).nullable(),
        code: z.string().max(60).nullable(),
        tries: z.number().int().nonnegative(),
      }),
    )
    .max(99),
  segments: z.number().int().nonnegative(),
  /** What was last said of it: in the thread, and in its order. */
  told: z.string().max(80).nullable(),
});
export type TextRow = z.infer<typeof textRow>;

/** Key: `<inbound key>.<kind>`. An automatic answer that has to go. */
export const answerRow = z.strictObject({
  kind: z.enum(ANSWERS),
  to: z.string().max(20),
  ref: ref.nullable(),
  conv: conversation,
  language: z.enum(['en', 'es']),
  receivedAt: at,
  mayComeBack: z.boolean(),
});
export type AnswerRow = z.infer<typeof answerRow>;

/** Key: `<inbound key>.<index>`. A picture or file that could not be fetched yet. */
export const mediaRow = z.strictObject({
  url: z.string().max(2000),
  mime: z.string().max(120),
  conv: conversation,
  replyTo: message,
  from: z.string().max(20),
  person: z.string().max(120).nullable(),
  tries: z.number().int().nonnegative(),
  dueAt: at,
});
export type MediaRow = z.infer<typeof mediaRow>;

/** Key: a carrier's id of a text that is not known (yet): its report came first. */
export const reportRow = z.strictObject({ at, state, code: z.string().max(60).nullable() });
export type ReportRow = z.infer<typeof reportRow>;

export const saltRow = z.strictObject({ salt: z.string().min(20).max(80) });
