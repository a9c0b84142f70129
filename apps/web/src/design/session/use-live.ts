import type { Live } from '@baton/client';
import { useSyncExternalStore } from 'react';

/** The value now, and again after every change. */
export function useLive<T>(live: Live<T>): T {
  return useSyncExternalStore(
    (listener) => live.subscribe(listener),
    () => live.read(),
  );
}
