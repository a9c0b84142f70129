import type { TimestampMs } from '@baton/kernel';
import { dayKey, type TimeFrame } from '../../design/words/time-words.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Tomorrow's snooze ends when practices open; the hour is local. */
const MORNING_HOUR = 8;

export interface SnoozeChoice {
  readonly what: 'hours' | 'tomorrow' | 'week';
  readonly until: TimestampMs;
}

/** When a conversation can come back by itself. */
export function snoozeChoices(now: TimestampMs, frame: TimeFrame): readonly SnoozeChoice[] {
  return [
    { what: 'hours', until: now + 3 * HOUR },
    { what: 'tomorrow', until: morningAfter(now, 1, frame) },
    { what: 'week', until: morningAfter(now, 7, frame) },
  ];
}

/** Eight in the morning so many days on, by the frame's own calendar: the first hour at which its clock says so. */
function morningAfter(now: TimestampMs, days: number, frame: TimeFrame): TimestampMs {
  const wanted = dayKey(now + days * DAY, frame);
  const zone = frame.timeZone === undefined ? {} : { timeZone: frame.timeZone };
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', ...zone });
  const start = Math.floor((now + (days - 1) * DAY) / HOUR) * HOUR;
  for (let at = start; at < start + 3 * DAY; at += HOUR) {
    if (dayKey(at, frame) === wanted && Number(clock.format(at)) >= MORNING_HOUR) return at;
  }
  return now + days * DAY;
}
