import { ALERT_KINDS } from '@baton/wire';
import { z } from 'zod';
import type { ExpectationKind } from '../understanding/understanding.ts';

// The document of a check-in programme (docs/protocol/programmes.md §2, §5; docs/decisions/0015-check-in-protocols-are-data.md). Everything clinical, each text,
// threshold and clock, is in it; the engine knows none.

const key = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'small letters, figures and dashes, at most 40');
/** A text in every language of the programme. Places in braces are filled by `fillText`. */
const words = z.strictObject({ en: z.string().min(1).max(900), es: z.string().min(1).max(900) });
export type Words = z.infer<typeof words>;
/** Where a line comes from: keys of `sources`. */
const cited = { sources: z.array(key).min(1).max(6) };

const sourceSchema = z.strictObject({
  /**
   * `published`: a paper, label or public page. `programme`: what is known of somebody's running programme. `proposal`: this document's own; nobody has shown that it is
   * right, and whoever signs decides.
   */
  kind: z.enum(['published', 'programme', 'proposal']),
  title: z.string().min(1).max(300),
  publisher: z.string().max(160),
  /** Address of the page; empty for a proposal. */
  address: z.string().max(400),
  /** What was not read, or not found, of it. */
  note: z.string().max(400),
});

/** A value that the site has to give before a patient is enrolled. There is no default: a threshold is never this document's own. */
const settingSchema = z.strictObject({
  key,
  label: words,
  unit: z.string().max(20).nullable(),
  /** Published values to choose from; empty: any number of `range`. */
  choices: z.array(z.strictObject({ value: z.number(), label: words, ...cited })).max(8),
  range: z.strictObject({ min: z.number(), max: z.number() }).nullable(),
  /** Has to be higher than this other one. */
  above: key.nullable(),
  ...cited,
});
export type ProtocolSetting = z.infer<typeof settingSchema>;

/** A number, or the value of a setting. */
const bound = z.union([z.number(), z.strictObject({ setting: key })]);
export type Bound = z.infer<typeof bound>;

/** `from` belongs to it, `below` does not; null: open on that side. */
const band = z.strictObject({ from: bound.nullable(), below: bound.nullable() });
export type NumberBand = z.infer<typeof band>;

const conditionSchema = z.discriminatedUnion('t', [
  /** One of these codes, and at least `earlier` answers like it before: in this run, or (`day`, and where nothing is said) in the 24 hours before it as well. */
  z.strictObject({
    t: z.literal('code'),
    codes: z.array(key).min(1).max(12),
    earlier: z.number().int().min(0).max(6),
    within: z.enum(['run', 'day']).optional(),
  }),
  z.strictObject({ t: z.literal('number'), band }),
  /** Upper and lower value of a blood pressure. */
  z.strictObject({
    t: z.literal('pressure'),
    join: z.enum(['any', 'all']),
    upper: band.nullable(),
    lower: band.nullable(),
    /** Both values have to be below these; null: no limit. */
    under: z.strictObject({ upper: bound, lower: bound }).nullable(),
    /** Both values have to be at these or above; not there: no limit. */
    over: z.strictObject({ upper: bound, lower: bound }).optional(),
  }),
]);
export type Condition = z.infer<typeof conditionSchema>;

const nextSchema = z.discriminatedUnion('t', [
  /** The next question that is still to be asked; without one, the end. */
  z.strictObject({ t: z.literal('on') }),
  /** The end of the dialogue, whatever was still to be asked. */
  z.strictObject({ t: z.literal('end') }),
  /** The end of the programme for this patient. */
  z.strictObject({ t: z.literal('stop') }),
  /** The same question again after this time. */
  z.strictObject({ t: z.literal('wait'), minutes: z.number().int().min(5).max(1440) }),
]);
export type Next = z.infer<typeof nextSchema>;

export { ALERT_KINDS, type AlertKind } from '@baton/wire';

export const BANDS = ['green', 'amber', 'red'] as const;
export type Band = (typeof BANDS)[number];

