import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { emergencyText, PATIENT_GRADE, readingLevel } from '@baton/clinical';
import { ERROR_CODES, LANGUAGES } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { es } from './es.ts';
import { failureText } from './failure-text.ts';
import { textsIn } from './texts.ts';

const TABLES = { en, es } as const;
const KEYS = Object.keys(en) as (keyof typeof en)[];
const FOLDER = fileURLToPath(new URL('../', import.meta.url));

const places = (text: string): readonly string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();

function sources(): string {
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/texts\/(?:en|es)\.ts$|\.test\.ts$/.test(file))
    .map((file) => readFileSync(`${FOLDER}${file}`, 'utf8'))
    .join('\n');
}

describe('the texts', () => {
  it('are the same in both languages, and no one is empty', () => {
    expect(Object.keys(es)).toEqual(KEYS);
    for (const language of LANGUAGES) {
      for (const key of KEYS) expect([language, key, TABLES[language][key].trim()]).not.toContain('');
    }
  });

  it('have the same places to fill in', () => {
    for (const key of KEYS) expect([key, places(es[key])]).toEqual([key, places(en[key])]);
  });

  it('are all said somewhere', () => {
    const code = sources();
    // `link.${trouble}Why` and `arrival.tries` + `.one`: a key may be put together from its first part.
    const said = (key: string): boolean =>
      code.includes(`'${key}'`) ||
      code.includes(`'${key.replace(/\.(?:one|other)$/, '')}'`) ||
      /^(?:link\.(?:expired|used|locked|broken)|state\.|message\.reaction\.|prompt\.kind\.|visits\.state\.)/.test(
        key,
      );
    expect(KEYS.filter((key) => !said(key))).toEqual([]);
  });

  it('put nothing into the page where a value is missing, and count', () => {
    expect(textsIn('en').count('arrival.tries', 1)).toBe('You have 1 try left.');
    expect(textsIn('es').count('arrival.tries', 4)).toBe('Le quedan 4 intentos.');
    expect(textsIn('es').t('call.practice', { name: '$& Harbor {x}' })).toBe('Llamar a $& Harbor {x}');
  });

  it('have an answer for every code of the catalogue', () => {
    for (const code of Object.keys(ERROR_CODES)) expect(failureText({ code })).toMatch(/^fail\./);
    expect(failureText(new Error('x'))).toMatch(/^fail\./);
  });
});

describe('the reading level', () => {
  /** Buttons and labels have too few words for a formula; together they count all the same. */
  const LEAST_WORDS = 6;

  it.each(LANGUAGES)('of all texts together is that of a sixth grade or below, in %s', (language) => {
    const all = KEYS.map((key) => TABLES[language][key]).join('\n');
    const { grade, words } = readingLevel(all, language);
    expect(words).toBeGreaterThan(800);
    expect(grade).toBeLessThanOrEqual(PATIENT_GRADE);
  });

  it.each(LANGUAGES)('of every single text of some length is, in %s', (language) => {
    const hard = KEYS.map((key) => ({ key, ...readingLevel(TABLES[language][key], language) }))
      .filter(({ words, grade }) => words >= LEAST_WORDS && grade > PATIENT_GRADE)
      .map(({ key, grade }) => `${key} (${grade}): ${TABLES[language][key]}`);
    expect(hard).toEqual([]);
  });

  it.each(LANGUAGES)('of the emergency notice is, in %s', (language) => {
    const { title, body } = emergencyText(language);
    expect(readingLevel(`${title} ${body}`, language).grade).toBeLessThanOrEqual(PATIENT_GRADE);
  });

  it('finds a hard text, so that a pass means something', () => {
    const hard =
      'Authentication credentials necessitate verification prior to accessing confidential correspondence.';
    expect(readingLevel(hard, 'en').grade).toBeGreaterThan(12);
  });
});
