import { type Protocol, type SlotOfDay, slotsOn } from '@baton/clinical';
import type { TimestampMs } from '@baton/kernel';
import { isQuiet, planTextTime, quietEnds, type SendingHours } from '@baton/policy';
import type { Enrolment } from '@baton/wire';
import { daysAfter, instantOn, type LocalDate } from '../schedule/local-time.ts';

/** A dialogue of the schedule, when it begins, and until when it is worth anything. */
export interface Opening extends SlotOfDay {
  readonly date: LocalDate;
  readonly atMs: TimestampMs;
  /** The next one begins, or the day is over as far as texts go. */
  readonly untilMs: TimestampMs;
}

/** What begins on a date of the patient's calendar, out of quiet hours. Empty where the time zone is not known. */
export function openingsOn(
  protocol: Protocol,
  enrolment: Enrolment,
  { date, hours }: { readonly date: LocalDate; readonly hours: SendingHours },
): readonly Opening[] {
  const { timeZone } = enrolment;
  const dayEnds = instantOn(timeZone, date, hours.until);
  if (dayEnds === null) return [];
  const timed = slotsOn(protocol, enrolment, date).flatMap((slot) => {
    const atMs = openingTime(timeZone, date, { minute: slot.minute, hours });
    return atMs === null ? [] : [{ ...slot, date, atMs }];
  });
  return timed.map((slot, index) => ({
    ...slot,
    untilMs: Math.max(timed[index + 1]?.atMs ?? dayEnds, slot.atMs + 1),
  }));
}

/** A time in the night becomes the day's first, or last, minute for texts: never another day's. */
function openingTime(
  timeZone: string,
  date: LocalDate,
  { minute, hours }: { readonly minute: number; readonly hours: SendingHours },
): TimestampMs | null {
  const clamped = Math.min(Math.max(minute, hours.from), hours.until - 1);
  const atMs = instantOn(timeZone, date, clamped);
  if (atMs === null || isQuiet(timeZone, atMs, hours) === false) return atMs;
  return quietEnds(timeZone, atMs, hours);
}

/** The first opening after an instant within some days; null: none. */
export function nextOpening(
  protocol: Protocol,
  enrolment: Enrolment,
  from: {
    readonly date: LocalDate;
    readonly nowMs: TimestampMs;
    readonly hours: SendingHours;
    readonly days: number;
  },
): Opening | null {
  for (let ahead = 0; ahead <= from.days; ahead += 1) {
    const date = daysAfter(from.date, ahead);
    const found = openingsOn(protocol, enrolment, { date, hours: from.hours }).find(
      ({ atMs }) => atMs > from.nowMs,
    );
    if (found) return found;
  }
  return null;
}

/** So long a question has to have been open before it is asked again to be done with it before the night. */
const SOONEST_MS = 30 * 60_000;

/**
 * When a dialogue goes on by itself. What would fall into quiet hours is done before they begin, where the question has been open for a while then, else
 * when they end.
 */
export function goingOnAt(
  wantedMs: TimestampMs,
  {
    timeZone,
    askedMs,
    hours,
  }: { readonly timeZone: string; readonly askedMs: TimestampMs; readonly hours: SendingHours },
): TimestampMs {
  const earlier = planTextTime({ timeZone, wantedMs, nowMs: askedMs, hours, mayMoveEarlier: true });
  if (earlier !== null && earlier >= Math.min(wantedMs, askedMs + SOONEST_MS)) return earlier;
  return quietEnds(timeZone, wantedMs, hours) ?? wantedMs;
}
