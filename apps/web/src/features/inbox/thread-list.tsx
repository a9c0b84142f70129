import type { ConversationSummary } from '@baton/client';
import { Button, SegmentedControl } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconEdit, IconMessages } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { useShortcut } from '../../design/keys/shortcuts.tsx';
import { RowSkeleton } from '../../design/primitives/after-delay.tsx';
import { EmptyState } from '../../design/primitives/empty-state.tsx';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import { PaneHeader } from '../../design/primitives/pane.tsx';
import { SearchField } from '../../design/primitives/search-field.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { filterThreads, neighbourOf } from './filter-threads.ts';
import style from './inbox.module.css';
import { ThreadRow } from './thread-row.tsx';

export interface ThreadListProps {
  /** The thread that is open; null when none is. */
  readonly selected: string | null;
  /** Stands in place of the title, where there are patients' conversations as well. */
  readonly header?: ReactNode;
}

/** The inbox: every thread, latest first, in the order of attention. */
export function ThreadList({ selected, header = null }: ThreadListProps) {
  const { t } = useLingui();
  const session = useSession();
  const navigate = useNavigate();
  const threads = useLive(session.conversations.list);
  const ready = useLive(session.conversations.ready);
  const owe = useLive(session.batons.owe);
  const [query, setQuery] = useState('');
  const [onlyUnread, setOnlyUnread] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useRef<VirtualizerHandle>(null);

  const shown = useMemo(
    () => filterThreads(threads, { query, onlyUnread, keep: selected }),
    [threads, query, onlyUnread, selected],
  );

  const go = (step: 1 | -1): void => {
    const next = neighbourOf(shown, selected, step);
    if (next === null) return;
    virtual.current?.scrollToIndex(shown.indexOf(next), { align: 'nearest' });
    void navigate({ to: '/inbox/$conversation', params: { conversation: next.id } });
  };
  useShortcut('j', () => go(1));
  useShortcut('k', () => go(-1));

  return (
    <section className={style['list']} aria-labelledby="inbox-title">
      {header ?? (
        <PaneHeader level={selected === null ? 1 : 2} titleId="inbox-title" title={<Trans>Inbox</Trans>} />
      )}
      <div className={style['filters']}>
        <div className={style['search']}>
          <SearchField
            main
            label={t`Search threads`}
            clearLabel={t`Clear search`}
            value={query}
            onChange={setQuery}
          />
          <IconAction
            label={t`New conversation`}
            keys="C"
            tone="brand"
            onClick={() => void navigate({ to: '/new' })}
          >
            <IconEdit size={20} stroke={1.7} />
          </IconAction>
        </div>
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={t`Which threads`}
          value={onlyUnread ? 'unread' : 'all'}
          onChange={(value) => setOnlyUnread(value === 'unread')}
          data={[
            { value: 'all', label: t`All` },
            { value: 'unread', label: t`Unread` },
          ]}
        />
      </div>
      {/* Focusable, so that the list scrolls by keyboard even when no row has the focus. */}
      <div ref={scroller} className={style['scroll']} tabIndex={-1}>
        {shown.length > 0 ? (
          <Virtualizer ref={virtual} as="ul" item="li" scrollRef={scroller} data={shown} itemSize={62}>
            {(thread: ConversationSummary) => (
              <ThreadRow
                key={thread.id}
                thread={thread}
                selected={thread.id === selected}
                owed={owe.find(({ conversation }) => conversation === thread.id) ?? null}
              />
            )}
          </Virtualizer>
        ) : (
          <Nothing
            ready={ready}
            searching={query !== ''}
            onlyUnread={onlyUnread}
            onReset={() => {
              setQuery('');
              setOnlyUnread(false);
            }}
          />
        )}
      </div>
    </section>
  );
}

function Nothing({
  ready,
  searching,
  onlyUnread,
  onReset,
}: {
  readonly ready: boolean;
  readonly searching: boolean;
  readonly onlyUnread: boolean;
  readonly onReset: () => void;
}) {
  const { t } = useLingui();
  if (!ready) return <RowSkeleton label={t`Loading your threads`} />;
  if (searching || onlyUnread) {
    return (
      <EmptyState
        title={searching ? t`No thread matches` : t`Nothing unread`}
        action={
          <Button variant="light" onClick={onReset}>
            <Trans>Show all threads</Trans>
          </Button>
        }
      >
        {searching ? (
          <Trans>Threads are found by title, by a member's name and by their latest message.</Trans>
        ) : (
          <Trans>You have read everything.</Trans>
        )}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<IconMessages size={28} stroke={1.5} />}
      title={t`No threads yet`}
      action={
        <Button component={Link} to="/new">
          <Trans>Start a conversation</Trans>
        </Button>
      }
    >
      <Trans>Write to a colleague, a group or a role. Only its members can read it.</Trans>
    </EmptyState>
  );
}
