import { type DayNumber, dayNumberOf, instantOf, localDayAt, type TimestampMs } from '@baton/kernel';

/** ISO 8601 calendar date. */
export type LocalDate = string;

/** Howard Hinnant, civil_from_days. */
export function dateOf(day: DayNumber): LocalDate {
  const z = day + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const date = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(date)}`;
}

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
