import type { Language } from '@baton/wire';
import type { Span } from '../triage/context.ts';
import { findRedFlags, type RedFlagOptions } from '../triage/find-red-flags.ts';
import { cutTokens } from '../triage/tokens.ts';
import { ALARM_CODES } from './codes.ts';
import { isCovered } from './coverage.ts';
import { type Measured, readCount, readPressure, readTemperature } from './measured.ts';
import { readTablets } from './read-dose.ts';
import {
  type CodeHit,
  compiledReplies,
  isAnswerApart,
  isInside,
  readReply,
  type ReplyReading,
} from './reply-reading.ts';
import { replyRules } from './reply-rules.ts';
import { ASK, codesOf } from './resolve-codes.ts';
import type {
  Expectation,
  RedFlagLike,
  SureUnderstanding,
  Understanding,
  UnsureUnderstanding,
} from './understanding.ts';

export interface ReplyFacts {
  /** The patient has chemotherapy: fever alone is then a red flag. */
  readonly chemotherapy: boolean;
}

/** Answer without what is found beside it. */
type Answer = Omit<SureUnderstanding, 'symptoms' | 'flags'> | Pick<UnsureUnderstanding, 'sure' | 'why'>;

const NOTHING: Answer = { sure: false, why: 'nothing' };
const TWO_MEANINGS: Answer = { sure: false, why: 'two-meanings' };

/**
 * Reads a reply to an open question by rules (docs/protocol/programmes.md §5). Red flags are looked for whatever the question is. A reading that is
 * harmless counts only where every word of the reply is accounted for; a concern counts wherever it is said; between the two nothing is guessed.
 */
export function understandReply(
  text: string,
  expectation: Expectation,
  language: Language,
  facts: ReplyFacts = { chemotherapy: false },
): Understanding {
  const flags = flagsOf(text, { language, chemotherapy: facts.chemotherapy });
  const reply = readReply(text, expectation.kind);
  if (reply === null) return { sure: false, why: 'nothing', symptoms: [], flags };
  const answer = answerOf(reply, expectation, flags.length > 0);
  const symptoms = symptomsOf(reply, expectation, answer);
  return { ...answer, symptoms, flags };
}

/** Longest answer, in words, after which something else may follow. */
const SHORT_ANSWER = 5;

/** "No, just chest pain" denies nothing: what follows such a turn is looked at by itself too. */
function flagsOf(text: string, options: RedFlagOptions): readonly RedFlagLike[] {
  const flags = findRedFlags(text, options);
  if (flags.length > 0) return flags;
  const { tokens } = cutTokens(text);
  const { turns } = compiledReplies();
  const turn = tokens.slice(1, SHORT_ANSWER).findLast((token) => turns.has(token.text));
  if (turn === undefined) return flags;
  return findRedFlags(text.slice(turn.end), options).map((flag) => ({
    ...flag,
    start: flag.start + turn.end,
    end: flag.end + turn.end,
  }));
}

function answerOf(reply: ReplyReading, expectation: Expectation, isFlagged: boolean): Answer {
  if (reply.reading.tokens.length === 0) return NOTHING;
  switch (expectation.kind) {
    case 'temperature':
    case 'blood-pressure':
    case 'count':
      return answerNumber(reply, expectation);
    case 'free':
      return answerFree(reply, expectation, isFlagged);
    case 'dose':
      return answerDose(reply, expectation);
    case 'wellbeing':
    case 'yes-no':
    case 'choice':
    case 'urgency':
    case 'photo':
      return answerCode(reply, expectation, codesOf(reply, expectation));
  }
}

