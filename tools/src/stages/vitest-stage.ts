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
  readonly matches: (file: string) => boolean;
}

const PROJECTS: readonly VitestProject[] = [
  {
    name: 'unit',
    timeoutMs: 600_000,
    matches: (file) => /\.test\.tsx?$/.test(file) && !file.endsWith('.int.test.ts'),
  },
  { name: 'int', timeoutMs: 1_500_000, matches: (file) => file.endsWith('.int.test.ts') },
  { name: 'e2e', timeoutMs: 1_800_000, matches: (file) => /^apps\/web\/e2e\/.*\.e2e\.ts$/.test(file) },
];

export const vitestStages: readonly Stage[] = PROJECTS.map((project) => ({
  name: project.name,
  run: (root) => runProject(root, project),
}));

async function runProject(root: string, project: VitestProject): Promise<StageResult> {
  const files = listFiles(root).filter(project.matches);
  if (files.length === 0) return { passed: 0, failures: [], note: 'no files' };

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
      ],
      cwd: root,
      timeoutMs: project.timeoutMs,
    });
    const report = await readFile(reportFile, 'utf8').catch(() => '');
    return judge(root, { project, result, report, expectedFiles: files.length });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Evidence {
  readonly project: VitestProject;
  readonly result: CommandResult;
  readonly report: string;
  readonly expectedFiles: number;
}

/** A run is good only when everything agrees: exit code, report, and the files that lie in the tree. */
export function judge(root: string, { project, result, report, expectedFiles }: Evidence): StageResult {
  const whole = (name: string): Failure => ({ name, text: result.output.trim() });
  const counts = readReport(report, root);
  if (counts === null) {
    const name = result.timedOut
      ? `${project.name} did not end within ${project.timeoutMs / 1000} s`
      : `${project.name} gave no report`;
    return { passed: 0, failures: [whole(name)], note: '' };
  }
  const failures: Failure[] = [];
  if (counts.failures.length > 0 || result.code !== 0) {
    // vitest's own text has the failures, their diffs, what the tests printed and unhandled errors.
    failures.push(whole(counts.failures[0]?.name ?? `${project.name} ended with code ${result.code}`));
  }
  if (counts.passed + counts.failures.length === 0) {
    failures.push(whole(`${project.name} has ${expectedFiles} test files, and no test ran`));
  } else if (counts.files < expectedFiles) {
    failures.push(whole(`${project.name} ran ${counts.files} of ${expectedFiles} test files`));
  }
  const note = [`${counts.files} files`];
  if (counts.skipped.length > 0) note.push(`${counts.skipped.length} skipped: ${counts.skipped.join('; ')}`);
  return {
    passed: counts.passed,
    failures,
    failedBeyond: Math.max(0, counts.failures.length - 1),
    note: note.join(', '),
  };
}

function readReport(text: string, root: string): VitestCounts | null {
  try {
    return readVitestReport(text, root);
  } catch {
    return null;
  }
}
