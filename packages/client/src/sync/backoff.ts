import type { Rng } from '@baton/kernel';

const FIRST_MS = 250;
const LONGEST_MS = 30_000;

/** Exponential backoff with full jitter, so that a thousand clients do not come back in the same instant. */
export class Backoff {
  readonly #rng: Rng;
  #attempt = 0;

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  nextMs(): number {
    const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(this.#attempt, 10));
    this.#attempt += 1;
    const random = this.#rng.bytes(2);
    const share = (((random[0] as number) << 8) | (random[1] as number)) / 0xffff;
    return Math.round(ceiling / 4 + (share * ceiling * 3) / 4);
  }

  reset(): void {
    this.#attempt = 0;
  }
}
