import { expect, test } from 'vitest';
import { CHECKS, judge, staleExceptions } from './judge.ts';
import { repoOf } from './repo.ts';
import type { Check } from './violation.ts';

const violation = { line: 1, rule: 'names', what: 'x', why: 'y', todo: 'z' } as const;
const check: Check = {
  rule: 'names',
  run: () => [
    { ...violation, file: 'a.ts' },
    { ...violation, file: 'b.ts' },
  ],
};

test('a waiver takes out its rule in its file, and nothing else', () => {
  const waivers = [
    { rule: 'names', file: 'a.ts', reason: 'foreign' },
    { rule: 'clock', file: 'b.ts', reason: 'other rule' },
  ];
  const used = new Set<(typeof waivers)[number]>();
  expect(judge(repoOf({}), check, waivers, used)).toMatchObject([{ file: 'b.ts' }]);
  expect([...used]).toEqual([waivers[0]]);
});

test('an exception for a file that is gone is itself a violation', () => {
  expect(staleExceptions(repoOf({}), new Set()).length).toBeGreaterThan(0);
});

test('every rule is in the list once', () => {
  const rules = CHECKS.map(({ rule }) => rule);
  expect(new Set(rules).size).toBe(rules.length);
  expect(rules.length).toBe(18);
});
