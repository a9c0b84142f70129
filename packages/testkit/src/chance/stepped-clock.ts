import type { Clock } from '@baton/kernel';

/** A clock that runs with the machine's and can be set on: server and clients of a test share it. */
export interface SteppedClock extends Clock {
  /** Lets so much time pass at once; a negative step sets the clock back. */
  step(byMs: number): void;
}

export function createSteppedClock(): SteppedClock {
  let aheadMs = 0;
  return {
    nowMs: () => Date.now() + aheadMs,
    step: (byMs) => {
      aheadMs += byMs;
    },
  };
}
