import { instantOf, MINUTE_MS, minuteOfDayAt } from '@baton/kernel';
import type { Appointment } from '@baton/wire';
import { NumberInput, TextInput } from '@mantine/core';
import { useLingui } from '@lingui/react/macro';
import { dayAt, dayOfText, dayText, minuteOfText, minuteText } from '../visits/day-span.ts';
import style from '../appointments.module.css';

export interface TimesDraft {
  readonly date: string;
  readonly time: string;
  readonly minutes: number;
  readonly practitioner: string;
  readonly location: string;
}

const USUAL_MINUTES = 30;

export function timesOfVisit(
  visit: Appointment | null,
  { now, timeZone }: { readonly now: number; readonly timeZone: string },
): TimesDraft {
  if (visit === null)
    return {
      date: dayText(dayAt(now, timeZone) + 1),
      time: '09:00',
      minutes: USUAL_MINUTES,
      practitioner: '',
      location: '',
    };
  return {
    date: dayText(dayAt(visit.start, visit.timeZone)),
    time: minuteText(minuteOfDayAt(visit.timeZone, visit.start) ?? 0),
    minutes: Math.round((visit.end - visit.start) / MINUTE_MS),
    practitioner: visit.practitioner?.text ?? '',
    location: visit.location ?? '',
  };
}

/** What the fields say, in the place's clocks; null while they say no time. */
export function readTimes(
  draft: TimesDraft,
  timeZone: string,
): Pick<Appointment, 'start' | 'end' | 'practitioner' | 'location'> | null {
  const day = dayOfText(draft.date);
  const minute = minuteOfText(draft.time);
  const start = day === null || minute === null ? null : instantOf(timeZone, day, minute);
  if (start === null || !(draft.minutes > 0)) return null;
  const practitioner = draft.practitioner.trim();
  const location = draft.location.trim();
  return {
    start,
    end: start + draft.minutes * MINUTE_MS,
    practitioner: practitioner === '' ? null : { code: null, text: practitioner },
    location: location === '' ? null : location,
  };
}

export function TimesFields({
  draft,
  onChange,
}: {
  readonly draft: TimesDraft;
  readonly onChange: (draft: TimesDraft) => void;
}) {
  const { t } = useLingui();
  return (
    <div className={style['pair']}>
      <TextInput
        type="date"
        label={t`Day`}
        required
        value={draft.date}
        onChange={(event) => onChange({ ...draft, date: event.currentTarget.value })}
      />
      <div className={style['pair-tight']}>
        <TextInput
          type="time"
          label={t`Time`}
          required
          value={draft.time}
          onChange={(event) => onChange({ ...draft, time: event.currentTarget.value })}
        />
        <NumberInput
          label={t`Minutes`}
          min={5}
          max={1440}
          step={5}
          value={draft.minutes}
          onChange={(value) => onChange({ ...draft, minutes: Number(value) })}
        />
      </div>
      <TextInput
        label={t`With`}
        maxLength={160}
        value={draft.practitioner}
        onChange={(event) => onChange({ ...draft, practitioner: event.currentTarget.value })}
      />
      <TextInput
        label={t`Where`}
        maxLength={200}
        value={draft.location}
        onChange={(event) => onChange({ ...draft, location: event.currentTarget.value })}
      />
    </div>
  );
}
