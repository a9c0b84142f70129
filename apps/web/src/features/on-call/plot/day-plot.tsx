import type { DutySpan } from '@baton/client';
import type { TimestampMs } from '@baton/kernel';
import { useNow, useTimeFrame } from '../../../design/session/frame-context.tsx';
import { dayKey, shortDate, weekdayWord } from '../../../design/words/time-words.ts';
import { Bars } from './bars.tsx';
import { placeOf, placeSpans } from './place-spans.ts';
import style from './plot.module.css';

const HOURS = [0, 6, 12, 18, 24];

/** One line for each day, midnight to midnight: shifts that go over midnight are cut there. */
export function DayPlot({
  spans,
  midnights,
}: {
  readonly spans: readonly DutySpan[];
  /** One more than there are days. */
  readonly midnights: readonly TimestampMs[];
}) {
  const now = useNow(30_000);
  const frame = useTimeFrame();
  return (
    <div className={style['days']} aria-hidden="true">
      <span />
      <span className={style['hours']}>
        {HOURS.map((hour) => (
          <span key={hour}>{String(hour).padStart(2, '0')}</span>
        ))}
      </span>
      {midnights.slice(0, -1).map((from, index) => {
        const to = midnights[index + 1] ?? from;
        const day = [from, to];
        const { bars, lines } = placeSpans(spans, day);
        const isToday = dayKey(from, frame) === dayKey(now, frame);
        return (
          <div key={from} className={style['day']} data-today={isToday || undefined}>
            <span className={style['day-name']}>
              <b>{weekdayWord(from, frame)}</b> {shortDate(from, now, frame)}
            </span>
            <span className={style['day-lane']}>
              <Bars bars={bars} lines={lines} now={now >= from && now < to ? placeOf(now, day) : null} />
            </span>
          </div>
        );
      })}
    </div>
  );
}
