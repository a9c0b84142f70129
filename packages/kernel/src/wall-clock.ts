import type { TimestampMs } from './ports.ts';

// Wall clocks of IANA time zones, by Intl alone: every browser and Node have it, with one copy of the zone rules.

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** Days since 1970-01-01 in the calendar, without a time zone. */
export type DayNumber = number;

interface Zone {
  readonly format: Intl.DateTimeFormat;
  /** Offsets found, by the quarter of an hour they hold for. */
  readonly offsets: Map<number, number>;
}

const QUARTER_MS = 15 * MINUTE_MS;
const MAX_OFFSETS = 20_000;
const IANA_NAME = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/;
const zones = new Map<string, Zone | null>();

function zoneOf(timeZone: string): Zone | null {
  const known = zones.get(timeZone);
  if (known !== undefined) return known;
  const made = makeZone(timeZone);
  // Names come from records: a bounded number of them is kept.
  if (zones.size > 500) zones.clear();
  zones.set(timeZone, made);
  return made;
}

function makeZone(timeZone: string): Zone | null {
  if (!IANA_NAME.test(timeZone)) return null;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    return { format, offsets: new Map() };
  } catch {
    return null;
  }
}

export function isTimeZone(timeZone: string): boolean {
  return zoneOf(timeZone) !== null;
}

/** What is to be added to UTC for the zone's wall clock at that instant, in milliseconds. Zones change at whole quarters of an hour UTC. */
function offsetAt(zone: Zone, atMs: TimestampMs): number {
  const quarter = Math.floor(atMs / QUARTER_MS);
  const known = zone.offsets.get(quarter);
  if (known !== undefined) return known;
  const start = quarter * QUARTER_MS;
  const parts: Record<string, number> = {};
  for (const { type, value } of zone.format.formatToParts(start)) parts[type] = Number(value);
  const day = dayNumberOf(parts.year ?? 0, parts.month ?? 1, parts.day ?? 1);
  const clock = ((parts.hour ?? 0) * 60 + (parts.minute ?? 0)) * 60 + (parts.second ?? 0);
  const offset = day * DAY_MS + clock * 1000 - start;
  if (zone.offsets.size > MAX_OFFSETS) zone.offsets.clear();
  zone.offsets.set(quarter, offset);
  return offset;
}

/** Day of a date in the Gregorian calendar (Hinnant, days_from_civil). */
export function dayNumberOf(year: number, month: number, day: number): DayNumber {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** ISO 8601: 1 is Monday. */
export function weekdayOf(day: DayNumber): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** The date that the zone's calendars show at that instant; null for a zone that is not known. */
export function localDayAt(timeZone: string, atMs: TimestampMs): DayNumber | null {
  const zone = zoneOf(timeZone);
  return zone === null ? null : Math.floor((atMs + offsetAt(zone, atMs)) / DAY_MS);
}

/** Minutes after midnight that the zone's clocks show at that instant; null for a zone that is not known. */
export function minuteOfDayAt(timeZone: string, atMs: TimestampMs): number | null {
  const zone = zoneOf(timeZone);
  if (zone === null) return null;
  const wall = atMs + offsetAt(zone, atMs);
  return Math.floor((wall - Math.floor(wall / DAY_MS) * DAY_MS) / MINUTE_MS);
}

/**
 * The instant at which the zone's clocks show `minute` (after midnight) of that day. A time that daylight saving skips is the first minute
 * after the gap; one that comes twice is the first of the two. null for a zone that is not known.
 */
export function instantOf(timeZone: string, day: DayNumber, minute: number): TimestampMs | null {
  const zone = zoneOf(timeZone);
  if (zone === null) return null;
  const wall = day * DAY_MS + minute * MINUTE_MS;
  // No zone is further from UTC than 14 hours, and none changes twice in two days.
  const before = wall - offsetAt(zone, wall - DAY_MS);
  const after = wall - offsetAt(zone, wall + DAY_MS);
  const hits = [before, after].filter((atMs) => atMs + offsetAt(zone, atMs) === wall);
  if (hits.length > 0) return Math.min(...hits);
  return firstAfterGap(zone, Math.min(before, after), Math.max(before, after));
}

/** The instant between `low` and `high` at which the zone's offset changes. */
function firstAfterGap(zone: Zone, low: TimestampMs, high: TimestampMs): TimestampMs {
  const old = offsetAt(zone, low);
  let from = Math.floor(low / QUARTER_MS);
  let to = Math.ceil(high / QUARTER_MS);
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2);
    if (offsetAt(zone, middle * QUARTER_MS) === old) from = middle;
    else to = middle;
  }
  return to * QUARTER_MS;
}
