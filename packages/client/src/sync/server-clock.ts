import type { Clock, TimestampMs } from '@baton/kernel';

/** The server's time as this device can tell it: its greeting, and what has passed here since. Deadlines run by it. */
export class ServerClock implements Clock {
  readonly #clock: Clock;
  #aheadMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  nowMs(): TimestampMs {
    return this.#clock.nowMs() + this.#aheadMs;
  }

  /** What the server said just now. */
  note(ts: TimestampMs): void {
    this.#aheadMs = ts - this.#clock.nowMs();
  }
}
