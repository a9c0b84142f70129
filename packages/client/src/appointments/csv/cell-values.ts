import { type DayNumber, dayNumberOf, instantOf, type TimestampMs } from '@baton/kernel';

export const CSV_DATE_FORMATS = ['yyyy-MM-dd', 'MM/dd/yyyy', 'dd/MM/yyyy'] as const;
export type CsvDateFormat = (typeof CSV_DATE_FORMATS)[number];

export interface CsvDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const ORDERS: Readonly<Record<CsvDateFormat, readonly [keyof CsvDate, keyof CsvDate, keyof CsvDate]>> = {
  'yyyy-MM-dd': ['year', 'month', 'day'],
  'MM/dd/yyyy': ['month', 'day', 'year'],
  'dd/MM/yyyy': ['day', 'month', 'year'],
};

/** A date at the beginning of a cell, with what follows it; null where there is none, or none that exists. Years of two figures are this century's. */
export function readDate(
  cell: string,
  format: CsvDateFormat,
): { readonly date: CsvDate; readonly rest: string } | null {
  // A file of one form may still say some of its dates the ISO way.
  const iso = /^(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})(?!\d)/.exec(cell);
  const other = /^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?!\d)/.exec(cell);
  const [match, order] = iso ? [iso, ORDERS['yyyy-MM-dd']] : [other, ORDERS[format]];
  if (!match) return null;
  const found = { year: 0, month: 0, day: 0 };
  for (const [index, part] of order.entries()) found[part] = Number(match[index + 1]);
  if (found.year < 100) found.year += 2000;
  return isDate(found) ? { date: found, rest: cell.slice(match[0].length).replace(/^[T,\s]+/, '') } : null;
}

/** Minutes after midnight: "14:30", "14:30:00", "2:30 PM", "2pm", "1430"; null where it is no time. */
export function readClock(cell: string): number | null {
  const match = /^(\d{1,2})(?::?(\d{2}))?(?::\d{2}(?:\.\d+)?)?\s*([ap])?\.?(?:m\.?)?$/i.exec(cell.trim());
  if (!match) return null;
  const [, hourText, minuteText, half] = match;
  const hour = Number(hourText);
  const minute = Number(minuteText ?? 0);
  if (minuteText === undefined && half === undefined) return null;
  if (minute > 59) return null;
  if (half === undefined) return hour > 23 ? null : hour * 60 + minute;
  if (hour < 1 || hour > 12) return null;
  return ((hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0)) * 60 + minute;
}

/** A moment in one cell: with an offset of its own, or as clocks of the zone show it. */
export function readMoment(
  cell: string,
  { format, timeZone }: { readonly format: CsvDateFormat; readonly timeZone: string },
): TimestampMs | null {
  if (/T.*(?:Z|[+-]\d{2}:?\d{2})$/.test(cell)) {
    const at = Date.parse(cell.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
    return Number.isNaN(at) ? null : at;
  }
  const found = readDate(cell, format);
  const minute = found && readClock(found.rest);
  return found === null || minute === null ? null : instantOf(timeZone, dayOf(found.date), minute);
}

export function dayOf({ year, month, day }: CsvDate): DayNumber {
  return dayNumberOf(year, month, day);
}

/** ISO 8601. */
export function dateText({ year, month, day }: CsvDate): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function isDate({ year, month, day }: CsvDate): boolean {
  if (month < 1 || month > 12 || day < 1 || year < 1900 || year > 2200) return false;
  const next = month === 12 ? dayNumberOf(year + 1, 1, 1) : dayNumberOf(year, month + 1, 1);
  return day <= next - dayNumberOf(year, month, 1);
}
