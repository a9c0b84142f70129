import { findRedFlags } from '@baton/clinical';
import type { ConversationId, MessageId, TimestampMs } from '@baton/kernel';
import { type Inbound, isOpenAt, mayOptIn, type OpenPrompt, parseInbound } from '@baton/policy';
import type { Language, Reach, RedFlag, TextingSettings } from '@baton/wire';
import type { InboundRow, NumberRow, RunRow } from '../records/rows.ts';
import type { TextingView } from '../records/texting-book.ts';
import { mayLift } from './opt-outs.ts';

/** Who said that they were writing is believed for so long (docs/protocol/patients.md §4). */
export const WRITER_MS = 30 * 60_000;
/** An automatic answer of one kind goes once in so long; an answer of staff begins anew. */
export const ANSWER_EVERY_MS = 15 * 60_000;
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
  const patients = view
    .byNumber(number)
    .filter(({ conversation }) => conversation !== null && input.isOpen(conversation));
  const asked = known?.asked && known.asked.until > at ? known.asked : null;
  const prompts: OpenPrompt[] =
    asked && patients.length > 1
      ? [{ kind: 'writer', id: 'who', candidates: patients.map(({ ref, given }) => ({ ref, given })) }]
      : [];
  const inbound = parseInbound(text, { language: languageOf(patients), prompts });
  const reach = whose(patients, known, inbound, at);
  const conv = reach?.conversation ?? queue;
  const flags = flagsOf(text, inbound.language);
  const consents = patients.flatMap(({ ref }) => view.consentsOf(ref));
  const optOut = view.optOut(number);
  const mayComeBack = inbound.kind === 'opt-out' && !inbound.wrongNumber && mayOptIn(consents, number);
  const optIn = inbound.kind === 'opt-in' && mayLift(optOut) && mayOptIn(consents, number);
  const asksWho = patients.length > 1 && reach === null && inbound.kind === 'message';
  const run = conv === queue ? (known?.run ?? null) : input.runIn(conv);
  const answers = answersTo({
    inbound,
    optIn,
    isOut: optOut?.out === true,
    flagged: flags.length > 0,
    asksWho,
    isAsked: asked !== null,
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
      person: patients.length > 1 && reach ? personOf(reach) : null,
      optOut: inbound.kind === 'opt-out' ? { wrongNumber: inbound.wrongNumber } : null,
      optIn,
      file: inbound.kind === 'writer' ? (asked?.messages ?? []) : [],
      asksWho,
      answers,
      mayComeBack,
      done: false,
    },
  };
}

/** The patient whose text it is: the number's only one, or whoever the sender said within the last half hour. */
function whose(
  patients: readonly Reach[],
  known: NumberRow | null,
  inbound: Inbound,
  at: TimestampMs,
): Reach | null {
  const [only] = patients;
  if (patients.length === 1 && only) return only;
  const said = inbound.kind === 'writer' ? inbound.ref : null;
  const remembered = known?.writer && known.writer.until > at ? known.writer.ref : null;
  return patients.find(({ ref }) => ref === (said ?? remembered)) ?? null;
}

/** The rules look at every text, an opt-out as well (standards.md §1.8). */
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
  readonly run: RunRow | null;
  readonly input: PlanInput;
}): InboundRow['answers'] {
  const { inbound, optIn, isOut, flagged, asksWho, isAsked, run, input } = facts;
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
