import { clockText } from '../fields/clock-text.ts';

const DAY = 1440;
/** A Monday. */
const MONDAY_MS = Date.UTC(2024, 0, 1);

/** Names of the days, Monday first. */
export function weekdayNames(locale: string, length: 'long' | 'short'): readonly string[] {
  const format = new Intl.DateTimeFormat(locale, { weekday: length, timeZone: 'UTC' });
  return Array.from({ length: 7 }, (_, index) => {
    const name = format.format(MONDAY_MS + index * 86_400_000);
    return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
  });
}

/** "Mon 07:00–19:00", "Sat 19:00 – Mon 07:00". Minutes after Monday 00:00. */
export function stretchWords(
  { from, to }: { readonly from: number; readonly to: number },
  locale: string,
): string {
  const names = weekdayNames(locale, 'short');
  const day = (minute: number): string => names[Math.floor(minute / DAY) % 7] ?? '';
  const begins = `${day(from)} ${clockText(from % DAY)}`;
  if (Math.floor(from / DAY) === Math.floor(to / DAY)) return `${begins}–${clockText(to % DAY)}`;
  // Midnight reads better as the end of its day than as the beginning of the next.
  if (to % DAY === 0) {
    const last = day(to - 1);
    return day(from) === last && to - from <= DAY ? `${begins}–24:00` : `${begins} – ${last} 24:00`;
  }
  return `${begins} – ${day(to)} ${clockText(to % DAY)}`;
}
