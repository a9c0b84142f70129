import type { FoundRedFlag } from '../../triage/find-red-flags.ts';
import { CODES_OF_KIND } from '../../understanding/codes.ts';
import type { SureUnderstanding, Understanding } from '../../understanding/understanding.ts';
import { valueOf } from '../branches.ts';
import type { NumberBand, Protocol, Question } from '../protocol.ts';
import { partsOf } from '../protocol-parts.ts';
import type { RunEvent } from '../run-output.ts';
import type { RunState } from '../run-state.ts';

/** Answers that the protocol cannot tell apart, by one of them. */
export interface AnswerClass {
  readonly event: RunEvent;
  /** How a dialogue words it. */
  readonly who: 'patient' | 'time' | 'team';
  readonly words: string;
}

const FLAG: FoundRedFlag = {
  rule: 'any',
  version: '',
  category: '',
  level: 'emergency',
  start: 0,
  end: 0,
};

/**
 * Every class of event that can meet an open question. Symptoms beside an answer are looked at beside one that was not understood: the answer comes
 * next, and leads where both together would have. A message that the patient began has no next, so there they are looked at beside each answer.
 */
export function classesAt(protocol: Protocol, question: Question, state: RunState): readonly AnswerClass[] {
  const answers = answerClasses(question, state.settings);
  const heard = setsOf(heardIn(protocol, state));
  return [
    ...answers,
    ...(state.phase === 'unasked'
      ? answers.flatMap((answer) => heard.map((set) => withSymptoms(answer, set)))
      : []),
    patient(UNCLEAR, 'something that nobody understands'),
    ...heard.map((symptoms) =>
      patient({ ...UNCLEAR, symptoms }, `nothing clear, and: ${symptoms.join(', ')}`),
    ),
    patient({ ...UNCLEAR, flags: [FLAG] }, 'words that can mean an emergency'),
    { event: { t: 'photo', atMs: 0 }, who: 'patient', words: '(a photo)' },
    { event: { t: 'due', atMs: 0, what: String(state.seq) }, who: 'time', words: 'no answer' },
    { event: { t: 'close', atMs: 0 }, who: 'time', words: 'the next dialogue begins' },
    ...(isDoseAhead(protocol, question, state) ? PLAN_CHANGES : []),
  ];
}

const UNCLEAR: Understanding = { sure: false, why: 'nothing', symptoms: [], flags: [] };

const PLAN_CHANGES: readonly AnswerClass[] = [
  { event: { t: 'plan', atMs: 0, plan: 'held' }, who: 'team', words: 'puts the medicine on hold' },
  { event: { t: 'plan', atMs: 0, plan: 'stale' }, who: 'team', words: 'the order changes' },
];

/** A plan that changes matters while a question about tablets is open, or still to come. */
function isDoseAhead(protocol: Protocol, question: Question, { start, queue }: RunState): boolean {
  if (start !== 'doses') return false;
  const { questions } = partsOf(protocol);
  return question.kind === 'dose' || queue.some((id) => questions.get(id)?.kind === 'dose');
}

function withSymptoms({ event, words, who }: AnswerClass, symptoms: readonly string[]): AnswerClass {
  if (event.t !== 'answer') return { event, words, who };
  return patient({ ...event.understood, symptoms }, `${words}, and: ${symptoms.join(', ')}`);
}

/** Every set of some of these. */
function setsOf(names: readonly string[]): readonly (readonly string[])[] {
  return names.reduce<readonly (readonly string[])[]>(
    (sets, name) => [...sets, [name], ...sets.map((set) => [...set, name])],
    [],
  );
}

/** One symptom for each set of questions that it would add, and one that no question covers. */
function heardIn({ symptoms }: Protocol, { asked, queue }: RunState): readonly string[] {
  const sets = new Map<string, string>();
  for (const [symptom, questions] of Object.entries(symptoms)) {
    const added = questions.filter((id) => !asked.includes(id) && !queue.includes(id)).join();
    if (added !== '' && !sets.has(added)) sets.set(added, symptom);
  }
  return [...sets.values(), 'something-else'];
}

