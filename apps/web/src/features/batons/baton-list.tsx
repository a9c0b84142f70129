import type { Baton } from '@baton/client';
import { Button } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconArrowsExchange, IconListCheck } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { batonParam } from '../../design/batons/baton-words.ts';
import { useShortcut } from '../../design/keys/shortcuts.tsx';
import { RowSkeleton } from '../../design/primitives/after-delay.tsx';
import { EmptyState } from '../../design/primitives/empty-state.tsx';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import { PaneHeader } from '../../design/primitives/pane.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { BatonRow } from './baton-row.tsx';
import style from './baton-list.module.css';
import { inOrder, neighbourOf } from './sort-batons.ts';
import { useBatonParts } from './use-baton-parts.ts';

export interface BatonListProps {
  readonly selected: string | null;
  /** What a phone has no rail for. */
  readonly tools?: ReactNode;
}

/** What escalates, what I owe by clock, what I wait for, what ended today. */
export function BatonList({ selected, tools }: BatonListProps) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const parts = useBatonParts();
  const scroller = useRef<HTMLDivElement>(null);
  const all = inOrder(parts);
  const go = (step: 1 | -1): void => {
    const next = neighbourOf(all, selected, step);
    if (next !== null) void navigate({ to: '/batons/$baton', params: { baton: batonParam(next.id) } });
  };
  useShortcut('j', () => go(1));
  useShortcut('k', () => go(-1));
  useEffect(() => {
    if (selected === null) return;
    scroller.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  const nothingLeft = parts.now.length + parts.offered.length + parts.owe.length === 0;
  return (
    <section className={style['list']} aria-labelledby="batons-title">
      <PaneHeader
        level={selected === null ? 1 : 2}
        titleId="batons-title"
        title={<Trans>My batons</Trans>}
        after={
          <>
            <IconAction
              label={t`Hand over my shift`}
              tone="brand"
              onClick={() => void navigate({ to: '/hand-over' })}
            >
              <IconArrowsExchange size={20} stroke={1.7} />
            </IconAction>
            {tools}
          </>
        }
      />
      <div ref={scroller} className={style['scroll']} tabIndex={-1}>
        <Part part="now" title={t`Escalates now`} batons={parts.now} selected={selected} />
        <Part part="offered" title={t`Handed over to you`} batons={parts.offered} selected={selected} />
        <Part part="owe" title={t`You owe`} batons={parts.owe} selected={selected} />
        {nothingLeft && <NothingOwed />}
        <Part part="waiting" title={t`You wait for`} batons={parts.waiting} selected={selected} />
        <Part part="others" title={t`With others`} batons={parts.others} selected={selected} />
        <Part part="ended" title={t`Ended today`} batons={parts.ended} selected={selected} />
      </div>
    </section>
  );
}

function Part({
  part,
  title,
  batons,
  selected,
}: {
  readonly part: 'now' | 'offered' | 'owe' | 'waiting' | 'others' | 'ended';
  readonly title: string;
  readonly batons: readonly Baton[];
  readonly selected: string | null;
}) {
  if (batons.length === 0) return null;
  return (
    <section className={style['part']} data-part={part} aria-label={title}>
      <h2 className={style['part-title']}>
        {title} <span>{batons.length}</span>
      </h2>
      <ul className={style['rows']}>
        {batons.map((baton) => (
          <li key={baton.id}>
            <BatonRow baton={baton} selected={baton.id === selected} part={part} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Teaches one thing: what a baton is. */
function NothingOwed() {
  const { t } = useLingui();
  const ready = useLive(useSession().conversations.ready);
  if (!ready) return <RowSkeleton label={t`Loading your batons`} rows={4} />;
  return (
    <EmptyState
      icon={<IconListCheck size={28} stroke={1.5} />}
      title={t`Nobody waits for you`}
      action={
        <Button component={Link} to="/inbox" variant="light">
          <Trans>Go to the inbox</Trans>
        </Button>
      }
    >
      <Trans>
        When a colleague asks you or your role for something, it stands here with its clock until you answer,
        hand it over or close it.
      </Trans>
    </EmptyState>
  );
}
