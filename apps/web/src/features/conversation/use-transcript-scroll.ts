import type { TimelineItem } from '@baton/client';
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { countOthers, type TimelineRow, wasPrepended } from './timeline-rows.ts';

/** Nearer to the end than this counts as reading the end. */
const END_SLACK_PX = 48;
/** Older items are fetched before the reader gets to the top. */
const OLDER_AHEAD_PX = 900;

export interface TranscriptScroll {
  readonly virtual: RefObject<VirtualizerHandle | null>;
  /** Rows came in above: the list keeps its place from the end. */
  readonly shift: boolean;
  readonly atEnd: boolean;
  /** Messages of others that came since the reader left the end. */
  readonly newCount: number;
  readonly jumpToEnd: () => void;
  readonly onScroll: () => void;
  readonly onScrollEnd: () => void;
  readonly onResize: () => void;
}

/** Opens at the unread line or the end, follows the end while the reader is there, and never moves what is being read. */
export function useTranscriptScroll({
  items,
  rows,
  loadOlder,
  onSeen,
}: {
  readonly items: readonly TimelineItem[];
  readonly rows: readonly TimelineRow[];
  readonly loadOlder: () => void;
  /** Row index of the last row in view. */
  readonly onSeen: (row: number) => void;
}): TranscriptScroll {
  const virtual = useRef<VirtualizerHandle>(null);
  const opened = useRef(false);
  const following = useRef(true);
  /** On the way to the end: rows on the way are measured, and what lies between is no place where the reader is. */
  const jumping = useRef(false);
  const [atEnd, setAtEnd] = useState(true);
  const [leftAt, setLeftAt] = useState<string | null>(null);
  const [known, setKnown] = useState({ items, shift: false });
  if (known.items !== items) setKnown({ items, shift: wasPrepended(known.items, items) });

  const toEnd = useCallback(() => {
    virtual.current?.scrollToIndex(rows.length - 1, { align: 'end' });
  }, [rows.length]);

  const look = useCallback(() => {
    const list = virtual.current;
    if (list === null || rows.length === 0) return;
    onSeen(Math.min(rows.length - 1, list.findItemIndex(list.scrollOffset + list.viewportSize - 8)));
  }, [rows.length, onSeen]);

  /** Takes note of where the reader is. */
  const assess = useCallback(() => {
    const list = virtual.current;
    if (list === null) return;
    const nearEnd = list.scrollSize - list.scrollOffset - list.viewportSize < END_SLACK_PX;
    if (jumping.current && !nearEnd) return;
    following.current = nearEnd;
    setAtEnd(nearEnd);
    setLeftAt((left) => (nearEnd ? null : (left ?? items.at(-1)?.id ?? null)));
    look();
  }, [items, look]);

  const onScroll = useCallback(() => {
    assess();
    if ((virtual.current?.scrollOffset ?? 0) < OLDER_AHEAD_PX) loadOlder();
  }, [assess, loadOlder]);

  // What one has just sent is always shown, wherever one was reading.
  const last = items.at(-1);
  const ownFresh = last?.type === 'message' && last.mine && last.seq === null;
  useLayoutEffect(() => {
    const list = virtual.current;
    if (list === null || rows.length === 0) return;
    if (!opened.current) {
      opened.current = true;
      const unread = rows.findIndex((row) => row.type === 'unread');
      if (unread === -1) toEnd();
      else {
        following.current = false;
        list.scrollToIndex(unread, { align: 'start', offset: -72 });
      }
    } else if (following.current || ownFresh) {
      following.current = true;
      toEnd();
    }
    // Rows are measured and scrolled to after this: until then only a reader who is elsewhere can be judged.
    requestAnimationFrame(() => {
      if (following.current) look();
      else assess();
      if (list.scrollSize <= list.viewportSize) loadOlder();
    });
  }, [rows, ownFresh, toEnd, look, assess, loadOlder]);

  const onResize = useCallback(() => {
    if (!opened.current) return;
    if (following.current) toEnd();
    // A thread that was guessed longer than it is fits the window once its rows are measured: nothing scrolls, yet all of it is seen.
    else requestAnimationFrame(assess);
  }, [toEnd, assess]);

  const onScrollEnd = useCallback(() => {
    jumping.current = false;
    assess();
  }, [assess]);

  const jumpToEnd = useCallback(() => {
    jumping.current = true;
    following.current = true;
    toEnd();
  }, [toEnd]);

  const leftIndex = leftAt === null ? -1 : items.findIndex((item) => item.id === leftAt);
  const newCount = leftIndex === -1 ? 0 : countOthers(items.slice(leftIndex + 1));
  return { virtual, shift: known.shift, atEnd, newCount, jumpToEnd, onScroll, onScrollEnd, onResize };
}
