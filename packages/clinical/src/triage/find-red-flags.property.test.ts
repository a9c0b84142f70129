import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findRedFlags } from './find-red-flags.ts';
import { triageRules } from './triage-rules.ts';

const options = { language: null, chemotherapy: true };
/** Every word of the content: texts made of them are the worst that there are. */
const words = triageRules.languages.flatMap(({ patterns, cues }): string[] => {
  const lists = [...Object.values(patterns), ...(Object.values(cues) as (readonly string[])[])];
  return lists
    .flatMap((list) => list.flatMap((pattern) => [pattern].flat()))
    .flatMap((pattern) => pattern.split(/[ |+]/));
});

const LONGEST = 20_000;
/** Far from what they take: a pattern that runs away takes minutes, a busy machine does not. */
const LIMIT_MS = 10_000;

function time(text: string): number {
  const from = performance.now();
  findRedFlags(text, options);
  return performance.now() - from;
}

it('takes any text and says where in it what was', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((some) => some.join(' ')),
      ),
      (text) => {
        for (const { start, end } of findRedFlags(text, options)) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      },
    ),
    { numRuns: 300 },
  );
});

it('is slowed down by no text', { timeout: 120_000 }, () => {
  time('warm up');
  const hostile = [
    'pain '.repeat(LONGEST / 5),
    'no pain chest but i have '.repeat(LONGEST / 25),
    'chest_pain'.repeat(LONGEST / 10),
    'a'.repeat(LONGEST),
    'á'.repeat(LONGEST),
    '9'.repeat(LONGEST),
    '1 '.repeat(LONGEST / 2),
    '.'.repeat(LONGEST),
    ', '.repeat(LONGEST / 2),
    "'".repeat(LONGEST),
    'i cant '.repeat(LONGEST / 7),
    'no '.repeat(LONGEST / 3),
    Array.from({ length: LONGEST / 9 }, (_, at) => `brea${String.fromCodePoint(97 + (at % 26))}hing`).join(
      ' ',
    ),
  ];
  for (const text of hostile) expect(time(text), text.slice(0, 20)).toBeLessThan(LIMIT_MS);
});

it('is slowed down by no mixture of its own words', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { minLength: 2500, maxLength: 2500 }), (some) => {
      expect(time(some.join(' ').slice(0, LONGEST))).toBeLessThan(LIMIT_MS);
    }),
    { numRuns: 6 },
  );
});
