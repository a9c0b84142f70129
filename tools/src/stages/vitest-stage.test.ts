import { expect, test } from 'vitest';
import { failedCount } from './stage.ts';
import { judge } from './vitest-stage.ts';

const project = { name: 'unit', timeoutMs: 1000, matches: () => true };
const good = { code: 0, output: 'the output', timedOut: false };
const bad = { ...good, code: 1 };

interface MadeFile {
  readonly name: string;
  readonly tests: readonly string[];
  readonly message?: string;
}

function report(files: readonly MadeFile[]): string {
  const testResults = files.map(({ name, tests, message = '' }) => ({
    name: `/repo/${name}`,
    status: message !== '' || tests.includes('failed') ? 'failed' : 'passed',
    message,
    assertionResults: tests.map((status, n) => ({ status, fullName: `t${n}`, failureMessages: [] })),
  }));
  const all = files.flatMap(({ tests }) => tests);
  return JSON.stringify({ numPassedTests: all.filter((status) => status === 'passed').length, testResults });
}

test('a good run counts what passed', () => {
  const text = report([{ name: 'a.test.ts', tests: ['passed', 'passed'] }]);
  const result = judge('/repo', { project, result: good, report: text, expectedFiles: 1 });
  expect([result.passed, failedCount(result)]).toEqual([2, 0]);
});

test('each failed test counts, the output is printed once', () => {
  const text = report([{ name: 'a.test.ts', tests: ['passed', 'failed', 'failed'] }]);
  const result = judge('/repo', { project, result: bad, report: text, expectedFiles: 1 });
  expect([result.passed, failedCount(result)]).toEqual([1, 2]);
  expect(result.failures).toEqual([{ name: 'a.test.ts > t1', text: 'the output' }]);
});

test('a file that cannot be loaded counts as failed', () => {
  const text = report([
    { name: 'a.test.ts', tests: ['passed'] },
    { name: 'b.test.ts', tests: [], message: 'SyntaxError' },
  ]);
  const result = judge('/repo', { project, result: bad, report: text, expectedFiles: 2 });
  expect([result.passed, failedCount(result)]).toEqual([1, 1]);
});

test.each([
  ['an error outside every test', bad, [{ name: 'a.test.ts', tests: ['passed'] }], 1],
  ['no test at all', good, [{ name: 'a.test.ts', tests: [] }], 1],
  ['nothing but skipped tests', good, [{ name: 'a.test.ts', tests: ['skipped'] }], 1],
  ['a file that was not run', good, [{ name: 'a.test.ts', tests: ['passed'] }], 2],
])('%s fails', (_, result, files, expectedFiles) => {
  const judged = judge('/repo', { project, result, report: report(files), expectedFiles });
  expect(failedCount(judged)).toBe(1);
});

test.each([
  ['', 'unit gave no report'],
  ['{ "half', 'unit gave no report'],
])('no report fails: %j', (text, name) => {
  const judged = judge('/repo', { project, result: good, report: text, expectedFiles: 1 });
  expect(judged.failures).toMatchObject([{ name, text: 'the output' }]);
});

test('a run that hangs fails and says so', () => {
  const result = { ...bad, timedOut: true };
  const judged = judge('/repo', { project, result, report: '', expectedFiles: 1 });
  expect(judged.failures).toMatchObject([{ name: 'unit did not end within 1 s' }]);
});
