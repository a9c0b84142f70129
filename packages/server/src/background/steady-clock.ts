import type { Clock } from '@baton/kernel';

/** The machine's clock is set right by so much at a time without anybody having set it back. */
const TOLERANCE_MS = 1000;

/**
 * The wall clock, for as long as it does not go back. Where somebody sets it back, time goes on from where it was, at the rate of the monotonic
 * clock, until the wall clock has come as far: a step that is due in two minutes comes in two minutes, whatever the machine shows.
 */
export function createSteadyClock({ clock, monotonic }: { clock: Clock; monotonic: Clock }): Clock {
  let lastMs = clock.nowMs();
  let readAt = monotonic.nowMs();
  return {
    nowMs() {
      const wallMs = clock.nowMs();
      const at = monotonic.nowMs();
      const goneMs = lastMs + Math.max(0, at - readAt);
      readAt = at;
      lastMs = wallMs >= goneMs - TOLERANCE_MS ? Math.max(wallMs, lastMs) : goneMs;
      return lastMs;
    },
  };
}
