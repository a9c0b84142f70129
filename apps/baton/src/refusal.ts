/** A start that cannot be, said in a sentence to the person at the keyboard; anything else thrown is a bug. */
export class Refusal extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = 'Refusal';
    this.exitCode = exitCode;
  }
}
