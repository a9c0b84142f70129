import type { TimestampMs } from '@baton/kernel';

/** Where and in which language a time is read. Without a zone, the device's. */
export interface TimeFrame {
  readonly locale: string;
  readonly timeZone?: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(frame: TimeFrame, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${frame.locale}|${frame.timeZone ?? ''}|${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const zone = frame.timeZone === undefined ? {} : { timeZone: frame.timeZone };
  const made = new Intl.DateTimeFormat(frame.locale, { ...options, ...zone });
  formats.set(key, made);
  return made;
}

/** "14:02": wards read the 24-hour clock in every language. */
export function clockTime(at: TimestampMs, frame: TimeFrame): string {
  return format(frame, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}

/** Year, month and day in the frame's zone: equal for two times of one day. */
export function dayKey(at: TimestampMs, frame: TimeFrame): string {
  return format({ ...frame, locale: 'en-CA' }, { year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    at,
  );
}

/** Calendar days from `at` to `now`; 0 for today, 1 for yesterday, negative for the future. */
export function daysAgo(at: TimestampMs, now: TimestampMs, frame: TimeFrame): number {
  return (Date.parse(dayKey(now, frame)) - Date.parse(dayKey(at, frame))) / 86_400_000;
}

/** In a list: "14:02", "yesterday", "Mon", "12 May", "12 May 2024". */
export function listTime(at: TimestampMs, now: TimestampMs, frame: TimeFrame): string {
  const days = daysAgo(at, now, frame);
  if (days <= 0) return clockTime(at, frame);
  if (days === 1) return relativeDay(-1, frame);
  if (days < 7) return weekdayWord(at, frame);
  return shortDate(at, now, frame);
}

/** "Mon". */
export function weekdayWord(at: TimestampMs, frame: TimeFrame): string {
  return format(frame, { weekday: 'short' }).format(at);
}

/** "12 May", with the year when it is another one. */
export function shortDate(at: TimestampMs, now: TimestampMs, frame: TimeFrame): string {
  const sameYear = dayKey(at, frame).slice(0, 4) === dayKey(now, frame).slice(0, 4);
  return format(frame, {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(at);
}

/** Between days of a thread: "Today", "Yesterday", "Monday, May 12". */
export function dayTitle(at: TimestampMs, now: TimestampMs, frame: TimeFrame): string {
  const days = daysAgo(at, now, frame);
  if (days === 0 || days === 1) return capitalise(relativeDay(days === 0 ? 0 : -1, frame), frame.locale);
  const sameYear = dayKey(at, frame).slice(0, 4) === dayKey(now, frame).slice(0, 4);
  const text = format(frame, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(at);
  return capitalise(text, frame.locale);
}

/** On hover and for screen readers: everything. */
export function exactTime(at: TimestampMs, frame: TimeFrame): string {
  return format(frame, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(at);
}

/** "12 May 2026, 14:02" for tables. */
export function tableTime(at: TimestampMs, frame: TimeFrame): string {
  return format(frame, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);
}

/** An ISO date of any precision ("1971", "1971-03", "1971-03-09", a date-time) without shifting it through a time zone. */
export function isoDateWords(text: string, locale: string): string {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?/.exec(text);
  if (match === null) return text;
  const [, year, month, day] = match;
  if (month === undefined) return year ?? text;
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day ?? '1'));
  return format(
    { locale, timeZone: 'UTC' },
    { year: 'numeric', month: 'short', ...(day === undefined ? {} : { day: 'numeric' }) },
  ).format(at);
}

function relativeDay(days: 0 | -1, frame: TimeFrame): string {
  return new Intl.RelativeTimeFormat(frame.locale, { numeric: 'auto' }).format(days, 'day');
}

function capitalise(text: string, locale: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}
