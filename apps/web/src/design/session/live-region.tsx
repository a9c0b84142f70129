import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef } from 'react';

export interface Announcer {
  /** Said when the reader pauses: "Sent", "12 unread". */
  say(text: string): void;
  /** Said at once; only for what must not be missed: a send that failed, an alarm. */
  warn(text: string): void;
}

const AnnouncerContext = createContext<Announcer>({ say: () => undefined, warn: () => undefined });

export function useAnnouncer(): Announcer {
  return useContext(AnnouncerContext);
}

const BATCH_MS = 700;
/** A burst is said as its last lines: nobody listens to forty. */
const MOST_LINES = 4;

/**
 * The page's live regions. They stand empty in the page before any text comes (ARIA22, ARIA23); bursts are batched. New messages are said
 * here and not by the transcript: a virtual list would read out every old message that scrolling brings back.
 */
export function LiveRegions({ children }: { readonly children: ReactNode }) {
  const status = useRef<HTMLDivElement>(null);
  const alert = useRef<HTMLDivElement>(null);
  const waiting = useRef<string[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  const say = useCallback((text: string) => {
    waiting.current.push(text);
    timer.current ??= setTimeout(() => {
      timer.current = null;
      const lines = waiting.current.slice(-MOST_LINES);
      waiting.current = [];
      if (status.current !== null) status.current.textContent = lines.join('. ');
    }, BATCH_MS);
  }, []);
  const warn = useCallback((text: string) => {
    if (alert.current !== null) alert.current.textContent = text;
  }, []);
  const announcer = useMemo(() => ({ say, warn }), [say, warn]);

  return (
    <AnnouncerContext.Provider value={announcer}>
      {children}
      <div ref={status} role="status" aria-live="polite" aria-atomic="true" className="sr-only" />
      <div ref={alert} role="alert" aria-atomic="true" className="sr-only" />
    </AnnouncerContext.Provider>
  );
}
