import type { Ladder } from '@baton/wire';
import type { LadderId } from '@baton/kernel';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { IconPlus, IconStairsUp } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { EmptyState } from '../../../design/primitives/empty-state.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';
import { Establish } from '../organisation/establish.tsx';
import { LadderPage } from './ladder-page.tsx';
import style from './ladders.module.css';
import { offsetWords, targetWords } from './step-words.ts';
import { useLadderUses } from './use-ladder-uses.ts';

/** What happens when nobody answers, step by step. */
export function LaddersPage({ selected }: { readonly selected: LadderId | null }) {
  const { t } = useLingui();
  const session = useSession();
  const ladders = useLive(session.duty.ladders).filter(({ active }) => active);
  const navigate = useNavigate();
  const mayEdit = session.can('duty.policy');
  if (selected !== null) return <LadderPage key={selected} id={selected} />;
  return (
    <>
      <div className={style['top']}>
        <p className={style['summary']}>
          <Trans>
            When nobody acknowledges in time, a message climbs its ladder, step by step, and always ends with
            the duty supervisor. Nothing expires.
          </Trans>
        </p>
        {mayEdit && (
          <Button
            variant="light"
            leftSection={<IconPlus size={18} stroke={1.7} aria-hidden="true" />}
            onClick={() =>
              void navigate({ to: '/on-call/$item', params: { item: session.duty.newLadderId() } })
            }
          >
            <Trans>New ladder</Trans>
          </Button>
        )}
      </div>
      <Establish />
      {ladders.length === 0 ? (
        <EmptyState icon={<IconStairsUp size={28} stroke={1.5} />} title={t`No ladders yet`}>
          <Trans>The organisation starts with three of them when its duty supervisor is named.</Trans>
        </EmptyState>
      ) : (
        <ul className={style['list']}>
          {ladders.map((ladder) => (
            <LadderItem key={ladder.ladder} ladder={ladder} />
          ))}
        </ul>
      )}
    </>
  );
}

function LadderItem({ ladder }: { readonly ladder: Ladder }) {
  const { i18n } = useLingui();
  const { duty } = useSession();
  const uses = useLadderUses(ladder.ladder);
  return (
    <li className={style['item']}>
      <div className={style['item-head']}>
        <Link to="/on-call/$item" params={{ item: ladder.ladder }} className={style['name']}>
          {ladder.name}
        </Link>
        <span className={style['quiet']}>{uses}</span>
      </div>
      <ol className={style['line']}>
        {ladder.steps.map((step, index) => (
          <li key={index}>
            <b>{offsetWords(step, i18n)}</b> <span>{targetWords(step.target, duty, i18n)}</span>
          </li>
        ))}
      </ol>
      {ladder.source !== '' && <p className={style['quiet']}>{ladder.source}</p>}
    </li>
  );
}
