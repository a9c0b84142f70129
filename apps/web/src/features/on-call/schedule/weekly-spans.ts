import type { AccountId, TimestampMs } from '@baton/kernel';
import type { Schedule } from '@baton/wire';
import { instantOf, wallTimeOf, weekdayOf } from './zoned-time.ts';

export type Slot = Schedule['weekly'][number];

/** One being edited; `key` keeps it apart from its equals. */
export interface DraftSlot extends Slot {
  readonly key: number;
}

export interface WeeklySpan {
  readonly account: AccountId;
  readonly from: TimestampMs;
  readonly until: TimestampMs;
}

/** Who a weekly schedule puts on duty between two moments, in order; shifts of one person that touch become one. */
export function weeklySpans(
  { weekly, timeZone }: Pick<Schedule, 'weekly' | 'timeZone'>,
  from: TimestampMs,
  until: TimestampMs,
): readonly WeeklySpan[] {
  const first = wallTimeOf(from, timeZone).day - 1;
  const last = wallTimeOf(until, timeZone).day;
  const spans: WeeklySpan[] = [];
  for (let day = first; day <= last; day += 1) {
    for (const slot of weekly.filter((other) => other.day === weekdayOf(day))) {
      const begins = instantOf({ day, minute: slot.from }, timeZone);
      const ends = instantOf({ day: slot.to <= slot.from ? day + 1 : day, minute: slot.to }, timeZone);
      if (ends <= from || begins >= until || ends <= begins) continue;
      spans.push({ account: slot.account, from: Math.max(begins, from), until: Math.min(ends, until) });
    }
  }
  return joinTouching(spans.sort((a, b) => a.from - b.from || a.until - b.until));
}

function joinTouching(spans: readonly WeeklySpan[]): readonly WeeklySpan[] {
  const joined: WeeklySpan[] = [];
  for (const span of spans) {
    const index = joined.findLastIndex(({ account }) => account === span.account);
    const before = joined[index];
    if (before !== undefined && before.until >= span.from) {
      joined[index] = { ...before, until: Math.max(before.until, span.until) };
    } else joined.push(span);
  }
  return joined;
}
