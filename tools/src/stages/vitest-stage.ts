import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listFiles } from '../files.ts';
import { type CommandResult, runNode } from './command.ts';
import type { Failure, Stage, StageResult } from './stage.ts';
import { readVitestReport, type VitestCounts } from './vitest-report.ts';

interface VitestProject {
  /** A project of vitest.config.ts. */
  readonly name: string;
  readonly timeoutMs: number;
  /** Files at once. Tests with servers wait more than they compute (assistants' pauses, leases, kills): two cores carry four of them. */
  readonly workers: number;
  readonly matches: (file: string) => boolean;
  /**
   * In how many files a failure is looked at a second time, with nothing beside it. Real servers, browsers and kills
   * share two cores with other test files, so a wait can run out where nothing is wrong. What fails alone has failed;
   * what passes alone is listed as unsteady with what it said. A file that draws its cases is never looked at again:
   * another run draws others, and what one has found is a fault.
   */
  readonly againAlone: number;
}

const PROJECTS: readonly VitestProject[] = [
  {
    name: 'unit',
    timeoutMs: 600_000,
    workers: 2,
    matches: (file) => /\.test\.tsx?$/.test(file) && !file.endsWith('.int.test.ts'),
    againAlone: 0,
  },
  {
    name: 'int',
    timeoutMs: 1_500_000,
    workers: 4,
    matches: (file) => file.endsWith('.int.test.ts'),
    againAlone: 4,
  },
  {
    name: 'e2e',
    timeoutMs: 1_800_000,
    workers: 2,
    matches: (file) => /^apps\/web\/e2e\/.*\.e2e\.ts$/.test(file),
    againAlone: 3,
  },
];

export const vitestStages: readonly Stage[] = PROJECTS.map((project) => ({
  name: project.name,
  run: (root) => runProject(root, project),
}));

async function runProject(root: string, project: VitestProject): Promise<StageResult> {
  const files = listFiles(root).filter(project.matches);
  if (files.length === 0) return { passed: 0, failures: [], note: 'no files' };

  const first = judge({ project, ...(await runFiles(root, project, [])), expectedFiles: files.length });
  const again = first.counts?.failedFiles ?? [];
  if (again.length === 0 || again.length > project.againAlone) return first.result;
  for (const file of again) if (drawsCases(await readFile(join(root, file), 'utf8'))) return first.result;

  const second = judge({ project, ...(await runFiles(root, project, again)), expectedFiles: again.length });
  return joinRuns(first, second);
}

/** Whether a test's source makes its cases by chance. */
export function drawsCases(source: string): boolean {
  return /\b(?:randomInt|createSeededRng)\(|from 'fast-check'/.test(source);
}

interface Run {
  readonly result: CommandResult;
  /** Null when there is none that can be believed. */
  readonly counts: VitestCounts | null;
}

/** `files` empty: all of the project, side by side. Otherwise these and nothing beside them. */
async function runFiles(root: string, project: VitestProject, files: readonly string[]): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-vitest-'));
  try {
    const reportFile = join(folder, 'report.json');
    const result = await runNode({
      args: [
        'node_modules/vitest/vitest.mjs',
        'run',
        `--project=${project.name}`,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${reportFile}`,
        ...(files.length > 0 ? ['--no-file-parallelism', ...files] : [`--maxWorkers=${project.workers}`]),
      ],
      cwd: root,
      timeoutMs: project.timeoutMs,
    });
    return { result, counts: readReport(await readFile(reportFile, 'utf8').catch(() => ''), root) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Evidence extends Run {
  readonly project: Pick<VitestProject, 'name' | 'timeoutMs'>;
  readonly expectedFiles: number;
}

export interface Verdict {
  readonly result: StageResult;
  readonly counts: VitestCounts | null;
}

/** From here on a file is worth naming in the summary. */
const SLOW_MS = 10_000;
const UNHANDLED = /^⎯+ Unhandled Errors? ⎯+$/m;

/** A run is good only when everything agrees: exit code, report, and the files that lie in the tree. */
export function judge({ project, result, counts, expectedFiles }: Evidence): Verdict {
  const output = result.output.trim();
  if (counts === null) {
    const name = result.timedOut
      ? `${project.name} did not end within ${project.timeoutMs / 1000} s`
      : `${project.name} gave no report`;
    return { counts, result: { passed: 0, failures: [{ name, text: '' }], output, note: '' } };
  }
  const failures = [...counts.failures];
  // An error outside every test: only vitest's own text has it.
  if (UNHANDLED.test(output) || (failures.length === 0 && result.code !== 0)) {
    failures.push({ name: `${project.name} had errors outside its tests (code ${result.code})`, text: '' });
  }
  if (counts.passed + counts.failures.length === 0) {
    failures.push({ name: `${project.name} has ${expectedFiles} test files, and no test ran`, text: '' });
  } else if (counts.files < expectedFiles) {
    failures.push({ name: `${project.name} ran ${counts.files} of ${expectedFiles} test files`, text: '' });
  }
  const slowest = counts.slowest.filter(({ tookMs }) => tookMs >= SLOW_MS);
  const note = [`${counts.files} files`];
  if (slowest.length > 0) {
    note.push(
      `slowest ${slowest.map(({ file, tookMs }) => `${file} ${Math.round(tookMs / 1000)} s`).join(', ')}`,
    );
  }
  if (counts.skipped.length > 0) note.push(`${counts.skipped.length} skipped: ${counts.skipped.join('; ')}`);
  return {
    counts,
    result: {
      passed: counts.passed,
      failures,
      note: note.join(', '),
      ...(failures.length > 0 ? { output } : {}),
    },
  };
}

/**
 * What a second run of the failed files, alone, makes of the first. Only failed tests are forgiven: a file that did not
 * run, or an error outside the tests, stays a failure of the first run.
 */
export function joinRuns(first: Verdict, second: Verdict): StageResult {
  const { counts } = first;
  // A second run that says nothing forgives nothing.
  if (counts === null || second.counts === null) return first.result;
  const alone = second.counts.passedTests;
  const [unsteady, rest] = [true, false].map((isUnsteady) =>
    counts.failures.filter(({ name }) => isForgiven(name, alone) === isUnsteady),
  ) as [Failure[], Failure[]];
  const beyondTests = first.result.failures.filter((failure) => !counts.failures.includes(failure));
  const named = new Set(second.result.failures.map(({ name }) => name));
  const failures = [
    ...beyondTests,
    ...second.result.failures,
    ...rest.filter(({ name }) => !named.has(name)),
  ];
  const output = [first.result.output, second.result.output].filter((text) => text !== undefined);
  return {
    passed: counts.passed - counts.passedInFailedFiles + second.result.passed,
    failures,
    unsteady,
    note: `${first.result.note}, ${counts.failedFiles.length} again alone`,
    // Also of what was forgiven: it is to be looked into.
    ...(output.length > 0 ? { output: output.join('\n\n--- again, alone\n\n') } : {}),
  };
}

/** A file that could not be loaded, or whose hook failed, has no test of its own name: it is forgiven when tests of it passed. */
function isForgiven(name: string, passed: ReadonlySet<string>): boolean {
  if (passed.has(name)) return true;
  return !name.includes(' > ') && [...passed].some((test) => test.startsWith(`${name} > `));
}

function readReport(text: string, root: string): VitestCounts | null {
  try {
    return readVitestReport(text, root);
  } catch {
    return null;
  }
}
