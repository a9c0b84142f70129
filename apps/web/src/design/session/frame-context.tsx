import { useLingui } from '@lingui/react';
import { createContext, useContext, useEffect, useMemo, useState } from 'react';
import type { TimeFrame } from '../words/time-words.ts';

/** Now, in milliseconds. The gallery stops it so that pictures of screens can be compared. */
export type Now = () => number;
export const wallClock: Now = () => Date.now();
const NowContext = createContext<Now>(wallClock);
export const NowProvider = NowContext.Provider;

export function useNow(everyMs = 30_000): number {
  const now = useContext(NowContext);
  const [value, setValue] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setValue(now()), everyMs);
    return () => clearInterval(timer);
  }, [now, everyMs]);
  return value;
}

/** The language in which times are said; the zone is the device's. */
export function useTimeFrame(): TimeFrame {
  const { i18n } = useLingui();
  return useMemo(() => ({ locale: i18n.locale }), [i18n.locale]);
}
