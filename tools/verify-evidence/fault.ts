/** The first thing that does not hold: which check of docs/protocol/evidence.md §3, where, and what is wrong. */
export class Fault extends Error {
  readonly step: number;
  readonly at: string;

  constructor(step: number, at: string, says: string) {
    super(says);
    this.step = step;
    this.at = at;
  }
}