const branchSchema = z.strictObject({
  id: key,
  /** The protocol's line in words, for staff. */
  about: z.string().min(1).max(140),
  when: conditionSchema,
  band: z.enum(BANDS),
  grade: z.strictObject({ term: key, grade: z.number().int().min(0).max(5) }).nullable(),
  /** Texts of `advice`, in this order. */
  advise: z.array(key).max(4),
  /** A key of `escalations`; null: nobody is told. */
  alert: z.strictObject({ escalation: key, kind: z.enum(ALERT_KINDS) }).nullable(),
  /** Questions that are to be asked because of this answer. They are asked in the order of the document, each once. */
  asks: z.array(key).max(12),
  next: nextSchema,
  ...cited,
});
export type Branch = z.infer<typeof branchSchema>;

const choiceSchema = z.strictObject({
  key: z.string().regex(/^[A-Z0-9]{1,2}$/),
  code: key,
  /** What the page's button says, and the text beside the letter. */
  label: z.strictObject({ en: z.string().min(1).max(80), es: z.string().min(1).max(80) }),
  /** Other words that mean it. */
  words: z.strictObject({
    en: z.array(z.string().min(1).max(60)).max(30),
    es: z.array(z.string().min(1).max(60)).max(30),
  }),
});
export type ProtocolChoice = z.infer<typeof choiceSchema>;

const KINDS = [
  'dose',
  'wellbeing',
  'yes-no',
  'count',
  'temperature',
  'blood-pressure',
  'choice',
  'urgency',
  'photo',
  'free',
] as const satisfies readonly ExpectationKind[];

const asking = {
  text: words,
  /** The same in other words, for an answer that was not understood. */
  again: words,
  kind: z.enum(KINDS),
  choices: z.array(choiceSchema).max(9),
  /** What is believed of a number; beyond it the answer is not understood. */
  range: z.strictObject({ min: z.number(), max: z.number() }).nullable(),
  /** Unit in which numbers of the branches are; an answer in another is turned into it. */
  unit: z.string().max(20).nullable(),
};

const questionSchema = z.strictObject({
  id: key,
  /** What it is about: ambers of the same item count once. */
  item: key,
  ...asking,
  /** Each answer fits one; of those that count earlier answers the first counts. */
  branches: z.array(branchSchema).min(1).max(24),
  ...cited,
});
export type Question = z.infer<typeof questionSchema>;

const adviceSchema = z.strictObject({
  id: key,
  text: words,
  /** Says not to take a dose until somebody has called: the one exception to "no text changes a dose", and only with an alert. */
  hold: z.boolean(),
  ...cited,
});
export type Advice = z.infer<typeof adviceSchema>;

const escalationSchema = z.strictObject({
  id: key,
  band: z.enum(['amber', 'red']),
  contract: z.enum(['stat', 'reply']),
  /** Whom it is for, in words; the site says who that is (`owner`, or the enrolment's `askTo`). */
  to: z.string().min(1).max(160),
  owner: z.string().max(80).nullable(),
  /** By when the patient is called. */
  callBack: z.discriminatedUnion('t', [
    z.strictObject({ t: z.literal('minutes'), minutes: bound }),
    z.strictObject({ t: z.literal('business-days'), days: z.number().int().min(1).max(5) }),
  ]),
  /** Text of `advice` that says what happens next. */
  tell: key,
  ...cited,
});
export type Escalation = z.infer<typeof escalationSchema>;

const slotDaysSchema = z.discriminatedUnion('t', [
  /** Every `step` days from the enrolment's first day (0) plus `from`, until `until` (inclusive; null: until it ends). */
  z.strictObject({
    t: z.literal('every'),
    from: z.number().int().min(0).max(730),
    until: z.number().int().min(0).max(730).nullable(),
    step: z.number().int().min(1).max(60),
  }),
  /** These days from the enrolment's first day, 0 being that day: a taper. */
  z.strictObject({
    t: z.literal('offsets'),
    offsets: z.array(z.number().int().min(0).max(730)).min(1).max(120),
  }),
  /** ISO 8601 days of the week, 1 being Monday. */
  z.strictObject({
    t: z.literal('weekdays'),
    days: z.array(z.number().int().min(1).max(7)).min(1).max(7),
  }),
  /** Days of the regimen's cycle, from 1. */
  z.strictObject({
    t: z.literal('cycle-days'),
    days: z.array(z.number().int().min(1).max(84)).min(1).max(84),
  }),
]);

