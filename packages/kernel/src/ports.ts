import type { Bytes } from './bytes.ts';
import { ID_BYTES, type Id, type IdKind, makeId } from './ids.ts';

/** Milliseconds since the Unix epoch, UTC. */
export type TimestampMs = number;

/** Wall clock; adapters implement it, tests step it. */
export interface Clock {
  nowMs(): TimestampMs;
}

/** Cryptographically secure randomness; tests may seed it. */
export interface Rng {
  bytes(length: number): Bytes;
}

/** Timers; adapters implement them, tests step them. */
export interface Timers {
  /** Runs `task` once after `delayMs`; the returned function cancels it and may be called any number of times. */
  after(delayMs: number, task: () => void): () => void;
}

export function newId<Kind extends IdKind>(kind: Kind, rng: Rng): Id<Kind> {
  return makeId(kind, rng.bytes(ID_BYTES));
}
