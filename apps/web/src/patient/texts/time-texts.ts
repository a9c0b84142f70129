import type { TimestampMs } from '@baton/kernel';
import type { Opening } from '../thread/opening-hours.ts';
import type { Texts } from './texts.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, known);
  return known;
}

/** "2:05 PM", by this phone's clock. */
export function clockText(at: TimestampMs, { locale }: Texts): string {
  return format(locale, { hour: 'numeric', minute: '2-digit' }).format(at);
}

/** Equal for two times of one day. */
export function dayKey(at: TimestampMs): string {
  return format('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
}

/** Between the days of a thread: "Today", "Yesterday", "Friday, November 20". */
export function dayText(at: TimestampMs, nowMs: TimestampMs, { locale }: Texts): string {
  const days = (Date.parse(dayKey(nowMs)) - Date.parse(dayKey(at))) / 86_400_000;
  if (days === 0 || days === 1) {
    const word = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-days, 'day');
    return word.charAt(0).toLocaleUpperCase(locale) + word.slice(1);
  }
  const sameYear = dayKey(at).slice(0, 4) === dayKey(nowMs).slice(0, 4);
  const text = format(locale, {
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(at);
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}

/** "Tuesday, November 24", where the visit is; with the year where it is another. */
export function visitDayText(at: TimestampMs, timeZone: string, { locale }: Texts): string {
  const options = { weekday: 'long', month: 'long', day: 'numeric', ...zoned(timeZone) } as const;
  const text = format(locale, options).format(at);
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}

/** "2:30 – 3:00 PM", where the visit is. */
export function visitTimesText(
  visit: { readonly start: TimestampMs; readonly end: TimestampMs; readonly timeZone: string },
  { locale }: Texts,
): string {
  const options = { hour: 'numeric', minute: '2-digit', ...zoned(visit.timeZone) } as const;
  return format(locale, options).formatRange(visit.start, Math.max(visit.start, visit.end));
}

/** "(ET)", where this phone's clock says another time than the clock at the visit; else null. */
export function zoneText(at: TimestampMs, timeZone: string, { locale }: Texts): string | null {
  const time = { hour: 'numeric', minute: '2-digit', day: 'numeric' } as const;
  const there = format('en-US', { ...time, ...zoned(timeZone) }).format(at);
  if (there === format('en-US', time).format(at)) return null;
  const named = format(locale, { timeZoneName: 'shortGeneric', ...zoned(timeZone) }).formatToParts(at);
  const name = named.find(({ type }) => type === 'timeZoneName')?.value;
  return name === undefined ? null : `(${name})`;
}

/** A name that this phone does not know is no reason to show no visit. */
function zoned(timeZone: string): { readonly timeZone?: string } {
  try {
    format('en-US', { timeZone });
    return { timeZone };
  } catch {
    return {};
  }
}

/** Everything, for who asks and for screen readers. */
export function exactText(at: TimestampMs, { locale }: Texts): string {
  return format(locale, { dateStyle: 'full', timeStyle: 'short' }).format(at);
}

/** "November 20, 2026". */
export function dateText(at: TimestampMs, { locale }: Texts): string {
  return format(locale, { dateStyle: 'long' }).format(at);
}

/** "1:05", minutes and seconds. */
export function spanText(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}

/** "640 KB", "2.4 MB". */
export function sizeText(sizeBytes: number, { locale }: Texts): string {
  const [value, unit] = sizeBytes < 1e6 ? [sizeBytes / 1e3, 'kilobyte'] : [sizeBytes / 1e6, 'megabyte'];
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    maximumFractionDigits: unit === 'megabyte' && value < 10 ? 1 : 0,
  }).format(unit === 'kilobyte' ? Math.max(1, value) : value);
}

/** "Open now, until 5:00 PM", "Closed now. Opens Monday, 8:00 AM". */
export function openingText(opening: Opening, texts: Texts): string | null {
  const { t } = texts;
  if (opening === null) return null;
  if (opening.open) return t('open.until', { time: minutesText(opening.untilMinutes, texts) });
  const time = minutesText(opening.fromMinutes, texts);
  if (opening.inDays === 0) return t('open.today', { time });
  if (opening.inDays === 1) return t('open.tomorrow', { time });
  return t('open.day', { time, day: weekdayText(opening.day, texts) });
}

function minutesText(minutes: number, { locale }: Texts): string {
  return format(locale, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(minutes * 60_000);
}

function weekdayText(day: number, { locale }: Texts): string {
  // 1 January 2024 was a Monday.
  return format(locale, { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2024, 0, day));
}
