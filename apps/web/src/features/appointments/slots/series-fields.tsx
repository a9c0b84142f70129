import { Checkbox, Group, NumberInput, TextInput } from '@mantine/core';
import { useLingui } from '@lingui/react/macro';
import style from '../appointments.module.css';
import { dayAt, dayOfText, dayText, minuteOfText } from '../visits/day-span.ts';
import type { SlotSeries } from './make-slots.ts';

export interface SeriesDraft {
  readonly first: string;
  readonly last: string;
  readonly weekdays: readonly number[];
  readonly from: string;
  readonly until: string;
  readonly minutes: number;
}

const WEEK: readonly number[] = [1, 2, 3, 4, 5, 6, 7];
/** A Monday: names of weekdays are said by it. */
const MONDAY = Date.UTC(2024, 0, 1);

/** Tomorrow morning. */
export function suggestSeries(now: number, timeZone: string): SeriesDraft {
  const first = dayText(dayAt(now, timeZone) + 1);
  return { first, last: first, weekdays: [1, 2, 3, 4, 5], from: '09:00', until: '12:00', minutes: 30 };
}

/** null while the fields say no days or times. */
export function readSeries(draft: SeriesDraft, timeZone: string): SlotSeries | null {
  const { first, last, weekdays, minutes } = draft;
  const [firstDay, lastDay] = [dayOfText(first), dayOfText(last)];
  const [from, until] = [minuteOfText(draft.from), minuteOfText(draft.until)];
  if (firstDay === null || lastDay === null || from === null || until === null) return null;
  // One day is meant, whichever weekday it is.
  return {
    firstDay,
    lastDay,
    weekdays: firstDay === lastDay ? WEEK : weekdays,
    from,
    until,
    minutes,
    timeZone,
  };
}

export function SeriesFields({
  draft,
  onChange,
}: {
  readonly draft: SeriesDraft;
  readonly onChange: (draft: SeriesDraft) => void;
}) {
  const { t, i18n } = useLingui();
  const change = (part: Partial<SeriesDraft>): void => onChange({ ...draft, ...part });
  const dayName = new Intl.DateTimeFormat(i18n.locale, { weekday: 'short', timeZone: 'UTC' });
  const { weekdays } = draft;
  return (
    <>
      <div className={style['pair']}>
        <TextInput
          type="date"
          label={t`First day`}
          required
          value={draft.first}
          onChange={(event) => change({ first: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          label={t`Last day`}
          required
          value={draft.last}
          onChange={(event) => change({ last: event.currentTarget.value })}
        />
      </div>
      {draft.first !== draft.last && (
        <fieldset className={style['plain-set']}>
          <legend>{t`On these days`}</legend>
          <Group gap="md">
            {WEEK.map((day) => (
              <Checkbox
                key={day}
                label={dayName.format(MONDAY + (day - 1) * 86_400_000)}
                checked={weekdays.includes(day)}
                onChange={(event) =>
                  change({
                    weekdays: event.currentTarget.checked
                      ? [...weekdays, day]
                      : weekdays.filter((one) => one !== day),
                  })
                }
              />
            ))}
          </Group>
        </fieldset>
      )}
      <div className={style['three']}>
        <TextInput
          type="time"
          label={t`From`}
          required
          value={draft.from}
          onChange={(event) => change({ from: event.currentTarget.value })}
        />
        <TextInput
          type="time"
          label={t`Until`}
          required
          value={draft.until}
          onChange={(event) => change({ until: event.currentTarget.value })}
        />
        <NumberInput
          label={t`Minutes each`}
          min={5}
          max={480}
          step={5}
          value={draft.minutes}
          onChange={(value) => change({ minutes: Number(value) })}
        />
      </div>
    </>
  );
}
