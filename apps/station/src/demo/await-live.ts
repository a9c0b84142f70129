import type { Live } from '@baton/client';
import { nodeTimers } from '@baton/client-node';

/** Waits until a live value satisfies `holds`. Rejects after `limitMs`, naming what was awaited. */
export function awaitLive<T>(
  live: Live<T>,
  holds: (value: T) => boolean,
  wait: { readonly what: string; readonly limitMs: number },
): Promise<T> {
  return new Promise((resolve, reject) => {
    let stop = (): void => {};
    const cancel = nodeTimers.after(wait.limitMs, () => {
      stop();
      reject(new Error(`Waited ${wait.limitMs} ms in vain for ${wait.what}.`));
    });
    const look = (): void => {
      const value = live.read();
      if (!holds(value)) return;
      cancel();
      stop();
      resolve(value);
    };
    stop = live.subscribe(look);
    look();
  });
}