function answerDose(reply: ReplyReading, expectation: Expectation): Answer {
  const codes = codesOf(reply, expectation);
  const tablets = readTablets(reply, expectation, codes);
  const isAllDue = tablets.code === 'taken';
  const heard = codes.filter(
    // "Took one" of a dose of one is all of it.
    (hit) => !(isAllDue && hit.code === 'partial' && tablets.spans.some((span) => overlap(span, hit))),
  );
  if (isAllDue && heard.length < codes.length && !heard.some(({ code }) => code === 'taken'))
    heard.push(...codes.filter(({ code }) => code === 'partial').map((hit) => ({ ...hit, code: 'taken' })));
  const [span = { from: 0, until: 1 }] = tablets.spans;
  if (tablets.code !== null && tablets.code !== 'taken')
    heard.push({ code: tablets.code, weak: false, source: 'tablets', ...span });
  const answer = answerCode(reply, expectation, heard, tablets.spans);
  return answer.sure && tablets.number !== null ? { ...answer, number: tablets.number } : answer;
}

/** One code, or the gravest concern; else nobody knows. */
function answerCode(
  reply: ReplyReading,
  expectation: Expectation,
  hits: readonly CodeHit[],
  spans: readonly Span[] = [],
): Answer {
  const { kind } = expectation;
  const offered = hits.flatMap((hit): readonly CodeHit[] => {
    const code = offer(hit.code, expectation);
    return code === null ? [] : [{ ...hit, code }];
  });
  const codes = new Set(offered.map(({ code }) => code));
  const concern = concernOf(reply, kind, offered);
  if (concern !== null) return sureOf(concern);
  if (codes.size === 0) return hits.length > 0 ? TWO_MEANINGS : NOTHING;
  const [hit] = offered;
  if (codes.size > 1 || hit === undefined || hit.code === ASK) return TWO_MEANINGS;
  if (ALARM_CODES.has(hit.code) && ALARMING.has(kind)) return TWO_MEANINGS;
  if (reply.isQuestion || isHedged(reply, hits)) return TWO_MEANINGS;
  // "No, it can wait".
  const isNoFirst = kind === 'urgency' && hit.code === 'can-wait' && isAnswerApart(reply.reading, 0);
  const before = isNoFirst ? [{ from: 0, until: 1 }] : [];
  return isCovered(reply, kind, [...hits, ...spans, ...before]) ? sureOf(hit) : TWO_MEANINGS;
}

/** Kinds whose concerns stand by themselves. */
const ALARMING: ReadonlySet<string> = new Set(['dose', 'wellbeing', 'urgency', 'photo']);

/** A concern counts without the rest of the reply, unless it is negated, or two of them contradict a harmless reading of the same words. */
function concernOf(reply: ReplyReading, kind: string, hits: readonly CodeHit[]): CodeHit | null {
  const said = hits.filter((hit) => ALARM_CODES.has(hit.code) && !isNegated(reply, hit));
  if (kind === 'dose') {
    for (const code of replyRules.gravest) {
      const found = said.find((hit) => hit.code === code);
      if (found !== undefined) return found;
    }
    return null;
  }
  if (!ALARMING.has(kind)) return null;
  const codes = new Set(hits.map(({ code }) => code));
  return codes.size === 1 ? (said[0] ?? null) : null;
}

/** "Did not throw up", "never missed": right before, with no comma between. A bare "no" is an answer of its own. */
function isNegated({ negations, reading }: ReplyReading, hit: CodeHit): boolean {
  return negations.some(({ from, until }) => {
    const isNo = reading.tokens[from]?.text === 'no' && until - from === 1;
    return !isNo && until <= hit.from && hit.from - until <= 1 && !reading.commas.includes(hit.from);
  });
}

/** The code as the question has it; null: it offers nothing that means this. */
function offer(code: string, { kind, choices }: Expectation): string | null {
  if (kind !== 'wellbeing' || choices.length === 0 || code === ASK) return code;
  if (choices.some((choice) => choice.code === code)) return code;
  const same = replyRules.wellbeing[code] ?? [];
  return same.find((other) => choices.some((choice) => choice.code === other)) ?? null;
}

function answerFree(reply: ReplyReading, expectation: Expectation, isFlagged: boolean): Answer {
  const codes = codesOf(reply, expectation);
  const isNone =
    codes.length > 0 &&
    !isFlagged &&
    !reply.isQuestion &&
    !isHedged(reply, codes) &&
    reply.symptoms.every(({ denied }) => denied) &&
    isCovered(reply, 'free', codes);
  return isNone ? answerCode(reply, expectation, codes) : { ...sureOf(null), code: 'said', rule: 'free' };
}

