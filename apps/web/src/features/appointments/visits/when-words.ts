import type { TimestampMs } from '@baton/kernel';
import {
  clockTime,
  daysAgo,
  shortDate,
  type TimeFrame,
  weekdayWord,
} from '../../../design/words/time-words.ts';

/** A moment before or after now: "today 14:02", "Tue 14:02" within a week, "24 Nov 14:02" else. */
export function whenWords(at: TimestampMs, now: TimestampMs, frame: TimeFrame): string {
  const days = Math.abs(daysAgo(at, now, frame));
  const clock = clockTime(at, frame);
  // The lists have other days as headings: without the word a time would be read as theirs.
  if (days === 0)
    return `${new Intl.RelativeTimeFormat(frame.locale, { numeric: 'auto' }).format(0, 'day')} ${clock}`;
  return days < 7 ? `${weekdayWord(at, frame)} ${clock}` : `${shortDate(at, now, frame)} ${clock}`;
}
