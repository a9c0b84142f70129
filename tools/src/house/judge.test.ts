import { expect, test } from 'vitest';
import { CHECKS, judge, staleExceptions } from './judge.ts';
import { repoOf } from './repo.ts';
import type { Check, Repo } from './violation.ts';

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

test('an exception that nothing needs is itself a violation', () => {
  const stale = (repo: Repo) => staleExceptions(repo, new Set()).map(({ what }) => what);
  const config = 'ENV_READERS: apps/baton/src/config.ts does nothing that needs it.';
  const adapters = 'CLOCK_ADAPTERS: packages/server/src/adapters/ does nothing that needs it.';
  expect(stale(repoOf({}))).toEqual(expect.arrayContaining([config, adapters]));
  const quiet = { 'apps/baton/src/config.ts': '', 'packages/server/src/adapters/clock.ts': '' };
  expect(stale(repoOf(quiet))).toEqual(expect.arrayContaining([config, adapters]));
  const busy = stale(
    repoOf({
      'apps/baton/src/config.ts': 'export const port = process.env.BATON_PORT;',
      'packages/server/src/adapters/clock.ts': 'export const nowMs = () => Date.now();',
    }),
  );
  expect(busy).not.toContain(config);
  expect(busy).not.toContain(adapters);
});

test('every rule is in the list once', () => {
  const rules = CHECKS.map(({ rule }) => rule);
  expect(new Set(rules).size).toBe(rules.length);
  expect(rules.length).toBe(20);
});
