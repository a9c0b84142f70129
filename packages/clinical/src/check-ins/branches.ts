import type { Expectation, SureUnderstanding } from '../understanding/understanding.ts';
import type { Bound, Branch, NumberBand, Question } from './protocol.ts';

/** What a question expects, for `understandReply`. */
export function expectationOf(question: Pick<Question, 'kind' | 'choices' | 'range' | 'unit'>): Expectation {
  return {
    kind: question.kind,
    choices: question.choices.map(({ key, code, words }) => ({ key, code, words })),
    range: question.range,
    unit: question.unit,
  };
}

/** An answer in the question's own unit. */
export interface Answer {
  readonly code: string;
  readonly number: number | null;
  readonly second: number | null;
  readonly unit: string | null;
}

export interface AnswerMemory {
  readonly settings: Readonly<Record<string, number>>;
  /** `countKey` with how often it was said before. */
  readonly counts: Readonly<Record<string, number>>;
}

export function answerOf(question: Question, understood: SureUnderstanding): Answer {
  const { code, number, second, unit } = understood;
  return {
    code,
    number: inUnit(number, unit, question.unit),
    second: inUnit(second, unit, question.unit),
    unit: number === null ? null : (question.unit ?? unit),
  };
}

/** The first branch that an answer fits; null where the protocol says nothing of it. */
export function pickBranch(question: Question, answer: Answer, memory: AnswerMemory): Branch | null {
  return question.branches.find((branch) => isMet(question, branch, answer, memory)) ?? null;
}

/** Branches that an answer fits, whatever was said before: more than one contradict each other. */
export function branchesOf(
  question: Question,
  answer: Answer,
  settings: AnswerMemory['settings'],
): readonly Branch[] {
  return question.branches.filter(
    (branch) => !countsEarlier(branch) && isMet(question, branch, answer, { settings, counts: {} }),
  );
}

function countsEarlier({ when }: Branch): boolean {
  return when.t === 'code' && when.earlier > 0;
}

function isMet(question: Question, { when }: Branch, answer: Answer, memory: AnswerMemory): boolean {
  switch (when.t) {
    case 'code': {
      if (!when.codes.includes(answer.code)) return false;
      if (when.earlier === 0) return true;
      const before = when.codes.reduce(
        (sum, code) => sum + (memory.counts[countKey(question.id, code, when.within)] ?? 0),
        0,
      );
      return before >= when.earlier;
    }
    case 'number':
      return answer.second === null && isIn(answer.number, when.band, memory);
    case 'pressure': {
      if (answer.number === null || answer.second === null) return false;
      const { under, over } = when;
      const isBelow = (pair: NonNullable<typeof under>) =>
        [answer.number, answer.second].map(
          (value, at) => (value ?? Number.NaN) < valueOf(at === 0 ? pair.upper : pair.lower, memory.settings),
        );
      if (under !== null && !isBelow(under).every(Boolean)) return false;
      if (over !== undefined && isBelow(over).some(Boolean)) return false;
      const upper = when.upper === null ? null : isIn(answer.number, when.upper, memory);
      const lower = when.lower === null ? null : isIn(answer.second, when.lower, memory);
      const parts = [upper, lower].filter((part) => part !== null);
      return when.join === 'all' ? parts.every(Boolean) : parts.some(Boolean);
    }
  }
}

/** What is counted of the answers to a question: those of the open run alone, or of the 24 hours before it too. */
export function countKey(question: string, code: string, within: 'run' | 'day' | undefined): string {
  return within === 'run' ? `${question}:${code}:run` : `${question}:${code}`;
}

function isIn(number: number | null, { from, below }: NumberBand, memory: AnswerMemory): boolean {
  if (number === null) return false;
  const first = from === null ? Number.NEGATIVE_INFINITY : valueOf(from, memory.settings);
  const last = below === null ? Number.POSITIVE_INFINITY : valueOf(below, memory.settings);
  return number >= first && number < last;
}

/** NaN where the site has given no value: nothing is in such a band. */
export function valueOf(bound: Bound, settings: Readonly<Record<string, number>>): number {
  return typeof bound === 'number' ? bound : (settings[bound.setting] ?? Number.NaN);
}

/** Degrees and pressures, to hundredths; other units are left as they are. */
function inUnit(number: number | null, said: string | null, wanted: string | null): number | null {
  if (number === null || said === null || wanted === null) return number;
  const [from, to] = [unitName(said), unitName(wanted)];
  if (from === 'f' && to === 'c') return hundredths(((number - 32) * 5) / 9);
  if (from === 'c' && to === 'f') return hundredths((number * 9) / 5 + 32);
  if (from === 'kpa' && to === 'mmhg') return hundredths(number * 7.500_62);
  return number;
}

function unitName(unit: string): string {
  const name = unit.toLowerCase().replace(/[^a-z]/g, '');
  return name.startsWith('fahr') ? 'f' : name.startsWith('cels') ? 'c' : name;
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
