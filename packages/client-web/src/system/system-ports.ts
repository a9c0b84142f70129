import type { Clock, Rng, Timers } from '@baton/kernel';

/** `getRandomValues` refuses more at once (W3C WebCrypto §10.1.1). */
const LARGEST_DRAW = 65_536;
/** Longer delays overflow the browser's 32-bit timer and fire at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

export const webClock: Clock = { nowMs: () => Date.now() };

export const webRng: Rng = {
  bytes(length) {
    const bytes = new Uint8Array(length);
    for (let start = 0; start < length; start += LARGEST_DRAW) {
      crypto.getRandomValues(bytes.subarray(start, Math.min(start + LARGEST_DRAW, length)));
    }
    return bytes;
  },
};

export const webTimers: Timers = {
  after(delayMs, task) {
    let handle: ReturnType<typeof setTimeout>;
    const wait = (remainingMs: number): void => {
      const turnMs = Math.min(remainingMs, LONGEST_DELAY_MS);
      handle = setTimeout(() => (remainingMs > turnMs ? wait(remainingMs - turnMs) : task()), turnMs);
    };
    wait(Math.max(0, delayMs));
    return () => clearTimeout(handle);
  },
};

/**
 * Runs tasks in a later turn. Messages instead of timers, because browsers hold back the timers of a nested or hidden page and never its
 * messages.
 */
export function createSoon(): (task: () => void) => void {
  const tasks: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('message', () => tasks.shift()?.());
  port1.start();
  return (task) => {
    tasks.push(task);
    port2.postMessage(null);
  };
}
