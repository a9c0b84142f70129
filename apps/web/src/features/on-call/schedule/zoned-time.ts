import type { TimestampMs } from '@baton/kernel';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** A calendar day (days since 1 January 1970) and minutes after midnight, as a clock on the wall of the zone shows them. */
export interface WallTime {
  readonly day: number;
  readonly minute: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function parts(at: TimestampMs, timeZone: string): Readonly<Record<string, number>> {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
    formats.set(timeZone, format);
  }
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
}

export function wallTimeOf(at: TimestampMs, timeZone: string): WallTime {
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts(at, timeZone);
  return { day: Date.UTC(year, month - 1, day) / DAY_MS, minute: hour * 60 + minute };
}

/**
 * When the wall clock shows this. A time that daylight saving skips begins at the next minute that exists; one that comes twice counts from
 * the first (docs/protocol/batons.md §2).
 */
export function instantOf({ day, minute }: WallTime, timeZone: string): TimestampMs {
  const wanted = day * DAY_MS + minute * MINUTE_MS;
  const shown = (at: TimestampMs): number => {
    const wall = wallTimeOf(at, timeZone);
    return wall.day * DAY_MS + wall.minute * MINUTE_MS;
  };
  const shiftAt = (at: TimestampMs): number => shown(at) - Math.floor(at / MINUTE_MS) * MINUTE_MS;
  const candidates = [wanted - shiftAt(wanted - DAY_MS), wanted - shiftAt(wanted + DAY_MS)].sort(
    (a, b) => a - b,
  );
  const first = candidates.find((at) => shown(at) === wanted);
  if (first !== undefined) return first;
  // Skipped: the clock jumps between the two candidates, and the first minute after the jump is the one that counts.
  let [before = wanted, after = wanted] = candidates;
  while (after - before > MINUTE_MS) {
    const middle = before + Math.floor((after - before) / 2 / MINUTE_MS) * MINUTE_MS;
    if (shown(middle) > wanted) after = middle;
    else before = middle;
  }
  return after;
}

/** ISO 8601: 1 is Monday. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** Midnights of `count` days from the day of `at` on, and the one after the last: days are 23 to 25 hours long. */
export function midnights(at: TimestampMs, count: number, timeZone: string): readonly TimestampMs[] {
  const { day } = wallTimeOf(at, timeZone);
  return Array.from({ length: count + 1 }, (_, index) =>
    instantOf({ day: day + index, minute: 0 }, timeZone),
  );
}

/** The zone of this device. */
export function deviceTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
