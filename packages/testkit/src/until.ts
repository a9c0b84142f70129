import type { Live } from '@baton/client';

/** Waits until a live value is as wished; the error shows what it was instead. */
export function until<T>(
  live: Live<T>,
  holds: (value: T) => boolean,
  options: { readonly withinMs?: number; readonly show?: (value: T) => unknown } = {},
): Promise<T> {
  const withinMs = options.withinMs ?? 10_000;
  return new Promise((resolve, reject) => {
    let poll: ReturnType<typeof setInterval> | undefined;
    let limit: ReturnType<typeof setTimeout> | undefined;
    let unsubscribe: () => void = () => {};
    const end = (settle: () => void): void => {
      clearInterval(poll);
      clearTimeout(limit);
      unsubscribe();
      settle();
    };
    const look = (): boolean => {
      const value = live.read();
      if (!holds(value)) return false;
      end(() => resolve(value));
      return true;
    };
    if (look()) return;
    unsubscribe = live.subscribe(look);
    poll = setInterval(look, 50);
    limit = setTimeout(() => {
      const shown = options.show ? options.show(live.read()) : live.read();
      end(() =>
        reject(new Error(`not within ${withinMs} ms: ${JSON.stringify(shown, null, 1)?.slice(0, 4000)}`)),
      );
    }, withinMs);
  });
}
