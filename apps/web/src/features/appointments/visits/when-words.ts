import type { TimestampMs } from '@baton/kernel';
import {
  clockTime,
  daysAgo,
  shortDate,
  type TimeFrame,
  weekdayWord,
} from '../../../design/words/time-words.ts';

/** A moment before or after now: "14:02" today, "Tue 14:02" within a week, "24 Nov 14:02" else. */
export function whenWords(at: TimestampMs, now: TimestampMs, frame: TimeFrame): string {
  const days = Math.abs(daysAgo(at, now, frame));
  const clock = clockTime(at, frame);
  if (days === 0) return clock;
  return days < 7 ? `${weekdayWord(at, frame)} ${clock}` : `${shortDate(at, now, frame)} ${clock}`;
}
