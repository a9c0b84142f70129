import type { Conversation, TimelineMessage } from '@baton/client';
import { Button } from '@mantine/core';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconArrowDown, IconMessageCircle } from '@tabler/icons-react';
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef } from 'react';
import { Virtualizer } from 'virtua';
import { RowSkeleton } from '../../design/primitives/after-delay.tsx';
import { EmptyState } from '../../design/primitives/empty-state.tsx';
import { useTimeFrame } from '../../design/session/frame-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { MessageRow } from './message-row.tsx';
import { ChangesRow, DayRow, EventRow, UnreadRow } from './other-rows.tsx';
import { layOutTimeline, type TimelineRow } from './timeline-rows.ts';
import style from './transcript.module.css';
import { useMessageNews } from './use-message-news.ts';
import { useTranscriptScroll } from './use-transcript-scroll.ts';

export interface TranscriptProps {
  readonly conversation: Conversation;
  readonly titleId: string;
  readonly onReply: (message: TimelineMessage) => void;
}

/** The messages of one conversation. Give it a key per conversation. */
export function Transcript({ conversation, titleId, onReply }: TranscriptProps) {
  const { t } = useLingui();
  const timeline = useLive(conversation.timeline);
  const frame = useTimeFrame();
  const scroller = useRef<HTMLDivElement>(null);
  const { items, firstUnread, hasOlder, loading } = timeline;
  const rows = useMemo(() => layOutTimeline(items, { firstUnread, frame }), [items, firstUnread, frame]);
  useMessageNews(timeline);

  const loadOlder = useCallback(() => {
    // A failed fetch is tried again by the next scroll; the connection banner says why.
    if (hasOlder && !loading) conversation.loadOlder().catch(() => undefined);
  }, [conversation, hasOlder, loading]);
  const onSeen = useCallback(
    (index: number) => {
      const seq = document.hidden ? null : lastSeq(rows, index);
      if (seq !== null) conversation.markOpened(seq);
    },
    [conversation, rows],
  );
  const scroll = useTranscriptScroll({ items, rows, loadOlder, onSeen });
  const { virtual, onScroll } = scroll;
  useEffect(() => {
    document.addEventListener('visibilitychange', onScroll);
    return () => document.removeEventListener('visibilitychange', onScroll);
  }, [onScroll]);

  const walk = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    const target = event.target as HTMLElement;
    if (target !== scroller.current && !target.matches('[data-message]')) return;
    const here = rows.findIndex((row) => row.key === target.dataset['message']);
    const next = nextMessage(rows, here, event.key === 'ArrowUp' ? -1 : 1);
    if (next === -1) return;
    event.preventDefault();
    virtual.current?.scrollToIndex(next, { align: 'nearest' });
    requestAnimationFrame(() => focusMessage(scroller.current, rows[next]?.key ?? ''));
  };
  const jumpTo = useCallback(
    (id: string) => {
      const index = rows.findIndex((row) => row.key === id);
      if (index === -1) return;
      virtual.current?.scrollToIndex(index, { align: 'center' });
      requestAnimationFrame(() => focusMessage(scroller.current, id));
    },
    [rows, virtual],
  );

  const count = scroll.newCount;
  return (
    <div className={style['frame']}>
      {/* New messages are said by the page's live region; this one is off, or scrolling a virtual list would read out old ones. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the arrow keys move through its messages */}
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-labelledby={titleId}
        aria-busy={loading}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard (WCAG 2.1.1)
        tabIndex={0}
        className={style['scroll']}
        onKeyDown={walk}
      >
        {items.length === 0 && (loading ? <RowSkeleton label={t`Loading messages`} /> : <NoMessages />)}
        <Virtualizer
          ref={virtual}
          as="ol"
          item="li"
          scrollRef={scroller}
          data={rows}
          shift={scroll.shift}
          bufferSize={400}
          onScroll={onScroll}
          onScrollEnd={scroll.onScrollEnd}
          onResize={scroll.onResize}
        >
          {(row: TimelineRow) => (
            <Row key={row.key} row={row} conversation={conversation} onReply={onReply} onJump={jumpTo} />
          )}
        </Virtualizer>
      </div>
      {!scroll.atEnd && (
        <Button
          className={style['jump']}
          size="sm"
          variant={count > 0 ? 'filled' : 'default'}
          leftSection={<IconArrowDown size={16} stroke={2} aria-hidden="true" />}
          onClick={() => {
            scroll.jumpToEnd();
            scroller.current?.focus();
          }}
        >
          {count > 0 ? (
            t`${plural(count, { one: '# new message', other: '# new messages' })}`
          ) : (
            <Trans>Jump to latest</Trans>
          )}
        </Button>
      )}
    </div>
  );
}

function Row({
  row,
  conversation,
  onReply,
  onJump,
}: {
  readonly row: TimelineRow;
  readonly conversation: Conversation;
  readonly onReply: (message: TimelineMessage) => void;
  readonly onJump: (id: string) => void;
}) {
  switch (row.type) {
    case 'day':
      return <DayRow at={row.at} />;
    case 'unread':
      return <UnreadRow count={row.count} />;
    case 'other':
      return <EventRow item={row.item} />;
    case 'changes':
      return <ChangesRow events={row.events} />;
    case 'message':
      return (
        <MessageRow
          message={row.message}
          head={row.head}
          tail={row.tail}
          conversation={conversation}
          chosen={row.note.chosen}
          reply={row.note.reply}
          onReply={onReply}
          onJump={onJump}
        />
      );
  }
}

function NoMessages() {
  const { t } = useLingui();
  return (
    <EmptyState icon={<IconMessageCircle size={28} stroke={1.5} />} title={t`No messages yet`}>
      <Trans>What you write here is sealed on this device. Only the members can open it.</Trans>
    </EmptyState>
  );
}

function lastSeq(rows: readonly TimelineRow[], index: number): number | null {
  for (let at = index; at >= 0; at -= 1) {
    const row = rows[at];
    const seq = row === undefined ? null : seqOf(row);
    if (seq !== null) return seq;
  }
  return null;
}

function seqOf(row: TimelineRow): number | null {
  switch (row.type) {
    case 'message':
      return row.message.seq;
    case 'other':
      return row.item.seq;
    case 'changes':
      return row.events.at(-1)?.seq ?? null;
    case 'day':
    case 'unread':
      return null;
  }
}

function nextMessage(rows: readonly TimelineRow[], from: number, step: 1 | -1): number {
  const start = from === -1 ? (step === 1 ? -1 : rows.length) : from;
  for (let at = start + step; at >= 0 && at < rows.length; at += step) {
    if (rows[at]?.type === 'message') return at;
  }
  return -1;
}

function focusMessage(scroller: HTMLElement | null, key: string): void {
  // The person may have gone on to the composer while the row was being drawn.
  if (scroller === null || !scroller.contains(document.activeElement)) return;
  scroller.querySelector<HTMLElement>(`[data-message="${CSS.escape(key)}"]`)?.focus();
}
