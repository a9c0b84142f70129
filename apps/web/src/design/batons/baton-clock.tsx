import type { Baton } from '@baton/client';
import { useLingui } from '@lingui/react/macro';
import { useNow, useTimeFrame } from '../session/frame-context.tsx';
import { dueTime, spanWords, urgencyOf } from '../words/span-words.ts';
import { exactTime } from '../words/time-words.ts';
import style from './baton-clock.module.css';

const TICK_MS = 15_000;

/** "by 14:30 · 22 min"; amber in the last fifth; afterwards how late it is. Tabular, so that a column of clocks can be read down. */
export function BatonClock({
  baton,
  short = false,
  brief = false,
}: {
  readonly baton: Pick<Baton, 'openedAt' | 'deadline'>;
  /** Only what is left, for a list. */
  readonly short?: boolean;
  /** Nothing but what is left, where there is room for no more. */
  readonly brief?: boolean;
}) {
  const { t, i18n } = useLingui();
  const now = useNow(TICK_MS);
  const frame = useTimeFrame();
  const { openedAt, deadline } = baton;
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
