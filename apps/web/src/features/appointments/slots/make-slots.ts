import { instantOf, MINUTE_MS, type TimestampMs, weekdayOf } from '@baton/kernel';

export interface SlotSeries {
  /** Days from 1970-01-01, both included. */
  readonly firstDay: number;
  readonly lastDay: number;
  /** ISO 8601: 1 is Monday. */
  readonly weekdays: readonly number[];
  /** Minutes after midnight of the practice's clocks. */
  readonly from: number;
  readonly until: number;
  readonly minutes: number;
  readonly timeZone: string;
}

/** More at once is a slip. */
export const MOST_SLOTS = 500;

/** Times one after the other on each of the days; the last one ends by `until`. What daylight saving skips is left out. */
export function makeSlots(
  series: SlotSeries,
): readonly { readonly start: TimestampMs; readonly end: TimestampMs }[] {
  const { firstDay, lastDay, weekdays, from, until, minutes, timeZone } = series;
  const made: { start: TimestampMs; end: TimestampMs }[] = [];
  if (minutes < 5) return made;
  for (let day = firstDay; day <= lastDay; day += 1) {
    if (!weekdays.includes(weekdayOf(day))) continue;
    let last = Number.NEGATIVE_INFINITY;
    for (let minute = from; minute + minutes <= until; minute += minutes) {
      const start = instantOf(timeZone, day, minute);
      // The first minute after a gap stands for all that the gap skips.
      if (start === null || start < last) continue;
      if (made.length === MOST_SLOTS) return made;
      last = start + minutes * MINUTE_MS;
      made.push({ start, end: last });
    }
  }
  return made;
}
