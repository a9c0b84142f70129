import type { Baton } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconCircleCheck } from '@tabler/icons-react';
import { useNow, useTimeFrame } from '../session/frame-context.tsx';
import { useSession } from '../session/session-context.tsx';
import { useLive } from '../session/use-live.ts';
import { dueTime } from '../words/span-words.ts';
import { BatonActions, type BatonActionsProps } from './baton-actions.tsx';
import style from './baton-card.module.css';
import { BatonClock } from './baton-clock.tsx';
import { CLOSE_REASON_NAMES, escalatesNow, isEnded } from './baton-words.ts';
import { CallbackLink } from './callback-link.tsx';
import { ContractMark } from './contract-mark.tsx';
import { LadderLine } from './ladder-line.tsx';
import { OwnerLine } from './owner-words.tsx';

/** One baton under its message: mark, clock, owner, ladder, acts. Stat is a band across the thread. */
export function BatonCard({
  baton,
  onAnswer,
  readBack = false,
  quiet = false,
}: Omit<BatonActionsProps, 'compact'>) {
  const me = useLive(useSession().me).account;
  const ended = isEnded(baton);
  const hasCall = baton.callback !== null && !ended && baton.contract !== 'reply';
  return (
    <div
      className={style['card']}
      role="group"
      data-contract={baton.contract}
      data-ended={ended || undefined}
      data-escalates={escalatesNow(baton) || undefined}
      data-seen={baton.status === 'acknowledged' || undefined}
      data-baton={baton.id}
    >
      <div className={style['head']}>
        <ContractMark contract={baton.contract} done={ended} />
        {!ended && <BatonClock baton={baton} />}
        {ended ? (
          <EndedLine baton={baton} />
        ) : (
          <OwnerLine owner={baton.owner} onDuty={baton.holders} me={me} />
        )}
      </div>
      {baton.offer !== null && !ended && <OfferLine baton={baton} />}
      {!ended && <LadderLine baton={baton} />}
      {(hasCall || !ended) && (
        <div className={style['acts']}>
          {hasCall && baton.callback !== null && (
            <CallbackLink number={baton.callback} strong={baton.contract === 'talk'} />
          )}
          {!ended && (
            <BatonActions baton={baton} onAnswer={onAnswer} readBack={readBack} quiet={quiet} compact />
          )}
        </div>
      )}
      {baton.contract === 'stat' && !ended && <NotAnAlarm />}
    </div>
  );
}

/** Stands beside every stat: what this is not. */
export function NotAnAlarm() {
  return (
    <p className={style['not-alarm']}>
      <Trans>This is not a primary alarm.</Trans>
    </p>
  );
}

export function EndedLine({ baton }: { readonly baton: Baton }) {
  const { t, i18n } = useLingui();
  const now = useNow(60_000);
  const frame = useTimeFrame();
  if (baton.ended === null) return null;
  const { by, at, reason } = baton.ended;
  const { name } = by;
  const time = dueTime(at, now, frame);
  const why = reason === null ? '' : i18n._(CLOSE_REASON_NAMES[reason]);
  return (
    <span className={style['ended']}>
      <IconCircleCheck size={15} stroke={2} aria-hidden="true" />
      {why === '' ? t`answered by ${name}, ${time}` : t`closed by ${name}, ${time}: ${why}`}
    </span>
  );
}

export function OfferLine({ baton }: { readonly baton: Baton }) {
  const { t } = useLingui();
  const now = useNow(30_000);
  const frame = useTimeFrame();
  if (baton.offer === null) return null;
  const { to, by, until, note, toMe } = baton.offer;
  const name = to.name;
  const giver = by.name;
  const time = dueTime(until, now, frame);
  return (
    <p className={style['offer']}>
      {toMe
        ? t`${giver} hands this over to you.`
        : t`Offered to ${name}; comes back at ${time} if nobody accepts.`}
      {note !== null && <q>{note}</q>}
    </p>
  );
}