const classesOfQuestion = new WeakMap<Question, Map<unknown, readonly AnswerClass[]>>();

/** What can be understood of an answer: each choice, each code of its kind, each side of each threshold. */
function answerClasses(
  question: Question,
  settings: Readonly<Record<string, number>>,
): readonly AnswerClass[] {
  let known = classesOfQuestion.get(question);
  if (known === undefined) {
    known = new Map();
    classesOfQuestion.set(question, known);
  }
  const key = JSON.stringify(settings);
  let classes = known.get(key);
  if (classes === undefined) {
    classes = [...codeClasses(question), ...numberClasses(question, settings)];
    known.set(key, classes);
  }
  return classes;
}

function codeClasses({ kind, choices }: Question): readonly AnswerClass[] {
  const codes = new Map(choices.map(({ key, code, label }) => [code, `${key} (${label.en})`]));
  // A wellbeing reply is turned to what the question offers; numbers have classes of their own.
  const isOffered = kind === 'wellbeing' && choices.length > 0;
  for (const code of isOffered ? [] : CODES_OF_KIND[kind])
    if (!codes.has(code) && !NUMBERS.has(code)) codes.set(code, `(understood: ${code})`);
  return [...codes].map(([code, words]) => patient(sure(code, null, null), words));
}

const NUMBERS: ReadonlySet<string> = new Set(['count', 'temperature', 'blood-pressure']);

function numberClasses(
  question: Question,
  settings: Readonly<Record<string, number>>,
): readonly AnswerClass[] {
  const { kind, range, branches, unit } = question;
  const said = (number: number, second: number | null) =>
    patient(
      { ...sure(kind, number, second), unit },
      `${number}${second === null ? '' : ` over ${second}`}${unit === null ? '' : ` ${unit}`}`,
    );
  const bands = branches.map(({ when }) => when);
  if (kind === 'count' || kind === 'temperature') {
    const of = bands.flatMap((when) => (when.t === 'number' ? [when.band] : []));
    return stopsOf(of, { range, settings, whole: kind === 'count' }).map((number) => said(number, null));
  }
  if (kind !== 'blood-pressure') return [];
  const of = (side: 'upper' | 'lower') =>
    stopsOf(
      bands.flatMap((when) => (when.t === 'pressure' && when[side] !== null ? [when[side]] : [])),
      { range, settings, whole: true },
    );
  return of('upper').flatMap((upper) =>
    of('lower')
      .filter((lower) => lower < upper)
      .map((lower) => said(upper, lower)),
  );
}

/** First and last number of every stretch between two thresholds. */
function stopsOf(
  bands: readonly NumberBand[],
  {
    range,
    settings,
    whole,
  }: { range: Question['range']; settings: Readonly<Record<string, number>>; whole: boolean },
): readonly number[] {
  const { min, max } = range ?? { min: 0, max: 1000 };
  const step = whole ? 1 : 0.01;
  const thresholds = bands
    .flatMap(({ from, below }) => [from, below])
    .flatMap((bound) => (bound === null ? [] : [valueOf(bound, settings)]))
    .filter((value) => value > min && value <= max);
  const firsts = [min, ...thresholds].map((value) => (whole ? Math.ceil(value) : value));
  const lasts = [...firsts.slice(1).map((value) => Math.round((value - step) * 100) / 100), max];
  return [...new Set([...firsts, ...lasts])]
    .filter((value) => value >= min && value <= max)
    .sort((a, b) => a - b);
}

function sure(code: string, number: number | null, second: number | null): SureUnderstanding {
  return { sure: true, code, number, second, unit: null, symptoms: [], flags: [], rule: 'class' };
}

function patient(understood: Understanding, words: string): AnswerClass {
  return { event: { t: 'answer', atMs: 0, understood }, who: 'patient', words };
}
