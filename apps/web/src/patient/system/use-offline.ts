import type { ConnectionState, Live } from '@baton/client';
import { useEffect, useState } from 'preact/hooks';
import { useLive } from './use-live.ts';

/** True while nothing can go out: the phone says so at once, the client notices where the phone does not. */
export function useOffline(connection: Live<ConnectionState>): boolean {
  const { state } = useLive(connection);
  const [hasNetwork, setHasNetwork] = useState(navigator.onLine);
  useEffect(() => {
    const look = (): void => setHasNetwork(navigator.onLine);
    addEventListener('online', look);
    addEventListener('offline', look);
    return () => {
      removeEventListener('online', look);
      removeEventListener('offline', look);
    };
  }, []);
  return state === 'offline' || !hasNetwork;
}
