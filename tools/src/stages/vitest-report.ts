import { basename } from 'node:path';
import type { Failure } from './stage.ts';

/** What is read of vitest's JSON reporter (the Jest format). */
interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly FileResult[];
}

interface FileResult {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly startTime: number;
  readonly endTime: number;
  readonly assertionResults: readonly TestResult[];
}

interface TestResult {
  readonly status: string;
  readonly fullName: string;
  readonly failureMessages: readonly string[] | null;
}

export interface VitestCounts {
  readonly files: number;
  readonly passed: number;
  readonly failures: readonly Failure[];
  /** The files that `failures` lie in, and how many tests passed in them all the same. */
  readonly failedFiles: readonly string[];
  readonly passedInFailedFiles: number;
  /** Named as in `failures`. */
  readonly passedTests: ReadonlySet<string>;
  readonly skipped: readonly string[];
  /** What took longest, first first: where a run's time can be saved. */
  readonly slowest: readonly { readonly file: string; readonly tookMs: number }[];
}

/** Throws when the text is not a report, which the caller counts as a failure. */
export function readVitestReport(text: string, root: string): VitestCounts {
  const report = JSON.parse(text) as Report;
  const failures: Failure[] = [];
  const skipped: string[] = [];
  const failedFiles: string[] = [];
  const passedTests = new Set<string>();
  let passed = 0;
  let passedInFailedFiles = 0;
  for (const file of report.testResults) {
    const where = file.name.startsWith(root) ? file.name.slice(root.length + 1) : file.name;
    const failed = file.assertionResults.filter((test) => test.status === 'failed');
    for (const test of failed) {
      failures.push({
        name: `${where} > ${test.fullName}`,
        text: beginning((test.failureMessages ?? []).join('\n')) || 'failed without a message',
      });
    }
    // A file that cannot be imported, or whose hook fails, has no failed test of its own.
    if (file.status === 'failed' && failed.length === 0) {
      failures.push({ name: where, text: beginning(file.message) });
    }
    const isBad = file.status === 'failed' || failed.length > 0;
    if (isBad) failedFiles.push(where);
    for (const test of file.assertionResults) {
      if (test.status === 'passed') {
        passed += 1;
        passedTests.add(`${where} > ${test.fullName}`);
        if (isBad) passedInFailedFiles += 1;
      } else if (test.status !== 'failed') skipped.push(`${where} > ${test.fullName}`);
    }
  }
  if (passed !== report.numPassedTests) throw new Error('the report contradicts itself');
  const slowest = report.testResults
    .map(({ name, startTime, endTime }) => ({ file: basename(name), tookMs: endTime - startTime }))
    .toSorted((a, b) => b.tookMs - a.tookMs)
    .slice(0, SLOWEST);
  const files = report.testResults.length;
  return { files, passed, failures, failedFiles, passedInFailedFiles, passedTests, skipped, slowest };
}

const SLOWEST = 4;

/** The first lines of a failure say what was expected; a test may show pages of what it found after them. */
const SHOWN_LINES = 25;

function beginning(text: string): string {
  const lines = text.split('\n');
  const rest = lines.length - SHOWN_LINES;
  return rest > 0 ? [...lines.slice(0, SHOWN_LINES), `(${rest} more lines)`].join('\n') : text;
}
