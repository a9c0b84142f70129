import { createHash } from 'node:crypto';
import type { Bytes, Rng } from '@baton/kernel';

export interface SeededRng extends Rng {
  /** What to write down, so that a failed run can be repeated. */
  readonly seed: string;
  /** At least 0, below 1. */
  fraction(): number;
  /** A whole number of `low` to `high`, both included. */
  between(low: number, high: number): number;
}

/** The same bytes for the same seed: SHA-256 over seed and a counter. For tests only, however random it looks. */
export function createSeededRng(seed: string | number): SeededRng {
  let counter = 0;
  let pool = Buffer.alloc(0);
  const bytes = (length: number): Bytes => {
    const parts = [pool];
    for (let have = pool.length; have < length; have += 32) {
      parts.push(createHash('sha256').update(`${seed}\0${counter}`).digest());
      counter += 1;
    }
    const all = Buffer.concat(parts);
    pool = all.subarray(length);
    return new Uint8Array(all.subarray(0, length));
  };
  const fraction = (): number => Buffer.from(bytes(4)).readUInt32LE() / 2 ** 32;
  return {
    seed: String(seed),
    bytes,
    fraction,
    between: (low, high) => low + Math.floor(fraction() * (high - low + 1)),
  };
}
