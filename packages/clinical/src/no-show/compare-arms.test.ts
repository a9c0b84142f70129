import { expect, it, test } from 'vitest';
import { compareArms, sayComparison } from './compare-arms.ts';

// R. G. Newcombe, Stat. Med. 17 (1998), 873-890, table II, method 10 (score without continuity correction): p1 - p2.
test.each([
  ['56/70 and 48/80', [56, 70, 48, 80], [0.0524, 0.3339]],
  ['9/10 and 3/10', [9, 10, 3, 10], [0.1705, 0.809]],
  ['6/7 and 2/7', [6, 7, 2, 7], [0.0582, 0.8062]],
  ['5/56 and 0/29', [5, 56, 0, 29], [-0.0381, 0.1926]],
  ['0/10 and 0/20', [0, 10, 0, 20], [-0.1611, 0.2775]],
  ['0/10 and 0/10', [0, 10, 0, 10], [-0.2775, 0.2775]],
  ['10/10 and 0/20', [10, 10, 0, 20], [0.6791, 1]],
  ['10/10 and 0/10', [10, 10, 0, 10], [0.6075, 1]],
] as const)('%s as published', (_, [a, m, b, n], [low, high]) => {
  const { fewer } = compareArms({ noShows: b, visits: n }, { noShows: a, visits: m });
  expect(fewer?.low).toBeCloseTo(low, 4);
  expect(fewer?.high).toBeCloseTo(high, 4);
});

it('says fewer, more, or that it cannot be told', () => {
  const arm = (noShows: number, visits: number) => ({ noShows, visits });
  expect(compareArms(arm(40, 400), arm(80, 400)).verdict).toBe('fewer');
  expect(compareArms(arm(80, 400), arm(40, 400)).verdict).toBe('more');
  expect(compareArms(arm(8, 60), arm(10, 60)).verdict).toBe('not-shown');
  expect(compareArms(arm(0, 0), arm(10, 60)).verdict).toBe('no-visits');
});

it('says it in plain words, with every number that it rests on', () => {
  const comparison = compareArms({ noShows: 40, visits: 400 }, { noShows: 80, visits: 400 });
  expect(sayComparison(comparison, 'en')).toBe(
    'Missed with the extra reminder: 40/400 (10.0 %); without it: 80/400 (20.0 %); both groups drawn by lot. Difference: 10.0 points fewer missed visits with it (95 % interval 5.1 to 14.9; below 0 means more). The extra reminder lowered no-shows.',
  );
  expect(sayComparison(comparison, 'es')).toContain('redujo las ausencias');
});
