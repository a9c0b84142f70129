// Calendar dates without a clock or a time zone: `2026-11-24` as a count of days. Whoever asks has turned an instant into the patient's date.

const DAY_MS = 86_400_000;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Days since 1970-01-01; null where it is no date. */
export function dayNumber(date: string): number | null {
  const parts = DATE.exec(date);
  if (parts === null) return null;
  const ms = Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]));
  const back = new Date(ms);
  if (back.getUTCMonth() !== Number(parts[2]) - 1 || back.getUTCDate() !== Number(parts[3])) return null;
  return Math.round(ms / DAY_MS);
}

/** Days from one date to another; null where one of them is no date. */
export function daysBetween(from: string, to: string): number | null {
  const first = dayNumber(from);
  const last = dayNumber(to);
  return first === null || last === null ? null : last - first;
}

/** ISO 8601 day of the week, 1 being Monday; null where it is no date. */
export function weekdayOf(date: string): number | null {
  const day = dayNumber(date);
  if (day === null) return null;
  // 1970-01-01 was a Thursday.
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

export function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
