import type { Live } from '@baton/client';

/** Waits until a live value satisfies `holds`. Rejects after `limitMs`, naming what was awaited. */
export function awaitLive<T>(
  live: Live<T>,
  holds: (value: T) => boolean,
  wait: { readonly what: string; readonly limitMs: number },
): Promise<T> {
  return new Promise((resolve, reject) => {
    let stop = (): void => {};
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`Waited ${wait.limitMs} ms in vain for ${wait.what}.`));
    }, wait.limitMs);
    const look = (): void => {
      const value = live.read();
      if (!holds(value)) return;
      clearTimeout(timer);
      stop();
      resolve(value);
    };
    stop = live.subscribe(look);
    look();
  });
}
