import { dayNumberOf, instantOf, type TimestampMs } from '@baton/kernel';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
/** HL7 v2.5.1 DTM: YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]. */
const SHAPE =
  /^(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:\.(\d{1,4}))?)?)?)?)?)?([+-]\d{4})?$/;

export interface ReadTime {
  readonly at: TimestampMs;
  /** It says the hour at least. */
  readonly hasHour: boolean;
}

/** An instant; without an offset as the clocks of `timeZone` show it. null where it is none. */
export function readTime(text: string, timeZone: string): ReadTime | null {
  const match = SHAPE.exec(text.trim());
  if (match === null) return null;
  const [, year = '', month, day, hour, minute, second, fraction, offset] = match;
  const [y, mo, d] = [Number(year), Number(month ?? 1), Number(day ?? 1)];
  const [h, mi, s] = [Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0)];
  if (y < 1900 || mo < 1 || mo > 12 || d < 1 || d > lastDayOf(y, mo) || h > 23 || mi > 59 || s > 60)
    return null;
  const dayNumber = dayNumberOf(y, mo, d);
  const minuteOfDay = h * 60 + mi;
  const ms = s * 1000 + Math.floor(Number(`0.${fraction ?? 0}`) * 1000);
  const start =
    offset === undefined
      ? instantOf(timeZone, dayNumber, minuteOfDay)
      : (dayNumber * DAY_MINUTES + minuteOfDay - minutesOf(offset)) * MINUTE_MS;
  return start === null ? null : { at: start + ms, hasHour: hour !== undefined };
}

/** ISO 8601 date as far as it is said: `1958`, `1958-03`, `1958-03-14`; null where it is none. */
export function readDate(text: string): string | null {
  const match = /^(\d{4})(?:(\d{2})(\d{2})?)?/.exec(text.trim());
  if (match === null) return null;
  return [match[1], match[2], match[3]].filter((part) => part !== undefined).join('-');
}

function minutesOf(offset: string): number {
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3, 5));
  return offset.startsWith('-') ? -minutes : minutes;
}

function lastDayOf(year: number, month: number): number {
  return (
    dayNumberOf(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1, 1) - dayNumberOf(year, month, 1)
  );
}
