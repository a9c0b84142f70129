import { findRedFlags } from '@baton/clinical';
import type { ConversationId, MessageId, TimestampMs } from '@baton/kernel';
import { type Inbound, isOpenAt, mayOptIn, type OpenPrompt, parseInbound } from '@baton/policy';
import type { Language, Reach, RedFlag, TextingSettings } from '@baton/wire';
import { type Answered, newestFirst, type OpenQuestion, waitsForWords } from '../prompts.ts';
import type { InboundRow, NumberRow, RunRow } from '../records/rows.ts';
import type { TextingView } from '../records/texting-book.ts';
import { mayLift } from './opt-outs.ts';

/** Who said that they were writing is believed for so long (docs/protocol/patients.md §4). */
export const WRITER_MS = 30 * 60_000;
/** An automatic answer of one kind goes once in so long; an answer of staff begins anew. */
const ANSWER_EVERY_MS = 15 * 60_000;
/** A run of texts that nobody of staff answered ends by itself. */
const RUN_MS = 12 * 3_600_000;

export interface PlanInput {
  readonly text: string;
  readonly number: string;
  readonly at: TimestampMs;
  readonly message: MessageId;
  readonly view: TextingView;
  readonly settings: TextingSettings;
  readonly queue: ConversationId;
  readonly known: NumberRow | null;
  readonly isOpen: (conv: ConversationId) => boolean;
  readonly runIn: (conv: ConversationId) => RunRow | null;
  /** Programmes' questions in the conversations of this number's patients. */
  readonly questions: readonly OpenQuestion[];
}

export interface TextPlan {
  readonly row: InboundRow;
  readonly inbound: Inbound;
  readonly language: Language;
  readonly flags: readonly RedFlag[];
  readonly reach: Reach | null;
}

/**
 * Decides what an inbound text is, whose it is and what answers it. Pure: it is written down before anything is done, and what was written down counts for
 * every repeat.
 */
export function planText(input: PlanInput): TextPlan {
  const { text, number, at, view, queue, known } = input;
  // A brother whose conversation nobody has begun may be whom the text is about.
  const holders = view.holdersOf(number);
  const isShared = holders.length > 1;
  const asked = known?.asked && known.asked.until > at ? known.asked : null;
  const questions = newestFirst(input.questions, at);
  const prompts: OpenPrompt[] = [
    ...questions.map(({ message, keys }): OpenPrompt => ({ kind: 'choice', id: message, choices: keys })),
    ...(asked && isShared
      ? [
          {
            kind: 'writer' as const,
            id: 'who',
            candidates: holders.map(({ ref, given, name }) => ({ ref, given, name })),
          },
        ]
      : []),
  ];
  const inbound = parseInbound(text, { language: languageOf(holders), prompts });
  const found = whose(holders, { known, inbound, questions, at });
  const isReached = found !== null && found.conversation !== null && input.isOpen(found.conversation);
  const reach = isReached ? found : null;
  const conv = reach?.conversation ?? queue;
  const answered = reach === null ? null : answeredBy(inbound, questions, conv);
  const flags = flagsOf(text, inbound.language);
  const consents = holders.flatMap(({ ref }) => view.consentsOf(ref));
  const optOut = view.optOut(number);
  const mayComeBack = inbound.kind === 'opt-out' && !inbound.wrongNumber && mayOptIn(consents, number);
  const optIn = inbound.kind === 'opt-in' && mayLift(optOut, consents) && mayOptIn(consents, number);
  const isSaid = inbound.kind === 'message' || inbound.kind === 'choice' || inbound.kind === 'writer';
  const asksWho = isShared && reach === null && isSaid;
  const run = conv === queue ? (known?.run ?? null) : input.runIn(conv);
  const answers = answersTo({
    inbound,
    optIn,
    isOut: optOut?.out === true,
    flagged: flags.length > 0,
    asksWho,
    isAsked: asked !== null,
    isForProgramme: answered !== null,
    run,
    input,
  });
  return {
    inbound,
    language: inbound.language,
    flags,
    reach,
    row: {
      at,
      conv,
      ref: reach?.ref ?? null,
      person: isShared && reach ? personOf(reach) : null,
      optOut: inbound.kind === 'opt-out' ? { wrongNumber: inbound.wrongNumber } : null,
      optIn,
      file: inbound.kind === 'writer' && reach ? (asked?.messages ?? []) : [],
      asksWho,
      answers,
      mayComeBack,
      prompt: answered,
      done: false,
    },
  };
}

/**
 * The patient whose text it is: the number's only one, whoever the sender said within the last half hour, or the one who was asked what the text's letter
 * answers. Where two who share a number were asked, a letter does not say who answers.
 */
