/** One thing that was checked: a formatter run, one compiler config, one house rule, one failed test. */
export interface Failure {
  readonly name: string;
  /** All that a reader needs to mend it, printed as it is. */
  readonly text: string;
}

export interface StageResult {
  readonly passed: number;
  readonly failures: readonly Failure[];
  /** Tests that failed beside others and passed alone: printed with what they said, so that they get mended. */
  readonly unsteady?: readonly Failure[];
  /** Everything the stage printed, kept for a stage that did not go well: long, so it comes after all summaries. */
  readonly output?: string;
  /** One line for the summary: what was looked at, or why nothing was. */
  readonly note: string;
}

export interface Stage {
  readonly name: string;
  run(root: string): Promise<StageResult>;
}
