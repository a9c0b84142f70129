import type { PatientSession } from '@baton/client';
import { useEffect } from 'preact/hooks';
import { spanMs } from './clock.ts';

/** Out of sight for so long, a phone with a PIN asks for it again. Nobody who looks at the page is ever timed. */
const AWAY_MS = 15 * 60_000;

export function useIdleLock(session: PatientSession | null, onLocked: () => void): void {
  useEffect(() => {
    if (session === null) return undefined;
    let hiddenAt: number | null = null;
    const look = (): void => {
      if (document.visibilityState === 'hidden') {
        hiddenAt ??= spanMs();
        return;
      }
      const away = hiddenAt === null ? 0 : spanMs() - hiddenAt;
      hiddenAt = null;
      if (away > AWAY_MS && session.hasPin.read()) void session.lock().then(onLocked, onLocked);
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [session, onLocked]);
}