function whose(
  holders: readonly Reach[],
  facts: {
    readonly known: NumberRow | null;
    readonly inbound: Inbound;
    readonly questions: readonly OpenQuestion[];
    readonly at: TimestampMs;
  },
): Reach | null {
  const { known, inbound, questions, at } = facts;
  const [only] = holders;
  if (holders.length === 1 && only) return only;
  const said = inbound.kind === 'writer' ? inbound.ref : null;
  const remembered = known?.writer && known.writer.until > at ? known.writer.ref : null;
  const writer = holders.find(({ ref }) => ref === (said ?? remembered));
  if (writer || inbound.kind !== 'choice') return writer ?? null;
  const takes = questions.filter(({ keys, answered }) => !answered && keys.includes(inbound.choice));
  const places = new Set(takes.map(({ conv }) => conv));
  if (places.size !== 1) return null;
  return holders.find(({ conversation }) => conversation !== null && places.has(conversation)) ?? null;
}

/** The question that it answers: by one of its letters the newest that waits for it, else the newest that has it; by anything else the newest that waits (programmes.md §3). */
function answeredBy(
  inbound: Inbound,
  questions: readonly OpenQuestion[],
  conv: ConversationId,
): Answered | null {
  if (inbound.kind === 'choice') {
    const { choice } = inbound;
    const takes = questions.filter((question) => question.conv === conv && question.keys.includes(choice));
    // One that waits comes before one that has its answer, however new that is: a yes to an offer is not a second answer to this morning's question.
    const found = takes.find(({ answered }) => !answered) ?? takes[0];
    if (found) return { prompt: found.message, choice };
  }
  if (inbound.kind !== 'choice' && inbound.kind !== 'message') return null;
  const waiting = waitsForWords(questions, conv);
  return waiting && { prompt: waiting.message, choice: null };
}

/** As `planText` says of a text, for one that waited until it was known whose it is. */
export function answerIn(
  text: string,
  questions: readonly OpenQuestion[],
  { conv, language }: { readonly conv: ConversationId; readonly language: Language },
): Answered | null {
  const prompts = questions.map(
    ({ message, keys }): OpenPrompt => ({ kind: 'choice', id: message, choices: keys }),
  );
  return answeredBy(parseInbound(text, { language, prompts }), questions, conv);
}

/** The rules look at every text, an opt-out as well (docs/protocol/patients.md §4). */
export function flagsOf(text: string, language: Language | null): readonly RedFlag[] {
  return findRedFlags(text, { language, chemotherapy: false })
    .slice(0, 20)
    .map(({ rule, version }) => ({ rule, version }));
}

function answersTo(facts: {
  readonly inbound: Inbound;
  readonly optIn: boolean;
  readonly isOut: boolean;
  readonly flagged: boolean;
  readonly asksWho: boolean;
  readonly isAsked: boolean;
  /** A programme deals with it, or leaves it to the person who owes it. */
  readonly isForProgramme: boolean;
  readonly run: RunRow | null;
  readonly input: PlanInput;
}): InboundRow['answers'] {
  const { inbound, optIn, isOut, flagged, asksWho, isAsked, isForProgramme, run, input } = facts;
  // One confirmation, and nothing else to a number that is out.
  if (inbound.kind === 'opt-out') return isOut ? [] : ['opt-out'];
  if (optIn) return ['opt-in'];
  if (isOut) return [];
  if (inbound.kind === 'help') return ['help'];
  const current = run && input.at - run.lastAt < RUN_MS ? run : null;
  const isDue = (last: TimestampMs | null | undefined): boolean =>
    last === null || last === undefined || input.at - last >= ANSWER_EVERY_MS;
  if (flagged)
    return [
      ...(isDue(current?.emergencyAt) ? ['emergency' as const] : []),
      ...(asksWho && !isAsked ? ['who' as const] : []),
    ];
  if (asksWho) return isAsked ? [] : ['who'];
  if (isForProgramme) return [];
  if (!isOpenAt(input.settings, input.at)) return isDue(current?.afterHoursAt) ? ['after-hours'] : [];
  // The first of a run only: whoever writes five texts is told once that nobody watches for emergencies.
  const isTold = (current?.receivedAt ?? current?.afterHoursAt ?? null) !== null;
  return isTold ? [] : ['received'];
}

/** What a run of texts has been answered with, this one included. */
export function runAfter(run: RunRow | null, { at, answers }: InboundRow): RunRow {
  const known =
    run && at - run.lastAt < RUN_MS ? run : { receivedAt: null, afterHoursAt: null, emergencyAt: null };
  const has = (kind: InboundRow['answers'][number]): boolean => answers.includes(kind);
  return {
    lastAt: at,
    receivedAt: has('received') || has('who') ? at : known.receivedAt,
    afterHoursAt: has('after-hours') ? at : known.afterHoursAt,
    emergencyAt: has('emergency') ? at : known.emergencyAt,
  };
}

function languageOf(patients: readonly Reach[]): Language | null {
  const languages = new Set(patients.map(({ language }) => language));
  return languages.size === 1 ? (patients[0]?.language ?? null) : null;
}

/** As staff see it beside the text; never told to the sender. */
export function personOf({ given, name }: Reach): string {
  return (given[0] ?? name).slice(0, 120);
}
