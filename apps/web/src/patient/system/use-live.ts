import type { Live } from '@baton/client';
import { useEffect, useState } from 'preact/hooks';

/** The value now, and again after every change. */
export function useLive<T>(live: Live<T>): T {
  const [, turn] = useState(0);
  useEffect(() => {
    const before = live.read();
    const stop = live.subscribe(() => turn((count) => count + 1));
    // It may have changed between the first drawing and now.
    if (!Object.is(before, live.read())) turn((count) => count + 1);
    return stop;
  }, [live]);
  return live.read();
}