const startSchema = z.strictObject({
  /** First question, and what is asked with it. Empty: nothing is asked. */
  asks: z.array(key).max(12),
  advise: z.array(key).max(4),
  alert: z
    .strictObject({ escalation: key, kind: z.enum(ALERT_KINDS), about: z.string().max(140) })
    .nullable(),
});
export type SlotStart = z.infer<typeof startSchema>;

const slotSchema = z.strictObject({
  id: key,
  name: words,
  /** Minutes after midnight of the patient's clocks, where the enrolment says nothing else. */
  minute: z.number().int().min(0).max(1439),
  days: slotDaysSchema,
  /** Time of the regimen whose tablets it speaks of; null: none. */
  doses: z.enum(['morning', 'noon', 'evening', 'night']).nullable(),
  /** Without a regimen `usual` only. With one: a day with tablets, a day off, on hold, or with a plan that nobody stands for. */
  starts: z.union([
    z.strictObject({ usual: startSchema }),
    z.strictObject({ doses: startSchema, off: startSchema, held: startSchema, stale: startSchema }),
  ]),
  ...cited,
});
export type Slot = z.infer<typeof slotSchema>;

const rungSchema = z.discriminatedUnion('t', [
  /** After this many silent runs in a row: the next one asks this question in place of its own. */
  z.strictObject({ t: z.literal('last-check'), after: z.number().int().min(1).max(20), asks: key }),
  /** Somebody looks after the patient. Again with each further silent run while nobody has. */
  z.strictObject({ t: z.literal('task'), after: z.number().int().min(1).max(20), escalation: key }),
  z.strictObject({ t: z.literal('stop'), after: z.number().int().min(1).max(20), say: key }),
]);

