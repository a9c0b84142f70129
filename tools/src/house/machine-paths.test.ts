import { expect, test } from 'vitest';
import { machinePaths } from './machine-paths.ts';
import { repoOf } from './repo.ts';

// Joined here, so that this file does not break the rule itself.
const path = (...parts: string[]): string => `/${parts.join('/')}`;

test.each([
  `const a = '${path('work', 'main')}';`,
  `see ${path('home', 'ann', 'baton')}`,
  `[picture](${path('Users', 'ann', 'a.png')})`,
  ['https://regis', 'try.npmjs.org/pg'].join(''),
])('refused: %s', (text) => {
  expect(machinePaths.run(repoOf({ 'docs/a.md': `\n${text}` }))).toMatchObject([{ line: 2 }]);
});

test('routes, relative paths and words are free', () => {
  const text = `GET /work; packages/home/a.ts; the ${['regis', 'try.'].join('')} Then go on; ${path('tmp', 'x')}`;
  expect(machinePaths.run(repoOf({ 'docs/a.md': text }))).toEqual([]);
});
