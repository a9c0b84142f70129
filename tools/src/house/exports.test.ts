import { expect, test } from 'vitest';
import { exportsCheck, unusedExports } from './exports.ts';
import { repoOf } from './repo.ts';

const KERNEL = 'packages/kernel';
const manifest = { [`${KERNEL}/package.json`]: '{"name": "@baton/kernel"}' };
const found = (contents: Record<string, string>) =>
  unusedExports(repoOf({ ...manifest, ...contents })).map(({ name, by }) => `${name} ${by}`);

test('a name that another file uses, through however many doors, is right', () => {
  const uses = `import { ok, walk as go } from '@baton/kernel';\nconst lazy = () => import('./screens.ts');`;
  expect(
    found({
      [`${KERNEL}/src/result.ts`]: 'export function ok() {}\nexport class Walk {}\nexport type Never = 1;',
      [`${KERNEL}/src/index.ts`]: `export { ok, Walk as walk } from './result.ts';`,
      'apps/web/src/app.ts': uses,
      'apps/web/src/screens.ts': `export { Home } from './home.ts';`,
      'apps/web/src/home.ts': 'export const Home = 1;',
      'agents/duty/src/index.ts': 'export const program = 1;',
    }),
  ).toEqual([]);
});

test('a name that only a door passes on, only tests use, or only its own file uses is named', () => {
  expect(
    found({
      [`${KERNEL}/src/result.ts`]: [
        'export const dead = 1;',
        'export const tried = 2;',
        'export const inner = 3;',
        'export const both = inner;',
        'const sum = both;',
      ].join('\n'),
      [`${KERNEL}/src/index.ts`]: `export { dead } from './result.ts';`,
      [`${KERNEL}/src/result.test.ts`]: `import { both, tried } from './result.ts';`,
    }),
  ).toEqual(['dead nobody', 'tried tests', 'inner itself']);
});

test('an allowance is for its names in its file', () => {
  const repo = repoOf({ 'packages/a/src/a.ts': 'export const a = 1;\nexport const b = 1;' });
  const allowed = [{ path: 'packages/a/src/a.ts', names: ['a'], reason: 'the station loads it' }];
  expect(exportsCheck(allowed).run(repo)).toMatchObject([{ what: 'Nothing uses b.', line: 2 }]);
});
