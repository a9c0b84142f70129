import { type ComponentChildren, createContext } from 'preact';
import { useContext, useMemo, useRef } from 'preact/hooks';
import { after } from './clock.ts';

export interface Announcer {
  /** Said when the reader pauses: "Sent". */
  say(text: string): void;
  /** Said at once; only for an emergency and for a message that was not sent. */
  warn(text: string): void;
}

const AnnouncerContext = createContext<Announcer>({ say: () => undefined, warn: () => undefined });

export function useAnnouncer(): Announcer {
  return useContext(AnnouncerContext);
}

const BATCH_MS = 600;
/** A burst is said as its last lines. */
const MOST_LINES = 3;

/** The page's live regions: they stand empty in the page before any text comes (ARIA22). */
export function LiveRegions({ children }: { readonly children: ComponentChildren }) {
  const status = useRef<HTMLDivElement>(null);
  const alert = useRef<HTMLDivElement>(null);
  const announcer = useMemo<Announcer>(() => {
    let waiting: string[] = [];
    return {
      say(text) {
        waiting.push(text);
        if (waiting.length > 1) return;
        after(BATCH_MS, () => {
          const lines = waiting.slice(-MOST_LINES);
          waiting = [];
          if (status.current !== null) status.current.textContent = lines.join('. ');
        });
      },
      warn(text) {
        if (alert.current !== null) alert.current.textContent = text;
      },
    };
  }, []);
  return (
    <AnnouncerContext.Provider value={announcer}>
      {children}
      <div ref={status} role="status" aria-atomic="true" className="sr-only" />
      <div ref={alert} role="alert" aria-atomic="true" className="sr-only" />
    </AnnouncerContext.Provider>
  );
}
