import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from '@baton/wire';
import { expect, it } from 'vitest';
import { findRedFlags } from '../triage/find-red-flags.ts';
import { triageRules } from '../triage/triage-rules.ts';
import { NO_FLAG, readSamples, readScenarios, type Sample, type SamplePart } from './samples.ts';
import { scoreSamples } from './score.ts';

const FOLDER = join(import.meta.dirname, '../../content/triage/samples');
const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
const scenarios = readScenarios(read('scenarios.tsv'), digest);
const samplesOf = (part: SamplePart, language: Language): readonly Sample[] =>
  readSamples(read(`${part}.${language}.txt`), { part, language, scenarios });
const all = (['development', 'held-out'] as const).flatMap((part) => [
  ...samplesOf(part, 'en'),
  ...samplesOf(part, 'es'),
]);
/** What the rules have reached on the messages that they were written for; they do not fall behind it. */
const REACHED = 0.98;

it('are enough, of each language and part, and written once', () => {
  expect(all.length).toBeGreaterThanOrEqual(600);
  for (const language of ['en', 'es'] as const) {
    const own = all.filter((sample) => sample.language === language);
    const held = own.filter(({ part }) => part === 'held-out');
    expect(own.length).toBeGreaterThanOrEqual(300);
    expect(held.length / own.length).toBeGreaterThanOrEqual(0.4);
    expect(own.some(({ category }) => category === NO_FLAG)).toBe(true);
  }
  const texts = all.map(({ text }) => text.toLowerCase());
  expect(texts.filter((text, at) => texts.indexOf(text) !== at)).toEqual(['c']);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
});

it('have a label that is a category of the rules, and a part that the seed gave', () => {
  const categories = new Set([NO_FLAG, ...triageRules.rules.map(({ category }) => category)]);
  for (const { id, category, part, language, text, scenario } of all) {
    expect(categories, id).toContain(category);
    expect(['development', 'held-out']).toContain(part);
    expect(['en', 'es']).toContain(language);
    expect(text.trim(), id).not.toBe('');
    expect(scenarios.find((one) => one.id === scenario)?.part, id).toBe(part);
  }
  expect(() => readSamples('# calm.pets\nx', { part: 'development', language: 'en', scenarios })).toThrow(
    RangeError,
  );
});

it('and every scenario is told in both languages', () => {
  for (const { id } of scenarios) {
    for (const language of ['en', 'es']) {
      expect(
        all.some((sample) => sample.scenario === id && sample.language === language),
        `${id} ${language}`,
      ).toBe(true);
    }
  }
});

it.each(['en', 'es'] as const)(
  'of the development part are told apart as well as they ever were: %s',
  (language) => {
    const score = scoreSamples(samplesOf('development', language), ({ text, chemotherapy }) =>
      findRedFlags(text, { language, chemotherapy }),
    );
    const wrong = [...score.missed, ...score.falseAlarms.map(({ sample }) => sample)].map(({ id, text }) => [
      id,
      text,
    ]);
    expect(score.sensitivity.value, JSON.stringify(wrong)).toBeGreaterThanOrEqual(REACHED);
    expect(score.specificity.value, JSON.stringify(wrong)).toBeGreaterThanOrEqual(REACHED);
  },
);
