import { expect, test } from 'vitest';
import { leftovers } from './leftovers.ts';
import { repoOf } from './repo.ts';

test('a note for later is refused', () => {
  const note = ['TO', 'DO'].join('');
  const repo = repoOf({
    'packages/kernel/src/a.ts': `\n// ${note}: later`,
    'packages/kernel/src/b.ts': `const ${note.toLowerCase()}List = 1; const METHODO = 2;`,
  });
  expect(leftovers.run(repo)).toMatchObject([{ file: 'packages/kernel/src/a.ts', line: 2 }]);
});

test.each([
  'it.skip("x", run);',
  'describe.only("x", run);',
  'test.only.each([1])("x", run);',
  'it.concurrent.skip("x", run);',
  'xit("x", run);',
])('a test that is switched off is refused: %s', (text) => {
  expect(leftovers.run(repoOf({ 'packages/kernel/src/a.test.ts': text }))).toHaveLength(1);
});

test('a condition is not a switch', () => {
  const text = 'it.skipIf(!isRoot)("x", run); cursor.skip(3); rows.only();';
  expect(leftovers.run(repoOf({ 'packages/kernel/src/a.test.ts': text }))).toEqual([]);
});

test('a rule may be silenced for one line, with a reason', () => {
  const text = (rest: string): string => `\n// ${['oxlint', 'disable'].join('-')}${rest}`;
  const run = (rest: string) => leftovers.run(repoOf({ 'packages/kernel/src/a.ts': text(rest) }));
  expect(run('-next-line no-console -- the start banner')).toEqual([]);
  expect(run('-next-line no-console')).toMatchObject([{ line: 2 }]);
  expect(run(' no-console -- for the whole file')).toMatchObject([{ line: 2 }]);
});
