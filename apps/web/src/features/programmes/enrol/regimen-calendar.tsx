import type { Regimen } from '@baton/wire';
import { Trans, useLingui } from '@lingui/react/macro';
import { useNow, useTimeFrame } from '../../../design/session/frame-context.tsx';
import { dayKey, isoDateWords } from '../../../design/words/time-words.ts';
import { shortWeek } from '../cohort/cohort-plots.tsx';
import style from '../programmes.module.css';
import { ScrollRegion } from '../scroll-region.tsx';
import { TIME_NAMES } from '../words.ts';
import { dailyMg, dosesWords, type PlanDay, planWeeks } from './plan-days.ts';

const WEEKS = 6;
/** Any Monday in UTC: only the names of days are taken from it. */
const MONDAY = Date.UTC(2026, 0, 5);
const DAY_MS = 86_400_000;

/** The plan day by day, as the texts will say it: to be laid beside the order before anybody stands for it. */
export function RegimenCalendar({
  regimen,
  stale = false,
}: {
  readonly regimen: Regimen;
  readonly stale?: boolean;
}) {
  const { t, i18n } = useLingui();
  const now = useNow(60_000);
  const today = dayKey(now, useTimeFrame());
  // Where the first cycle lies far back, the weeks around today are what one wants to see.
  const from =
    regimen.cycleStart > today || within(regimen.cycleStart, today) ? regimen.cycleStart : weekBefore(today);
  const names = new Intl.DateTimeFormat(i18n.locale, { weekday: 'short', timeZone: 'UTC' });
  const mg = new Intl.NumberFormat(i18n.locale).format(dailyMg(regimen.times));
  return (
    <div className={style['plan']}>
      <dl className={style['doses']}>
        {regimen.times.map(({ id, doses }) => (
          <div key={id}>
            <dt>{i18n._(TIME_NAMES[id])}</dt>
            <dd>{dosesWords(doses)}</dd>
          </div>
        ))}
        <div>
          <dt>{t`In a day`}</dt>
          <dd>{mg} mg</dd>
        </div>
        <div>
          <dt>{t`Look again by`}</dt>
          <dd>{isoDateWords(regimen.reviewBy, i18n.locale)}</dd>
        </div>
      </dl>
      <ScrollRegion className={style['table-wrap']} label={t`Calendar of the plan`}>
        <table className={style['calendar']}>
          <thead>
            <tr>
              {Array.from({ length: 7 }, (_, day) => (
                <th key={day} scope="col">
                  {names.format(MONDAY + day * DAY_MS)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {planWeeks(regimen, from, WEEKS).map((week) => (
              <tr key={week[0]?.date}>
                {week.map((day) => (
                  <Day key={day.date} day={day} isToday={day.date === today} stale={stale} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <p className={style['quiet']}>
        <Trans>A day without tablets, on hold, or with a plan that nobody stands for names no dose.</Trans>
      </p>
    </div>
  );
}

function Day({
  day: { date, plan },
  isToday,
  stale,
}: {
  readonly day: PlanDay;
  readonly isToday: boolean;
  readonly stale: boolean;
}) {
  const { t, i18n } = useLingui();
  const kind = stale && plan.t === 'doses' ? 'stale' : plan.t;
  const cycleDay = plan.t === 'doses' || plan.t === 'off' ? plan.cycleDay : null;
  const words = {
    doses: t`take`,
    off: t`off`,
    held: t`hold`,
    stale: t`confirm`,
    before: '',
    over: t`over`,
  }[kind];
  return (
    <td data-kind={kind} aria-current={isToday ? 'date' : undefined}>
      <span className={style['date']}>{shortWeek(date, i18n.locale)}</span>
      <span className={style['kind']}>{words}</span>
      {cycleDay !== null && <span className={style['cycle-day']}>{t`day ${cycleDay}`}</span>}
    </td>
  );
}

const NEAR_DAYS = 21;

function within(start: string, today: string): boolean {
  return Date.parse(today) - Date.parse(start) < NEAR_DAYS * DAY_MS;
}

function weekBefore(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - 7 * DAY_MS).toISOString().slice(0, 10);
}
