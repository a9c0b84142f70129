import type { Baton } from '@baton/client';
import type { TimestampMs } from '@baton/kernel';
import { useLingui } from '@lingui/react/macro';
import { IconCheck } from '@tabler/icons-react';
import { useNow, useTimeFrame } from '../session/frame-context.tsx';
import { dueTime, spanWords, urgencyOf } from '../words/span-words.ts';
import { exactTime } from '../words/time-words.ts';
import style from './baton-clock.module.css';

const TICK_MS = 15_000;

/**
 * "by 14:30 · 22 min"; amber in the last fifth; afterwards how late it is. Tabular, so that a column of clocks can be read down. A stat or a
 * call asks to be acknowledged: once that is done, its clock rests and says when.
 */
export function BatonClock({
  baton,
  short = false,
  brief = false,
}: {
  readonly baton: Pick<Baton, 'openedAt' | 'deadline' | 'contract' | 'acknowledgedBy'>;
  /** Only what is left, for a list. */
  readonly short?: boolean;
  /** Nothing but what is left, where there is room for no more. */
  readonly brief?: boolean;
}) {
  const { t, i18n } = useLingui();
  const now = useNow(TICK_MS);
  const frame = useTimeFrame();
  const { openedAt, deadline, contract, acknowledgedBy } = baton;
  if (acknowledgedBy !== null && contract !== 'reply')
    return <SeenClock at={acknowledgedBy.at} short={short} brief={brief} />;
  const urgency = urgencyOf({ openedAt, deadline, now });
  const due = dueTime(deadline, now, frame);
  const span = spanWords(Math.abs(deadline - now), i18n.locale);
  const left = urgency === 'late' ? t`${span} late` : span;
  return (
    <time
      className={style['clock']}
      data-urgency={urgency}
      dateTime={new Date(deadline).toISOString()}
      title={exactTime(deadline, frame)}
    >
      {!short && !brief && <span className={style['due']}>{t`by ${due}`}</span>}
      <span className={style['left']}>
        {urgency === 'soon' && <span className="sr-only">{t`soon due:`} </span>}
        {left}
      </span>
      {short && <span className={style['under']}>{due}</span>}
    </time>
  );
}

function SeenClock({
  at,
  short,
  brief,
}: {
  readonly at: TimestampMs;
  readonly short: boolean;
  readonly brief: boolean;
}) {
  const { t } = useLingui();
  const now = useNow(TICK_MS);
  const frame = useTimeFrame();
  const time = dueTime(at, now, frame);
  return (
    <time
      className={style['clock']}
      data-urgency="seen"
      dateTime={new Date(at).toISOString()}
      title={exactTime(at, frame)}
    >
      <span className={style['left']}>
        {!brief && <IconCheck size={14} stroke={2.2} aria-hidden="true" />}
        {short || brief ? t`seen` : t`seen ${time}`}
      </span>
      {short && <span className={style['under']}>{time}</span>}
    </time>
  );
}
