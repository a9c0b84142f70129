import type { Conversation, Timeline } from '@baton/client';
import type { RefObject } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** So near to the end that new messages pull the view along. */
const NEAR_PX = 80;

export interface Transcript {
  readonly log: RefObject<HTMLDivElement | null>;
  readonly atEnd: boolean;
  toEnd(): void;
}

/**
 * Where the thread stands: at the first new message when it is opened, at the end while one reads there, and in place when older messages
 * come above. What came into view is marked as read.
 */
export function useTranscript(conversation: Conversation, timeline: Timeline): Transcript {
  const log = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const last = useRef({ first: '', end: '', height: 0, top: 0, atEnd: true, placed: false });

  const note = useCallback(() => {
    const element = log.current;
    if (element === null) return;
    const { scroller, bottom } = measure(element);
    last.current.top = scroller.scrollTop;
    last.current.height = scroller.scrollHeight;
    last.current.atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_PX;
    setAtEnd(last.current.atEnd);
    if (document.visibilityState === 'visible') markSeen(element, bottom, conversation);
  }, [conversation]);

  const toEnd = useCallback(() => {
    if (log.current === null) return;
    const { scroller } = measure(log.current);
    scroller.scrollTop = scroller.scrollHeight;
    note();
  }, [note]);

  useLayoutEffect(() => {
    const element = log.current;
    if (element === null || timeline.items.length === 0) return;
    const { scroller } = measure(element);
    const [first, end] = [timeline.items[0], timeline.items.at(-1)];
    const before = last.current;
    if (!before.placed) {
      before.placed = true;
      const unread = element.querySelector('[data-new]');
      if (unread === null) scroller.scrollTop = scroller.scrollHeight;
      else unread.scrollIntoView({ block: 'start' });
    } else if (first?.id !== before.first && end?.id === before.end) {
      scroller.scrollTop = before.top + (scroller.scrollHeight - before.height);
    } else if (end?.id !== before.end && (before.atEnd || (end?.type === 'message' && end.mine))) {
      scroller.scrollTop = scroller.scrollHeight;
    }
    before.first = first?.id ?? '';
    before.end = end?.id ?? '';
    note();
  }, [timeline.items, note]);

  useEffect(() => {
    const element = log.current;
    if (element === null) return;
    const grown = new ResizeObserver(() => {
      if (last.current.atEnd) toEnd();
    });
    for (const child of [element, ...element.children]) grown.observe(child);
    const passive = { passive: true };
    element.addEventListener('scroll', note, passive);
    document.addEventListener('scroll', note, passive);
    document.addEventListener('visibilitychange', note);
    return () => {
      grown.disconnect();
      element.removeEventListener('scroll', note);
      document.removeEventListener('scroll', note);
      document.removeEventListener('visibilitychange', note);
    };
  }, [note, toEnd]);

  return { log, atEnd, toEnd };
}

/** On a short window the page itself scrolls, else the log does. */
function measure(element: HTMLElement): { readonly scroller: Element; readonly bottom: number } {
  const own = getComputedStyle(element).overflowY === 'auto';
  const scroller = own ? element : document.documentElement;
  return { scroller, bottom: own ? element.getBoundingClientRect().bottom : innerHeight };
}

function markSeen(element: HTMLElement, bottom: number, conversation: Conversation): void {
  const rows = [...element.querySelectorAll<HTMLElement>('[data-seq]')];
  const seen = rows.findLast((row) => row.getBoundingClientRect().top < bottom);
  if (seen !== undefined) conversation.markOpened(Number(seen.dataset['seq']));
}
