import type { Clock, Rng, Timers } from '@baton/kernel';
import type { Digest, Verify } from '@baton/ledger';

/** What the server takes from its surroundings; the node adapters implement it, tests replace parts of it. */
export interface Ports {
  readonly clock: Clock;
  /** Never goes back; only differences are taken. */
  readonly monotonic: Clock;
  readonly rng: Rng;
  readonly timers: Timers;
  readonly digest: Digest;
  readonly verify: Verify;
  /** Runs the task after what has arrived already was taken in, without waiting for any time to pass. */
  readonly soon: (task: () => void) => void;
}
