import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, test } from 'vitest';
import { type LabelledReply, readReplies, sayReading, scoreReplies } from '../evaluation/replies.ts';
import { ALARM_CODES, CODES_OF_KIND, SYMPTOMS } from './codes.ts';
import { replyRules } from './reply-rules.ts';
import { saysMore } from './says-more.ts';
import { understandReply } from './understand-reply.ts';
import type { Expectation } from './understanding.ts';

const SAMPLES = join(import.meta.dirname, '../../content/understanding/samples');
const read = (name: string): string => readFileSync(join(SAMPLES, name), 'utf8');
const digest = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const questions = Object.fromEntries(
  Object.entries(JSON.parse(read('questions.json')) as Record<string, { expectation: Expectation }>).map(
    ([name, { expectation }]) => [name, expectation],
  ),
);
const LISTS = ['replies.en', 'replies.es', 'replies.mixed', 'danger.en', 'danger.es'];
const FRESH = [1, 2, 3].flatMap((round) =>
  ['.en', '.es', '.mixed', '-danger.en', '-danger.es'].map((name) => `fresh-${round}${name}`),
);
const load = (names: readonly string[]): readonly LabelledReply[] =>
  names.flatMap((name) => {
    const language = name.endsWith('mixed') ? 'mixed' : name.endsWith('es') ? 'es' : 'en';
    return readReplies(read(`${name}.txt`), { language, digest });
  });
const labelled = load(LISTS);
const fresh = load(FRESH);

const expectationOf = (question: string): Expectation => {
  const expectation = questions[question];
  if (expectation === undefined) throw new RangeError(question);
  return expectation;
};
const understand = (question: string, text: string) => understandReply(text, expectationOf(question), 'en');
const score = (replies: readonly LabelledReply[]) =>
  scoreReplies(replies, questions, ({ text, language }, expectation) =>
    understandReply(text, expectation, language === 'mixed' ? 'es' : language),
  );

it('handles 95 % of the held-out replies as labelled', () => {
  const heldOut = labelled.filter(({ part }) => part === 'held-out');
  expect(heldOut.length).toBeGreaterThan(400);
  expect(score(heldOut).right.value).toBeGreaterThanOrEqual(0.95);
});

it('takes no reply that tells of a danger for fine', () => {
  const dangers = [...labelled, ...fresh].filter(({ isDanger }) => isDanger);
  expect(dangers.length).toBeGreaterThan(150);
  const fine = score(dangers).wrong.map(({ reply }) => reply.text);
  expect(fine).toEqual([]);
});

it('takes no concern for something harmless, in any labelled reply', () => {
  const benign = new Set(['taken', 'not-yet', 'better', 'same', 'good', 'can-wait', 'none']);
  const misread = score([...labelled, ...fresh]).wrong.filter(
    ({ reply, reading }) => benign.has(reading) && !reply.right.includes(reading),
  );
  const concerns = misread.filter(({ reply }) => reply.right.some((code) => ALARM_CODES.has(code)));
  expect(concerns).toEqual([]);
  // Unclear ones read as something: known and of the held-out half, so that nobody tunes on it: how many, not which.
  expect(misread.length).toBeLessThanOrEqual(1);
});

test.each([
  ['pills', 'took both', 'taken'],
  ['pills', 'only one of them', 'partial'],
  ['pills', 'not yet', 'not-yet'],
  ['pills', 'threw up after taking it', 'vomited'],
  ['pills', 'forgot last night', 'missed'],
  ['pills', 'took an extra one', 'extra'],
  ['pills', 'i think so', '?'],
  ['pills', 'took my husband to the doctor', '?'],
  ['pills', 'took some coffee', '?'],
  ['pills', 'yes. My husband gave me my dose and then I took mine', '?'],
  ['pills', 'took all 4', 'taken'],
  ['pills', 'took 4', '?'],
  ['pills', 'not going to take it', 'cannot'],
  ['temperature', '101.2', 'temperature:101.2F'],
  ['temperature', '38,5', 'temperature:38.5C'],
  ['temperature', '38 F', '?'],
  ['temperature', '60', '?'],
  ['pressure', '151 over 94', 'blood-pressure:151/94'],
  ['pressure', 'bp one fifty', '?'],
  ['pressure', '94/151', '?'],
  ['vomit-count', 'like 4 or 5', 'count:5'],
  ['vomit-count', 'none', 'count:0'],
  ['vomit-count', 'more than 5', '?'],
  ['vomit-count', 'once veces', '?'],
  ['trouble', 'now', '?'],
  ['urgency', 'no, puede esperar', 'can-wait'],
  ['urgency', 'no puede esperar', 'urgent'],
  ['weight', '82 kg', 'count:180.78'],
  ['weight', '82', '?'],
])('%s: %j is %s', (question, text, reading) => {
  expect(sayReading(understand(question, text))).toBe(reading);
});

it('reads "took it" and a symptom beside it, and not one that is denied', () => {
  expect(understand('pills', 'took both, no nausea just tired')).toMatchObject({
    sure: true,
    code: 'taken',
    symptoms: ['fatigue'],
  });
});

it('says when a number is an upper bound', () => {
  expect(understand('vomit-count', '4 to 5 times')).toMatchObject({ number: 5, rule: 'count-upper-bound' });
});

it('counts tablets against what was due', () => {
  const two: Expectation = { ...expectationOf('pills'), range: { min: 2, max: 2 } };
  const sayOf = (text: string) => sayReading(understandReply(text, two, 'en'));
  expect(['took 2', 'took 3', 'took 1', 'took two pills'].map(sayOf)).toEqual([
    'taken',
    'extra',
    'partial',
    'taken',
  ]);
  const one: Expectation = { ...two, range: { min: 1, max: 1 } };
  expect(sayReading(understandReply('took one', one, 'en'))).toBe('taken');
});

it('finds red flags whatever was asked, behind a short answer too', () => {
  for (const [question, text] of [
    ['trouble', 'no, just chest pain'],
    ['vomit-count', '0 but chest pain'],
    ['anything', 'no just chest pain'],
    ['photo', 'chest pain'],
  ] as const) {
    expect(understand(question, text).flags.length, text).toBeGreaterThan(0);
    expect(saysMore(understand(question, text)), text).toBe(true);
  }
});

it('asks fever only of those with chemotherapy', () => {
  const flags = (chemotherapy: boolean) =>
    understandReply('i have a fever', expectationOf('pills'), 'en', { chemotherapy }).flags;
  expect(flags(false)).toEqual([]);
  expect(flags(true)).not.toEqual([]);
});

it('does not take what is unknown for an answer', () => {
  for (const text of ['took both zorbl', 'better qwx', '👍 zzz', '', '   ', '🦄', 'a'.repeat(5000)]) {
    for (const question of ['pills', 'than-before', 'trouble', 'temperature', 'urgency']) {
      const understood = understand(question, text);
      expect(understood.sure, `${question}: ${text.slice(0, 20)}`).toBe(false);
    }
  }
});

it('names only codes and symptoms that are listed, and has the same ones in both languages', () => {
  for (const { codes, weak, symptoms } of replyRules.languages) {
    expect(Object.keys(symptoms).sort()).toEqual([...SYMPTOMS].sort());
    for (const list of [codes, weak]) {
      for (const [kind, byCode] of Object.entries(list)) {
        const known = [...CODES_OF_KIND[kind as Expectation['kind']], 'ask', 'zero', 'usual', 'vague'];
        for (const code of Object.keys(byCode)) expect(known).toContain(code);
      }
    }
  }
});
