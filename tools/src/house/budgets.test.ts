import { expect, test } from 'vitest';
import { budgets } from './budgets.ts';
import { repoOf } from './repo.ts';

const statements = (count: number): string => 'go();\n'.repeat(count);
const functionOf = (lines: number): string => `function long() {\n${statements(lines - 2)}}\n`;
const small = (count: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, n) => [`packages/kernel/src/f${n}.ts`, functionOf(3)]),
  );

test('blank lines and comments are free', () => {
  const text = `${statements(290)}${'\n// why\n/* a\n b */\n/** c */\n'.repeat(100)}`;
  expect(budgets.run(repoOf({ 'packages/kernel/src/a.ts': text }))).toEqual([]);
});

test('the lines of a template count', () => {
  const text = `const page = \`${'line\n'.repeat(401)}\`;`;
  expect(budgets.run(repoOf({ 'packages/kernel/src/a.ts': text }))).toHaveLength(1);
});

test('no file passes the wall, tests included', () => {
  const tests = ['packages/kernel/src/a.test.ts', 'packages/kernel/src/fixtures/scene.ts'];
  const long = Object.fromEntries(tests.map((file) => [file, statements(401)]));
  expect(budgets.run(repoOf({ ...small(40), ...long })).map(({ file }) => file)).toEqual(tests);
});

test('one in twenty files may lie between target and wall, two may not', () => {
  const one = { ...small(19), 'packages/kernel/src/a.ts': statements(350) };
  expect(budgets.run(repoOf(one))).toEqual([]);
  const two = { ...one, 'packages/kernel/src/b.ts': statements(300) };
  expect(budgets.run(repoOf(two)).map(({ file }) => file)).toEqual([
    'packages/kernel/src/a.ts',
    'packages/kernel/src/b.ts',
  ]);
});

test('the same for functions, except that a test may be long', () => {
  const repo = repoOf({
    ...small(40),
    'packages/kernel/src/a.ts': functionOf(101),
    'packages/kernel/src/a.test.ts': functionOf(101),
    'packages/kernel/src/b.ts': functionOf(60),
  });
  expect(budgets.run(repo)).toMatchObject([
    { file: 'packages/kernel/src/a.ts', line: 1, what: expect.stringContaining('long has 101') as string },
  ]);
});
