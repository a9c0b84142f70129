import type { TimestampMs } from '@baton/kernel';
import { clockTime, daysAgo, type TimeFrame, weekdayWord } from './time-words.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "22 min", "1 h 10 min", "2 days": rounded so that it never promises more time than there is. */
export function spanWords(ms: number, locale: string): string {
  const whole = Math.max(0, ms);
  if (whole < MINUTE) return whole === 0 ? '0 min' : '< 1 min';
  if (whole >= 2 * DAY) {
    const days = new Intl.NumberFormat(locale, { style: 'unit', unit: 'day', unitDisplay: 'long' });
    return days.format(Math.floor(whole / DAY));
  }
  const hours = Math.floor(whole / HOUR);
  const minutes = Math.floor((whole % HOUR) / MINUTE);
  if (hours === 0) return `${minutes} min`;
  return minutes === 0 || hours >= 10 ? `${hours} h` : `${hours} h ${minutes} min`;
}

/** When something is due: "14:30", or "Mon 08:00" on another day. */
export function dueTime(at: TimestampMs, now: TimestampMs, frame: TimeFrame): string {
  const clock = clockTime(at, frame);
  return daysAgo(at, now, frame) === 0 ? clock : `${weekdayWord(at, frame)} ${clock}`;
}

/** How urgent a clock is: the last fifth of its time is `soon`. */
export function urgencyOf(input: {
  readonly openedAt: TimestampMs;
  readonly deadline: TimestampMs;
  readonly now: TimestampMs;
}): 'calm' | 'soon' | 'late' {
  const left = input.deadline - input.now;
  if (left < 0) return 'late';
  return left < (input.deadline - input.openedAt) / 5 ? 'soon' : 'calm';
}
