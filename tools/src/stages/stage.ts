/** One thing that was checked: a formatter run, one compiler config, one house rule, one failed test. */
export interface Failure {
  readonly name: string;
  /** All that a reader needs to mend it, printed as it is. */
  readonly text: string;
}

export interface StageResult {
  readonly passed: number;
  readonly failures: readonly Failure[];
  /** Failures that `failures` does not list one by one (their text is in one of them). */
  readonly failedBeyond?: number;
  /** One line for the summary: what was looked at, or why nothing was. */
  readonly note: string;
}

export interface Stage {
  readonly name: string;
  run(root: string): Promise<StageResult>;
}

export function failedCount(result: StageResult): number {
  return result.failures.length + (result.failedBeyond ?? 0);
}
