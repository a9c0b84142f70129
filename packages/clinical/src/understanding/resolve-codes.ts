import type { Span } from '../triage/context.ts';
import { type CodeHit, isInside, type ReplyReading, type SymptomHit } from './reply-reading.ts';
import { ALARM_CODES } from './codes.ts';
import type { Expectation } from './understanding.ts';

/** Codes for words of which nobody can say what they mean. */
export const ASK = 'ask';
export const KEY_RULE = 'key';

/** Kinds of question to which "no" before a symptom is no answer. */
const NOT_ANSWERED_BY_NO: ReadonlySet<string> = new Set(['dose', 'wellbeing', 'urgency', 'photo']);

/**
 * The codes that a reply speaks of: longer words outweigh shorter ones inside them ("havent taken" is not "taken"), harmless phrases and denied symptoms
 * take their words with them.
 */
export function codesOf(reply: ReplyReading, expectation: Expectation): readonly CodeHit[] {
  const all = [...reply.codes, ...choiceHits(reply, expectation)];
  const denied = reply.symptoms.filter((symptom) => symptom.denied);
  const outweighing: readonly Span[] = [
    ...reply.harmless,
    ...reply.marks.filter(({ mark }) => mark === 'upper' || mark === 'hedges'),
    ...(NOT_ANSWERED_BY_NO.has(expectation.kind) ? denied.flatMap((hit) => denialOf(reply, hit)) : []),
  ];
  const strong = all.filter(
    (hit) =>
      !hit.weak &&
      !outweighing.some((span) => isInside(hit, span)) &&
      !all.some((other) => !other.weak && other.code !== hit.code && isOutweighed(hit, other)) &&
      !denied.some(
        ({ symptom, from, until }) => symptom === 'vomiting' && from < hit.until && hit.from < until,
      ),
  );
  return strong.length > 0 ? strong : all.filter((hit) => hit.weak);
}

/** Words that deny a symptom, together with it. */
export function denialOf({ negations, reading }: ReplyReading, symptom: SymptomHit): readonly Span[] {
  const sentence = reading.sentences.find(({ from, until }) => symptom.from >= from && symptom.from < until);
  const before = negations.filter(
    ({ from, until }) => from >= (sentence?.from ?? 0) && until <= symptom.from,
  );
  const nearest = before.reduce((last, { from }) => Math.max(last, from), -1);
  if (nearest >= 0) return [{ from: nearest, until: symptom.until }];
  const after = negations.find(({ from }) => from >= symptom.until && from - symptom.until <= 2);
  return after === undefined ? [symptom] : [{ from: symptom.from, until: after.until }];
}

/** Longer words that share a word with shorter ones say what is meant; a concern yields only to words that hold all of it. */
function isOutweighed(hit: CodeHit, other: Span): boolean {
  if (ALARM_CODES.has(hit.code)) return isInside(hit, other);
  const isLonger = other.until - other.from > hit.until - hit.from;
  return isLonger && hit.from < other.until && other.from < hit.until;
}

/** The question's own words and letters. */
function choiceHits({ reading }: ReplyReading, { choices }: Expectation): readonly CodeHit[] {
  const { tokens, commas, sentences } = reading;
  const hits: CodeHit[] = [];
  const [first] = tokens;
  // "1, thanks" is a key; "1 pill" is not.
  const isApart = tokens.length === 1 || commas.includes(1) || sentences.some(({ until }) => until === 1);
  for (const { key, code, words } of choices) {
    if (isApart && first?.text === key.toLowerCase())
      hits.push({ code, weak: false, source: KEY_RULE, from: 0, until: 1 });
    for (const phrase of [...words.en, ...words.es]) {
      const wanted = plainWords(phrase);
      if (wanted.length === 0) continue;
      for (let from = 0; from + wanted.length <= tokens.length; from += 1) {
        if (wanted.every((word, at) => tokens[from + at]?.text === word))
          hits.push({ code, weak: false, source: phrase, from, until: from + wanted.length });
      }
    }
  }
  return hits;
}

const known = new Map<string, readonly string[]>();
const MOST_KNOWN = 2000;

/** Words of a phrase as `cutTokens` has them. */
function plainWords(phrase: string): readonly string[] {
  let words = known.get(phrase);
  if (words === undefined) {
    words = phrase
      .normalize('NFKD')
      .replace(/[\p{M}'’]/gu, '')
      .toLowerCase()
      .split(/[^\p{L}\p{N}.]+/u)
      .filter((word) => word !== '');
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(phrase, words);
  }
  return words;
}
