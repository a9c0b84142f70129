import type { Recall } from '@baton/wire';
import { Button, Progress } from '@mantine/core';
import type { MessageDescriptor } from '@lingui/core';
import { msg, plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconPlayerPause, IconPlayerPlay, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { ConfirmDialog } from '../../../design/primitives/confirm-dialog.tsx';
import { EmptyState } from '../../../design/primitives/empty-state.tsx';
import { FailureNotice } from '../../../design/primitives/notice.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import { useLive } from '../../../design/session/use-live.ts';
import { joinWords } from '../../../design/words/join-words.ts';
import style from '../appointments.module.css';
import { OverdueList } from './overdue-list.tsx';
import { RecallDialog } from './recall-dialog.tsx';

const STATES: Readonly<Record<Recall['state'], MessageDescriptor>> = {
  draft: msg`Not started`,
  running: msg`Running`,
  paused: msg`Paused`,
  done: msg`Done`,
};

const OUTCOMES: readonly (readonly [Recall['reached'][number]['outcome'], MessageDescriptor])[] = [
  ['booked', msg`booked`],
  ['asked', msg`asked something`],
  ['declined', msg`did not want to`],
  ['sent', msg`no answer yet`],
  ['refused', msg`could not be written to`],
];

/** Patients who are overdue for a visit, written to a few a day. */
export function RecallsPage() {
  const { t } = useLingui();
  const { appointments } = useSession();
  const recalls = useLive(appointments.recalls);
  const [editing, setEditing] = useState<Recall | 'new' | null>(null);
  const add = (
    <Button
      leftSection={<IconPlus size={18} stroke={1.7} aria-hidden="true" />}
      onClick={() => setEditing('new')}
    >
      <Trans>New recall</Trans>
    </Button>
  );
  return (
    <>
      <div className={style['head']}>
        <p className={style['summary']}>
          <Trans>
            Patients who came for a service before, have not for long, and have no visit booked. Only those
            who agreed to be written to get a message.
          </Trans>
        </p>
        {recalls.length > 0 && add}
      </div>
      {recalls.length === 0 ? (
        <EmptyState title={t`No recalls yet`} action={add}>
          <Trans>You see who would be reached before anything is sent.</Trans>
        </EmptyState>
      ) : (
        <ul className={style['cards']}>
          {recalls.map((recall) => (
            <RecallCard key={recall.id} recall={recall} onEdit={() => setEditing(recall)} />
          ))}
        </ul>
      )}
      {editing !== null && (
        <RecallDialog recall={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      )}
    </>
  );
}

function RecallCard({ recall, onEdit }: { readonly recall: Recall; readonly onEdit: () => void }) {
  const { i18n } = useLingui();
  const { appointments } = useSession();
  // The list of who is overdue follows from the visits.
  useLive(appointments.visits);
  const [showing, setShowing] = useState(false);
  const reached = new Set(recall.reached.map(({ ref }) => ref));
  const left = appointments.overdue(recall).filter(({ ref }) => !reached.has(ref));
  const { perDay, overdueDays, state } = recall;
  return (
    <li className={style['card']}>
      <div className={style['card-head']}>
        <span className={style['grow']}>
          <h2>{recall.name}</h2>
          <span className={style['sub']}>
            {joinWords([
              recall.service.text,
              plural(overdueDays, { one: 'no visit for # day', other: 'no visit for # days' }),
              plural(perDay, { one: '# message a day', other: '# messages a day' }),
            ])}
          </span>
        </span>
        <span className={style['state']} data-tone={state === 'running' ? 'done' : undefined}>
          {state === 'running' && <IconPlayerPlay size={16} stroke={1.8} aria-hidden="true" />}
          {state === 'paused' && <IconPlayerPause size={16} stroke={1.8} aria-hidden="true" />}
          {i18n._(STATES[state])}
        </span>
      </div>
      <HowFar recall={recall} done={reached.size} left={left.length} />
      {showing && <OverdueList patients={left} />}
      <div className={style['row-acts']}>
        <RunActs recall={recall} left={left.length} />
        <Button
          size="compact-md"
          variant="subtle"
          onClick={() => setShowing(!showing)}
          aria-expanded={showing}
        >
          {showing ? <Trans>Hide who</Trans> : <Trans>Show who</Trans>}
        </Button>
        {state !== 'done' && (
          <Button size="compact-md" variant="subtle" onClick={onEdit}>
            <Trans>Change…</Trans>
          </Button>
        )}
      </div>
    </li>
  );
}

/** How many were written to, what came of it, and when it will be through. */
function HowFar({
  recall,
  done,
  left,
}: {
  readonly recall: Recall;
  readonly done: number;
  readonly left: number;
}) {
  const { t, i18n } = useLingui();
  const all = done + left;
  const days = Math.ceil(left / recall.perDay);
  const counts = OUTCOMES.map(
    ([outcome, words]) => [words, recall.reached.filter((one) => one.outcome === outcome).length] as const,
  ).filter(([, count]) => count > 0);
  if (recall.state === 'draft')
    return (
      <p className={style['quiet']}>
        {plural(left, { one: '# patient would be reached.', other: '# patients would be reached.' })}
      </p>
    );
  return (
    <>
      <Progress value={all === 0 ? 100 : (100 * done) / all} aria-label={t`${done} of ${all} written to`} />
      <p className={style['quiet']}>
        {t`${done} of ${all} written to`}
        {counts.length > 0 && `: ${counts.map(([words, count]) => `${count} ${i18n._(words)}`).join(', ')}`}
        {recall.state === 'running' &&
          left > 0 &&
          ` · ${plural(days, { one: 'done in about # day', other: 'done in about # days' })}`}
      </p>
    </>
  );
}

/** Start and pause. Starting is asked once: what has gone out cannot be taken back. */
function RunActs({ recall, left }: { readonly recall: Recall; readonly left: number }) {
  const { t } = useLingui();
  const { appointments } = useSession();
  const action = useAction();
  const [starting, setStarting] = useState(false);
  const { perDay, name } = recall;
  const turn = (state: Recall['state']): Promise<void> => appointments.saveRecall({ ...recall, state });
  return (
    <>
      {(recall.state === 'draft' || recall.state === 'paused') && (
        <Button size="compact-md" disabled={left === 0} onClick={() => setStarting(true)}>
          {recall.state === 'draft' ? <Trans>Start…</Trans> : <Trans>Go on…</Trans>}
        </Button>
      )}
      {recall.state === 'running' && (
        <Button
          size="compact-md"
          variant="default"
          loading={action.busy}
          onClick={() => void action.run(() => turn('paused'))}
        >
          <Trans>Pause</Trans>
        </Button>
      )}
      <FailureNotice sentence={action.failure} />
      {starting && (
        <ConfirmDialog
          title={t`Start “${name}”`}
          confirm={t`Start`}
          onConfirm={() => turn('running')}
          onClose={() => setStarting(false)}
        >
          <p>
            {plural(left, { one: '# patient will be written to.', other: '# patients will be written to.' })}{' '}
            {plural(perDay, { one: '# a day at most.', other: '# a day at most.' })}{' '}
            <Trans>It can be paused at any time. What has gone out cannot be taken back.</Trans>
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
