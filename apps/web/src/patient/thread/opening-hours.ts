import type { TimestampMs } from '@baton/kernel';
import type { PracticeCard } from '@baton/wire';

export type Opening =
  /** `untilMinutes` after midnight of the practice's clock; 1440 is midnight. */
  | { readonly open: true; readonly untilMinutes: number }
  /** `inDays` from the practice's today; `day` is the ISO day (1 is Monday). */
  | { readonly open: false; readonly inDays: number; readonly day: number; readonly fromMinutes: number }
  /** No hours are stated. */
  | null;

const DAYS: readonly string[] = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MIDNIGHT = 1440;

/** Whether the practice is open, by its own wall clock, and until or from when. */
export function openingAt(stated: PracticeCard['hours'], nowMs: TimestampMs): Opening {
  const hours = { ...stated, open: stated.open.flatMap(splitAtMidnight) };
  if (hours.open.length === 0) return null;
  const { day, minutes } = wallClock(hours.timeZone, nowMs);
  const today = hours.open.find((span) => span.day === day && span.from <= minutes && minutes < span.to);
  if (today !== undefined) return { open: true, untilMinutes: closingAfter(hours, day, today.to) };
  for (let inDays = 0; inDays <= 7; inDays += 1) {
    const thatDay = ((day - 1 + inDays) % 7) + 1;
    const next = hours.open
      .filter((span) => span.day === thatDay && (inDays > 0 || span.from > minutes))
      .sort((left, right) => left.from - right.from)[0];
    if (next !== undefined) return { open: false, inDays, day: thatDay, fromMinutes: next.from };
  }
  return null;
}

/** Hours that end before they begin go past midnight. */
function splitAtMidnight(span: PracticeCard['hours']['open'][number]): PracticeCard['hours']['open'] {
  if (span.to > span.from) return [span];
  return [
    { ...span, to: MIDNIGHT },
    { day: (span.day % 7) + 1, from: 0, to: span.to },
  ];
}

/** Spans that meet are one: nobody closes at noon for no time at all. */
function closingAfter(hours: PracticeCard['hours'], day: number, to: number): number {
  const onward = hours.open.find((span) => span.day === day && span.from <= to && span.to > to);
  return onward === undefined ? to : closingAfter(hours, day, onward.to);
}

function wallClock(timeZone: string, nowMs: TimestampMs): { readonly day: number; readonly minutes: number } {
  const parts = clockOf(timeZone).formatToParts(nowMs);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  const minutes = Number(part('hour')) * 60 + Number(part('minute'));
  return { day: DAYS.indexOf(part('weekday')) + 1, minutes: minutes % MIDNIGHT };
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Made once for each time zone: a long thread asks for every message. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  clocks.set(timeZone, known);
  return known;
}
