import { expect, test } from 'vitest';
import { repoOf } from './repo.ts';
import { typeCoverage } from './type-coverage.ts';

const configs = {
  'tsconfig.pure.json': `{ // pure
    "include": ["packages/kernel/src/**/*.ts"], "exclude": ["**/*.test.ts"] }`,
  'tsconfig.node.json': `{ "include": ["packages/*/src/**/*.test.ts", "packages/server/**/*.ts", "tools"] }`,
};

test('covered sources are right', () => {
  const repo = repoOf({
    ...configs,
    'packages/kernel/src/ids.ts': '',
    'packages/kernel/src/deep/down.ts': '',
    'packages/kernel/src/ids.test.ts': '',
    'packages/server/src/http/send.ts': '',
    'tools/src/run.ts': '',
  });
  expect(typeCoverage.run(repo)).toEqual([]);
});

test('a file in no config, and a pure one only in another, are refused', () => {
  const repo = repoOf({
    ...configs,
    'tsconfig.node.json': `{ "include": ["packages/**/*.ts"] }`,
    'packages/wire/src/frame.ts': '',
    'apps/web/src/main.tsx': '',
  });
  expect(typeCoverage.run(repo).map(({ file, what }) => `${file} ${what}`)).toEqual([
    'apps/web/src/main.tsx is in no tsconfig.',
    'packages/wire/src/frame.ts is not in tsconfig.pure.json.',
  ]);
});

test('a scene of tests is in a config like every source, in whichever', () => {
  const scene = { 'packages/kernel/src/fixtures/clock.ts': '' };
  expect(typeCoverage.run(repoOf({ ...configs, ...scene }))).toEqual([]);
  const pure = '{ "include": ["packages/kernel/src/**/*.ts"], "exclude": ["**/fixtures/**"] }';
  expect(typeCoverage.run(repoOf({ ...configs, 'tsconfig.pure.json': pure, ...scene }))).toHaveLength(1);
});