function answerNumber(reply: ReplyReading, expectation: Expectation): Answer {
  const { kind } = expectation;
  const codes = codesOf(reply, expectation);
  const measured = measure(reply, expectation, codes);
  if (measured === null) return answerWithoutNumber(reply, expectation, codes);
  if (!measured.ok) return { sure: false, why: measured.why };
  const isContradicted = codes.some(({ code }) => {
    return code === 'not-measured' || code === 'vague' || (code === 'zero' && measured.number !== 0);
  });
  const isPast = kind !== 'count' && reply.marks.some(({ mark }) => mark === 'past');
  const hedges = reply.marks.filter(
    (hit) =>
      hit.mark === 'hedges' &&
      !(kind === 'count' && reply.marks.some((other) => other.mark === 'approximate' && overlap(other, hit))),
  );
  if (isContradicted || isPast || hedges.length > 0 || reply.isQuestion) return TWO_MEANINGS;
  if (!isCovered(reply, kind, [...measured.used, ...codes])) return TWO_MEANINGS;
  const { code, number, second, unit, rule } = measured;
  return { sure: true, code, number, second, unit, rule };
}

function measure(reply: ReplyReading, expectation: Expectation, codes: readonly CodeHit[]): Measured | null {
  switch (expectation.kind) {
    case 'temperature':
      return readTemperature(reply, expectation);
    case 'blood-pressure':
      return readPressure(reply, expectation);
    default: {
      const zeros = codes.filter(({ code }) => code === 'zero');
      const amounts = reply.amounts.filter((amount) => !zeros.some((zero) => overlap(zero, amount)));
      return readCount({ ...reply, amounts }, expectation, zeros);
    }
  }
}

function answerWithoutNumber(
  reply: ReplyReading,
  expectation: Expectation,
  codes: readonly CodeHit[],
): Answer {
  if (expectation.kind === 'count') {
    const [zero] = codes;
    const isZero =
      zero !== undefined && codes.every(({ code }) => code === 'zero') && expectation.unit !== 'lb';
    if (!isZero || expectation.unit === 'kg') return codes.length > 0 ? TWO_MEANINGS : NOTHING;
    if (reply.isQuestion || isHedged(reply, codes) || !isCovered(reply, 'count', codes)) return TWO_MEANINGS;
    const { range, unit } = expectation;
    if (range !== null && range.min > 0) return { sure: false, why: 'out-of-range' };
    return { sure: true, code: 'count', number: 0, second: null, unit, rule: zero.source };
  }
  const rest = codes.filter(({ code }) => code !== ASK);
  return rest.length === 0 && codes.length > 0 ? TWO_MEANINGS : answerCode(reply, expectation, rest, codes);
}

/** "I do not know how" is an answer, "I do not know" none. */
function isHedged(reply: ReplyReading, hits: readonly CodeHit[]): boolean {
  return reply.marks.some((mark) => mark.mark === 'hedges' && !hits.some((hit) => isInside(mark, hit)));
}

function overlap(left: Span, right: Span): boolean {
  return left.from < right.until && right.from < left.until;
}

function sureOf(hit: CodeHit | null): Omit<SureUnderstanding, 'symptoms' | 'flags'> {
  return {
    sure: true,
    code: hit?.code ?? '',
    number: null,
    second: null,
    unit: null,
    rule: hit?.source ?? '',
  };
}

/** What the question is about is no symptom beside the answer. */
function symptomsOf(reply: ReplyReading, { kind }: Expectation, answer: Answer): readonly string[] {
  const own = new Set<string>();
  if (kind === 'wellbeing') own.add('unwell');
  if (kind === 'count') own.add('vomiting');
  if (answer.sure && answer.code === 'vomited') own.add('vomiting');
  if (answer.sure && answer.code === 'temperature') own.add('fever');
  const heard = reply.symptoms.filter(({ denied, symptom }) => !denied && !own.has(symptom));
  return [...new Set(heard.map(({ symptom }) => symptom))].sort();
}
