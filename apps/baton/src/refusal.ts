/** A start that cannot be, said in a sentence to the person at the keyboard; anything else thrown is a bug. */
export class Refusal extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = 'Refusal';
    this.exitCode = exitCode;
  }
}

/** The database did not take us or our schema. */
export function databaseSentence(error: unknown): string {
  return `The database cannot be used (is BATON_DATABASE_URL right?): ${reasonOf(error)}`;
}

/** A refused connection to a name with several addresses has its reasons inside and no message of its own. */
export function reasonOf(error: unknown): string {
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return inner instanceof Error ? inner.message : String(inner);
}