export const protocolSchema = z.strictObject({
  v: z.literal(1),
  id: z.string().regex(/^[a-z][a-z0-9-]{1,59}$/),
  name: words,
  /** For whoever signs: what it is for, whom it is not for. */
  about: z.string().min(1).max(2000),
  languages: z.tuple([z.literal('en'), z.literal('es')]),
  /** State of the texts of each language. `for-review`: a qualified translator has not seen them. */
  translations: z.strictObject({
    en: z.enum(['original', 'for-review', 'reviewed']),
    es: z.enum(['original', 'for-review', 'reviewed']),
  }),
  /** Shown wherever it is shown, until it is signed. */
  banner: words,
  /** Of silence: `high` ends with a person, `low` may end by itself. */
  risk: z.enum(['high', 'low']),
  regimen: z.enum(['required', 'none']),
  /** Its patients have chemotherapy: fever alone is then a word of emergency (`ReplyFacts`). */
  chemotherapy: z.boolean(),
  /** Which version of the Common Terminology Criteria for Adverse Events grades mean; null: no grades. */
  grading: z
    .strictObject({
      ctcae: z.enum(['5.0', '6.0']),
      /** MedDRA code of each term. */
      terms: z.record(key, z.strictObject({ name: z.string().max(80), meddra: z.string().max(12) })),
      ...cited,
    })
    .nullable(),
  /** Most segments of one text, with its choices, in each language. */
  segments: z.strictObject({
    en: z.number().int().min(1).max(10),
    es: z.number().int().min(1).max(10),
  }),
  /** Highest school grade of its texts. */
  readingGrade: z.number().min(1).max(8),
  sources: z.record(key, sourceSchema),
  settings: z.array(settingSchema).max(20),
  /** How a dose is worded, `{n}` tablets of `{mg}`. The amounts are the regimen's. */
  doseWords: z.strictObject({ one: words, many: words, and: words }).nullable(),
  /** Asked once, before anything else: whether the patient wants it. Codes `yes` and `no`. */
  invite: z.strictObject({ ...asking, welcome: z.array(key).max(4), declined: key, ...cited }),
  slots: z.array(slotSchema).min(1).max(8),
  /** Question by which an unasked message of the patient is understood; null: such messages are staff's. */
  anyTime: key.nullable(),
  questions: z.array(questionSchema).min(1).max(60),
  advice: z.array(adviceSchema).min(1).max(80),
  escalations: z.array(escalationSchema).min(1).max(12),
  /** Symptoms that are noticed beside an answer, and the questions that each leads to. */
  symptoms: z.record(key, z.array(key).min(1).max(6)),
  /** Others: somebody is told. */
  otherSymptoms: z.strictObject({ escalation: key, ...cited }),
  /** So many ambers of a day are a red. */
  ambers: z.strictObject({ red: z.number().int().min(2).max(9), escalation: key, ...cited }),
  /** Words that can mean an emergency: this text first, and somebody is told. */
  emergency: z.strictObject({ say: key, escalation: key, ...cited }),
  /** Not understood twice. */
  unclear: z.strictObject({ escalation: key, ...cited }),
  /** Said at the end of a dialogue in which nobody was told and nothing was advised. */
  closing: key,
  silence: z.strictObject({
    reAskMinutes: z.number().int().min(5).max(1440),
    giveUpMinutes: z.number().int().min(5).max(1440),
    /** Somebody is told where a dialogue was begun and not ended; null: what was answered is enough. */
    unfinished: key.nullable(),
    ladder: z.array(rungSchema).min(1).max(8),
    ...cited,
  }),
  /** Asked after an alert, but not after an emergency; null: not asked. */
  afterAlert: key.nullable(),
  stops: z
    .array(
      z.discriminatedUnion('t', [
        /** After this many days, the first being day 0. */
        z.strictObject({
          t: z.literal('after-days'),
          days: z.number().int().min(1).max(730),
          say: key,
          ...cited,
        }),
        z.strictObject({ t: z.literal('cycles-done'), say: key, ...cited }),
      ]),
    )
    .max(4),
});
/** A check-in protocol. Made by `parseProtocol` only; that its parts fit together is `exploreProtocol`'s to say. */
export type Protocol = z.infer<typeof protocolSchema>;

export interface ProtocolProblem {
  /** Place in the document, as `questions[3].branches[0].when`. */
  readonly path: string;
  readonly words: string;
}

export type ParsedProtocol =
  | { readonly ok: true; readonly protocol: Protocol }
  | { readonly ok: false; readonly problems: readonly ProtocolProblem[] };

/** Longest document, in UTF-16 units (`protocolVersionSchema`). */
export const MAX_PROTOCOL_LENGTH = 180_000;

/** Reads a document: JSON text, or what JSON.parse made of it. Shape only. */
export function parseProtocol(body: unknown): ParsedProtocol {
  let value = body;
  if (typeof body === 'string') {
    if (body.length > MAX_PROTOCOL_LENGTH) return refuse('', `longer than ${MAX_PROTOCOL_LENGTH} characters`);
    try {
      value = JSON.parse(body);
    } catch {
      return refuse('', 'is no JSON');
    }
  }
  const read = protocolSchema.safeParse(value);
  if (read.success) return { ok: true, protocol: read.data };
  return {
    ok: false,
    problems: read.error.issues
      .slice(0, 50)
      .map(({ path, message }) => ({ path: placeOf(path), words: message })),
  };
}

function refuse(path: string, words: string): ParsedProtocol {
  return { ok: false, problems: [{ path, words }] };
}

function placeOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

/** The document as it is signed: JSON, keys in the order of their UTF-16 units, no spaces. */
export function canonicalProtocol(protocol: Protocol): string {
  return canonicalJson(protocol);
}

/** JSON with sorted keys and no spaces. Values that JSON does not know are not expected. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortKeys(value));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sortKeys(inner)]));
}
