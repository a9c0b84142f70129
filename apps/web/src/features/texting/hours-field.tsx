import type { TextingSettings } from '@baton/wire';
import { useLingui } from '@lingui/react/macro';
import style from './texting.module.css';
import { fromClock, toClock } from './clock-text.ts';

const DAYS = [1, 2, 3, 4, 5, 6, 7] as const;
/** Any Monday in UTC: only the names of days are taken from it. */
const MONDAY = Date.UTC(2026, 0, 5);
const DAY = 86_400_000;
const OPENS = 8 * 60;
const CLOSES = 17 * 60;

type Hours = TextingSettings['hours'];

/** Opening hours, one row a day. */
export function HoursField({
  hours,
  onChange,
}: {
  readonly hours: Hours;
  readonly onChange: (hours: Hours) => void;
}) {
  const { t, i18n } = useLingui();
  const names = new Intl.DateTimeFormat(i18n.locale, { weekday: 'long', timeZone: 'UTC' });
  const set = (day: number, part: { readonly from: number; readonly to: number } | null): void => {
    const others = hours.filter((slot) => slot.day !== day);
    onChange(part === null ? others : [...others, { day, ...part }].sort((a, b) => a.day - b.day));
  };
  return (
    <fieldset className={style['hours']}>
      <legend>{t`Opening hours`}</legend>
      {DAYS.map((day) => {
        const name = names.format(MONDAY + (day - 1) * DAY);
        const slot = hours.find((candidate) => candidate.day === day) ?? null;
        return (
          <div key={day} className={style['day']}>
            <label className={style['open']}>
              <input
                type="checkbox"
                checked={slot !== null}
                onChange={(event) =>
                  set(day, event.currentTarget.checked ? { from: OPENS, to: CLOSES } : null)
                }
              />
              {name}
            </label>
            {slot === null ? (
              <span className={style['closed']}>{t`closed`}</span>
            ) : (
              <>
                <input
                  type="time"
                  aria-label={t`${name}, opens`}
                  value={toClock(slot.from)}
                  onChange={(event) =>
                    set(day, { from: fromClock(event.currentTarget.value, slot.from), to: slot.to })
                  }
                />
                <span aria-hidden="true">–</span>
                <input
                  type="time"
                  aria-label={t`${name}, closes`}
                  value={toClock(slot.to)}
                  onChange={(event) =>
                    set(day, { from: slot.from, to: fromClock(event.currentTarget.value, slot.to) })
                  }
                />
              </>
            )}
          </div>
        );
      })}
    </fieldset>
  );
}
