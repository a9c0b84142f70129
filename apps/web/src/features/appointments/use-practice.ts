import { useMemo } from 'react';
import { useSession } from '../../design/session/session-context.tsx';
import { useTimeFrame } from '../../design/session/frame-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import type { TimeFrame } from '../../design/words/time-words.ts';

/** The practice's zone, in which days and times of its visits are said, whatever zone this device is in. */
export function usePractice(): { readonly timeZone: string; readonly frame: TimeFrame } {
  const { care } = useSession();
  const settings = useLive(care.settings);
  const { locale } = useTimeFrame();
  const timeZone = settings?.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return useMemo(() => ({ timeZone, frame: { locale, timeZone } }), [timeZone, locale]);
}
