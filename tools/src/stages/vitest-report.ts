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
  readonly skipped: readonly string[];
}

/** Throws when the text is not a report, which the caller counts as a failure. */
export function readVitestReport(text: string, root: string): VitestCounts {
  const report = JSON.parse(text) as Report;
  const failures: Failure[] = [];
  const skipped: string[] = [];
  let passed = 0;
  for (const file of report.testResults) {
    const where = file.name.startsWith(root) ? file.name.slice(root.length + 1) : file.name;
    const failed = file.assertionResults.filter((test) => test.status === 'failed');
    for (const test of failed) {
      failures.push({
        name: `${where} > ${test.fullName}`,
        text: (test.failureMessages ?? []).join('\n') || 'failed without a message',
      });
    }
    // A file that cannot be imported, or whose hook fails, has no failed test of its own.
    if (file.status === 'failed' && failed.length === 0) failures.push({ name: where, text: file.message });
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed += 1;
      else if (test.status !== 'failed') skipped.push(`${where} > ${test.fullName}`);
    }
  }
  if (passed !== report.numPassedTests) throw new Error('the report contradicts itself');
  return { files: report.testResults.length, passed, failures, skipped };
}
