import { dateOf } from '@baton/clinical';
import { type DayNumber, dayNumberOf, instantOf, localDayAt, type TimestampMs } from '@baton/kernel';

/** ISO 8601 calendar date. */
export type LocalDate = string;

export function dayOf(date: LocalDate): DayNumber {
  const [year = 1970, month = 1, day = 1] = date.split('-').map(Number);
  return dayNumberOf(year, month, day);
}

/** The date that the clocks of the zone show; null for a zone that is not known. */
export function localDate(timeZone: string, atMs: TimestampMs): LocalDate | null {
  const day = localDayAt(timeZone, atMs);
  return day === null ? null : dateOf(day);
}

/** When the clocks of the zone show `minute` of that date, daylight saving considered; null for a zone that is not known. */
export function instantOn(timeZone: string, date: LocalDate, minute: number): TimestampMs | null {
  return instantOf(timeZone, dayOf(date), minute);
}

export function daysAfter(date: LocalDate, days: number): LocalDate {
  return dateOf(dayOf(date) + days);
}
