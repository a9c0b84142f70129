/** A fault that is in the document itself. `near`: question or text by which a dialogue shows it. */
export interface DocumentProblem {
  readonly rule: string;
  readonly at: string;
  readonly words: string;
  readonly near: string | null;
}
