import { DAY_MS, instantOf, localDayAt, type TimestampMs, weekdayOf } from '@baton/kernel';

/** Days of the list, by the practice's calendar. */
export interface DaySpan {
  /** Midnights: one more than there are days. */
  readonly midnights: readonly TimestampMs[];
  readonly from: TimestampMs;
  readonly until: TimestampMs;
}

/** One day, or the week (from Monday) around it. `day` counts from 1970-01-01. */
export function spanOf(day: number, view: 'day' | 'week', timeZone: string): DaySpan {
  const first = view === 'day' ? day : day - weekdayOf(day) + 1;
  const count = view === 'day' ? 1 : 7;
  const midnights = Array.from({ length: count + 1 }, (_, index) => midnightOf(first + index, timeZone));
  return { midnights, from: midnights[0] ?? 0, until: midnights[count] ?? 0 };
}

export function midnightOf(day: number, timeZone: string): TimestampMs {
  return instantOf(timeZone, day, 0) ?? day * DAY_MS;
}

export function dayAt(at: TimestampMs, timeZone: string): number {
  return localDayAt(timeZone, at) ?? Math.floor(at / DAY_MS);
}

/** "2026-11-24", as date fields have it. */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** null for what is no date. */
export function dayOfText(text: string): number | null {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(at) ? null : at / DAY_MS;
}

/** Minutes after midnight of "14:30"; null for what is no time. */
export function minuteOfText(text: string): number | null {
  const match = /^(\d{2}):(\d{2})$/.exec(text);
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

export function minuteText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
