import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readVitestReport, type VitestCounts } from './vitest-report.ts';
import { drawsCases, joinRuns, judge, type Verdict } from './vitest-stage.ts';

const project = { name: 'int', timeoutMs: 1000 };
const good = { code: 0, output: 'the output', timedOut: false };
const bad = { ...good, code: 1 };

interface MadeFile {
  readonly name: string;
  readonly tests: readonly string[];
  readonly message?: string;
}

function counted(files: readonly MadeFile[]): VitestCounts {
  const testResults = files.map(({ name, tests, message = '' }) => ({
    name: `/repo/${name}`,
    status: message !== '' || tests.includes('failed') ? 'failed' : 'passed',
    message,
    startTime: 1000,
    endTime: name === 'slow.test.ts' ? 21_400 : 1500,
    assertionResults: tests.map((status, n) => ({ status, fullName: `t${n}`, failureMessages: ['not so'] })),
  }));
  const all = files.flatMap(({ tests }) => tests);
  const numPassedTests = all.filter((status) => status === 'passed').length;
  return readVitestReport(JSON.stringify({ numPassedTests, testResults }), '/repo');
}

function judged(result: typeof good, files: readonly MadeFile[], expectedFiles = files.length): Verdict {
  return judge({ project, result, counts: counted(files), expectedFiles });
}

test('a good run counts what passed', () => {
  const { result } = judged(good, [{ name: 'a.test.ts', tests: ['passed', 'passed'] }]);
  expect(result).toEqual({ passed: 2, failures: [], note: '1 files' });
});

test('the slowest files are named', () => {
  const { result } = judged(good, [
    { name: 'a.test.ts', tests: ['passed'] },
    { name: 'slow.test.ts', tests: ['passed'] },
  ]);
  expect(result.note).toBe('2 files, slowest slow.test.ts 20 s');
});

test('each failed test is named with what it said, and the whole output is kept once', () => {
  const { result } = judged(bad, [{ name: 'a.test.ts', tests: ['passed', 'failed', 'failed'] }]);
  expect(result).toMatchObject({
    passed: 1,
    failures: [
      { name: 'a.test.ts > t1', text: 'not so' },
      { name: 'a.test.ts > t2', text: 'not so' },
    ],
    output: 'the output',
  });
});

test('a file that cannot be loaded counts as failed', () => {
  const { result } = judged(bad, [
    { name: 'a.test.ts', tests: ['passed'] },
    { name: 'b.test.ts', tests: [], message: 'SyntaxError' },
  ]);
  expect(result).toMatchObject({ passed: 1, failures: [{ name: 'b.test.ts', text: 'SyntaxError' }] });
});

test.each([
  ['an error outside every test', bad, [{ name: 'a.test.ts', tests: ['passed'] }], 1],
  ['no test at all', good, [{ name: 'a.test.ts', tests: [] }], 1],
  ['nothing but skipped tests', good, [{ name: 'a.test.ts', tests: ['skipped'] }], 1],
  ['a file that was not run', good, [{ name: 'a.test.ts', tests: ['passed'] }], 2],
])('%s fails', (_, result, files, expectedFiles) => {
  expect(judged(result, files, expectedFiles).result.failures).toHaveLength(1);
});

test('no report fails, and says so when the run hung', () => {
  const evidence = { project, counts: null, expectedFiles: 1 };
  expect(judge({ ...evidence, result: good }).result.failures).toMatchObject([
    { name: 'int gave no report' },
  ]);
  const hung = judge({ ...evidence, result: { ...bad, timedOut: true } });
  expect(hung.result.failures).toMatchObject([{ name: 'int did not end within 1 s' }]);
  expect(hung.result.output).toBe('the output');
});

test.each(['', '{ "half', '{ "numPassedTests": 1, "testResults": [] }'])('%j is no report', (text) => {
  expect(() => readVitestReport(text, '/repo')).toThrow();
});

const mixed: readonly MadeFile[] = [
  { name: 'a.test.ts', tests: ['passed', 'failed'] },
  { name: 'b.test.ts', tests: ['passed'] },
];

test('a test that fails beside others and passes alone is unsteady, and every test counts once', () => {
  const alone = judged(good, [{ name: 'a.test.ts', tests: ['passed', 'passed'] }]);
  expect(joinRuns(judged(bad, mixed), alone)).toEqual({
    passed: 3,
    failures: [],
    unsteady: [{ name: 'a.test.ts > t1', text: 'not so' }],
    note: '2 files, 1 again alone',
    output: 'the output',
  });
});

test('a test that fails alone too has failed', () => {
  const alone = judged(bad, [{ name: 'a.test.ts', tests: ['passed', 'failed'] }]);
  expect(joinRuns(judged(bad, mixed), alone)).toMatchObject({
    passed: 2,
    failures: [{ name: 'a.test.ts > t1' }],
    unsteady: [],
  });
});

test.each([
  ['breaks off', (): Verdict => judge({ project, result: bad, counts: null, expectedFiles: 1 })],
  ['runs nothing', (): Verdict => judged(good, [{ name: 'a.test.ts', tests: ['skipped'] }])],
  [
    'skips the failed test',
    (): Verdict => judged(good, [{ name: 'a.test.ts', tests: ['passed', 'skipped'] }]),
  ],
])('a second run that %s forgives nothing', (_, second) => {
  const joined = joinRuns(judged(bad, mixed), second());
  expect(joined.failures).toContainEqual(expect.objectContaining({ name: 'a.test.ts > t1' }));
  expect(joined.unsteady ?? []).toEqual([]);
});

test('a file whose hook failed is forgiven when its tests pass alone', () => {
  const hook = [{ name: 'a.test.ts', tests: [], message: 'hook timed out' }, mixed[1]!];
  const alone = judged(good, [{ name: 'a.test.ts', tests: ['passed'] }]);
  expect(joinRuns(judged(bad, hook), alone)).toMatchObject({
    passed: 2,
    failures: [],
    unsteady: [{ name: 'a.test.ts', text: 'hook timed out' }],
  });
});

test('no test that draws its cases is looked at again', () => {
  const root = new URL('../../..', import.meta.url);
  const drawn = ['packages/testkit/src/crash.int.test.ts', 'bridges/sms/src/kill.int.test.ts'];
  for (const path of drawn) expect(drawsCases(readFileSync(new URL(path, root), 'utf8'))).toBe(true);
  const steady = readFileSync(new URL('packages/testkit/src/files.int.test.ts', root), 'utf8');
  expect(drawsCases(steady)).toBe(false);
});

test('an error outside the tests of the first run stays a failure', () => {
  const output = 'text\n⎯⎯⎯⎯ Unhandled Errors ⎯⎯⎯⎯\ntext';
  const alone = judged(good, [{ name: 'a.test.ts', tests: ['passed', 'passed'] }]);
  expect(joinRuns(judged({ ...bad, output }, mixed), alone).failures).toMatchObject([
    { name: 'int had errors outside its tests (code 1)' },
  ]);
});

test('a file that the first run left out stays a failure', () => {
  const alone = judged(good, [{ name: 'a.test.ts', tests: ['passed', 'passed'] }]);
  expect(joinRuns(judged(bad, mixed, 3), alone).failures).toMatchObject([
    { name: 'int ran 2 of 3 test files' },
  ]);
});
