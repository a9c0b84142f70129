/** What went wrong with the record system; `code` is words and numbers of the interface, nothing of a patient. */
export class FhirFailure extends Error {
  override readonly name = 'FhirFailure';
  readonly code: string;
  /** Whether it may go away by itself. */
  readonly isPassing: boolean;

  constructor(code: string, isPassing: boolean) {
    super(code);
    this.code = code;
    this.isPassing = isPassing;
  }
}
