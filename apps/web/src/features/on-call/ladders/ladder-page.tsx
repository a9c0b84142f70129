import type { LadderId } from '@baton/kernel';
import type { Ladder } from '@baton/wire';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconArrowLeft } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { EmptyState } from '../../../design/primitives/empty-state.tsx';
import { usePageTitle } from '../../../design/primitives/page-title.ts';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';
import { exactSpan } from '../fields/exact-span.ts';
import { LadderForm } from './ladder-form.tsx';
import style from './ladders.module.css';
import { Simulator, useSimulation } from './simulator.tsx';
import { offsetWords, targetWords } from './step-words.ts';
import { useLadderUses } from './use-ladder-uses.ts';

const MINUTE = 60_000;

function blank(ladder: LadderId): Ladder {
  return {
    kind: 'ladder',
    ladder,
    name: '',
    steps: [
      { from: 'open', afterMs: 5 * MINUTE, target: 'owner' },
      { from: 'open', afterMs: 15 * MINUTE, target: 'supervisor' },
    ],
    repeatMs: 15 * MINUTE,
    followUpMs: 60 * MINUTE,
    offerMs: 10 * MINUTE,
    source: '',
    active: true,
  };
}

/** One ladder: its steps, and beside them whom they would reach. */
export function LadderPage({ id }: { readonly id: LadderId }) {
  const { t } = useLingui();
  const session = useSession();
  const saved = useLive(session.duty.ladders).find(({ ladder }) => ladder === id);
  const [draft, setDraft] = useState<Ladder>(saved ?? blank(id));
  const simulation = useSimulation(draft);
  const mayEdit = session.can('duty.policy');
  const title = saved?.name ?? t`New ladder`;
  usePageTitle(title);
  if (saved === undefined && !mayEdit) {
    return (
      <EmptyState title={t`No such ladder`}>
        <Trans>There is nothing here that you can see.</Trans>
      </EmptyState>
    );
  }
  return (
    <article className={style['page']}>
      <Link to="/on-call/$item" params={{ item: 'ladders' }} className={style['back']}>
        <IconArrowLeft size={16} stroke={1.8} aria-hidden="true" />
        <Trans>All ladders</Trans>
      </Link>
      <header>
        <h2 className={style['title']}>{title}</h2>
        {saved !== undefined && <Uses id={id} />}
      </header>
      <div className={style['columns']}>
        {mayEdit ? (
          <LadderForm
            saved={saved ?? null}
            draft={draft}
            findings={simulation.findings}
            onChange={setDraft}
          />
        ) : (
          <LadderWords ladder={draft} />
        )}
        <Simulator simulation={simulation} />
      </div>
    </article>
  );
}

function Uses({ id }: { readonly id: LadderId }) {
  return <p className={style['quiet']}>{useLadderUses(id)}</p>;
}

/** For whoever may look at it, and not change it. */
function LadderWords({ ladder }: { readonly ladder: Ladder }) {
  const { i18n } = useLingui();
  const { duty } = useSession();
  const repeat = exactSpan(ladder.repeatMs, i18n.locale);
  const followUp = exactSpan(ladder.followUpMs, i18n.locale);
  const offer = exactSpan(ladder.offerMs, i18n.locale);
  return (
    <div className={style['form']}>
      <ol className={style['words']}>
        {ladder.steps.map((step, index) => (
          <li key={index}>
            <b>{offsetWords(step, i18n)}</b> {targetWords(step.target, duty, i18n)}
          </li>
        ))}
      </ol>
      <p className={style['quiet']}>
        <Trans>
          After the last step the duty supervisor is reached again every {repeat}. What was acknowledged and
          is still open comes back after {followUp}. A hand-over that nobody accepts comes back after {offer}.
        </Trans>
      </p>
      {ladder.source !== '' && <p className={style['quiet']}>{ladder.source}</p>}
    </div>
  );
}
