import { type AccountId, DAY_MS, instantOf, localDayAt, type TimestampMs, weekdayOf } from '@baton/kernel';
import type { Schedule } from '@baton/wire';

/** One slot of a schedule in one week: from <= t < until. */
export interface SlotSpan {
  readonly account: AccountId;
  readonly from: TimestampMs;
  readonly until: TimestampMs;
}

/** Spans that touch a UTC day, kept per record: the same day is asked for again and again. */
const perDay = new WeakMap<Schedule, Map<number, readonly SlotSpan[]>>();
const MAX_DAYS = 64;

/** Slots at that instant, in the order of the record. An unknown time zone has none: nobody is on duty, and that is loud. */
export function slotsAt(schedule: Schedule, atMs: TimestampMs): AccountId[] {
  const spans = spansOfDay(schedule, Math.floor(atMs / DAY_MS));
  return spans.filter(({ from, until }) => from <= atMs && atMs < until).map(({ account }) => account);
}

/** All slots that overlap [fromMs, untilMs), each whole, by beginning. */
export function slotSpans(schedule: Schedule, fromMs: TimestampMs, untilMs: TimestampMs): SlotSpan[] {
  const found = new Map<string, SlotSpan>();
  for (let day = Math.floor(fromMs / DAY_MS); day * DAY_MS < untilMs; day += 1)
    for (const span of spansOfDay(schedule, day))
      if (span.from < untilMs && span.until > fromMs)
        found.set(`${span.account} ${span.from} ${span.until}`, span);
  return [...found.values()].sort((a, b) => a.from - b.from);
}

function spansOfDay(schedule: Schedule, utcDay: number): readonly SlotSpan[] {
  let days = perDay.get(schedule);
  if (days === undefined) perDay.set(schedule, (days = new Map<number, readonly SlotSpan[]>()));
  const known = days.get(utcDay);
  if (known !== undefined) return known;
  if (days.size >= MAX_DAYS) days.clear();
  const spans = findSpans(schedule, utcDay * DAY_MS, (utcDay + 1) * DAY_MS);
  days.set(utcDay, spans);
  return spans;
}

function findSpans(schedule: Schedule, fromMs: TimestampMs, untilMs: TimestampMs): SlotSpan[] {
  const { timeZone, weekly } = schedule;
  const first = localDayAt(timeZone, fromMs);
  const last = localDayAt(timeZone, untilMs);
  if (first === null || last === null) return [];
  const spans: SlotSpan[] = [];
  // One that began on the day before may still last.
  for (let day = first - 1; day <= last; day += 1) {
    for (const slot of weekly) {
      if (slot.day !== weekdayOf(day)) continue;
      const from = instantOf(timeZone, day, slot.from);
      const until = instantOf(timeZone, slot.to <= slot.from ? day + 1 : day, slot.to);
      if (from === null || until === null || until <= from) continue;
      if (from < untilMs && until > fromMs) spans.push({ account: slot.account, from, until });
    }
  }
  return spans;
}
