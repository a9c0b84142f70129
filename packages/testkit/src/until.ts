import type { Live } from '@baton/client';

const POLL_MS = 50;

/** Waits until a live value is as wished; the error shows what it was instead. */
export function until<T>(
  live: Live<T>,
  holds: (value: T) => boolean,
  options: { readonly withinMs?: number; readonly show?: (value: T) => unknown } = {},
): Promise<T> {
  const withinMs = options.withinMs ?? 30_000;
  return new Promise((resolve, reject) => {
    const started = Date.now();
    const look = (): boolean => {
      const value = live.read();
      if (holds(value)) {
        end();
        resolve(value);
        return true;
      }
      if (Date.now() - started < withinMs) return false;
      end();
      const shown = options.show ? options.show(value) : value;
      reject(new Error(`not within ${withinMs} ms: ${JSON.stringify(shown, null, 1)?.slice(0, 4000)}`));
      return true;
    };
    // Listening is what is tested; polling is for conditions that look at more than this value.
    const unsubscribe = live.subscribe(look);
    const poll = setInterval(look, POLL_MS);
    function end(): void {
      unsubscribe();
      clearInterval(poll);
    }
    look();
  });
}
