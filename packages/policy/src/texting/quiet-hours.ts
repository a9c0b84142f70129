import { instantOf, localDayAt, MINUTE_MS, type TimestampMs, weekdayOf } from '@baton/kernel';
import type { TextingSettings } from '@baton/wire';

/** Minutes after midnight between which texts go out, by the patient's clocks. */
export interface SendingHours {
  readonly from: number;
  readonly until: number;
}

/** 47 CFR 64.1200(c)(1): not before 8 am, not after 9 pm of whoever receives it. A practice may allow less, never more. */
export const LAWFUL_HOURS: SendingHours = { from: 8 * 60, until: 21 * 60 };

/** What a practice set, as far as the law goes; the law's own hours where what it set leaves no time at all. */
export function sendingHours(quiet: TextingSettings['quiet']): SendingHours {
  const from = Math.max(quiet.from, LAWFUL_HOURS.from);
  const until = Math.min(quiet.until, LAWFUL_HOURS.until);
  return from < until ? { from, until } : LAWFUL_HOURS;
}

/** A day's first and last instant for texts; `until` is the first at which it is quiet again. null for a zone that is not known. */
function spanOf(
  timeZone: string,
  day: number,
  hours: SendingHours,
): { readonly from: TimestampMs; readonly until: TimestampMs } | null {
  const from = instantOf(timeZone, day, hours.from);
  const until = instantOf(timeZone, day, hours.until);
  return from === null || until === null ? null : { from, until };
}

/** Whether it is quiet at the patient's place; null for a zone that is not known. */
export function isQuiet(timeZone: string, atMs: TimestampMs, hours: SendingHours): boolean | null {
  const day = localDayAt(timeZone, atMs);
  const span = day === null ? null : spanOf(timeZone, day, hours);
  return span && (atMs < span.from || atMs >= span.until);
}

/** The first instant at or after `atMs` at which it is not quiet; null for a zone that is not known. */
export function quietEnds(timeZone: string, atMs: TimestampMs, hours: SendingHours): TimestampMs | null {
  const day = localDayAt(timeZone, atMs);
  if (day === null) return null;
  for (let ahead = 0; ahead < 4; ahead += 1) {
    const span = spanOf(timeZone, day + ahead, hours);
    if (span && atMs < span.until && span.from < span.until) return Math.max(atMs, span.from);
  }
  return null;
}

export interface PlannedText {
  readonly timeZone: string;
  readonly wantedMs: TimestampMs;
  readonly nowMs: TimestampMs;
  readonly hours: SendingHours;
  /** A reminder is worth nothing afterwards: it goes the evening before, where there is still time for that. */
  readonly mayMoveEarlier: boolean;
}

/**
 * When a text that is wanted at a certain time is to be handed in. Moved earlier to the end of the last hours before, where it may be and that is still
 * to come; else later, to when quiet hours end. null for a zone that is not known.
 */
export function planTextTime({
  timeZone,
  wantedMs,
  nowMs,
  hours,
  mayMoveEarlier,
}: PlannedText): TimestampMs | null {
  const wanted = Math.max(wantedMs, nowMs);
  const quiet = isQuiet(timeZone, wanted, hours);
  if (quiet === null) return null;
  if (!quiet) return wanted;
  if (mayMoveEarlier) {
    const day = localDayAt(timeZone, wanted) ?? 0;
    for (const before of [day, day - 1]) {
      const span = spanOf(timeZone, before, hours);
      const last = span ? span.until - MINUTE_MS : null;
      if (span && last !== null && last < wanted && last >= Math.max(nowMs, span.from)) return last;
    }
  }
  return quietEnds(timeZone, wanted, hours);
}

/** Whether the practice is open by its own hours; a practice that states none counts as open, for it would else answer at any time that it is closed. */
export function isOpenAt(
  { hours, timeZone }: Pick<TextingSettings, 'hours' | 'timeZone'>,
  atMs: TimestampMs,
): boolean {
  const day = localDayAt(timeZone, atMs);
  if (hours.length === 0 || day === null) return true;
  return [day - 1, day].some((each) =>
    hours
      .filter((open) => open.day === weekdayOf(each))
      .some(({ from, to }) => {
        const start = instantOf(timeZone, each, from);
        // Hours that end before they begin go past midnight.
        const end = instantOf(timeZone, to > from ? each : each + 1, to);
        return start !== null && end !== null && atMs >= start && atMs < end;
      }),
  );
}
