import { dateOf, dayNumber, type DosePlan, dosePlan, weekdayOf } from '@baton/clinical';
import type { Regimen } from '@baton/wire';

export interface PlanDay {
  readonly date: string;
  readonly plan: DosePlan;
}

/** Weeks from the one of the cycle's first day on, Monday first: two cycles, or as many as there are. */
export function planWeeks(regimen: Regimen, from: string, weeks: number): readonly (readonly PlanDay[])[] {
  const start = dayNumber(from) ?? 0;
  const monday = start - ((weekdayOf(from) ?? 1) - 1);
  return Array.from({ length: weeks }, (_, week) =>
    Array.from({ length: 7 }, (_, day) => {
      const date = dateOf(monday + week * 7 + day);
      return { date, plan: dosePlan(regimen, date) };
    }),
  );
}

/** Milligrams of a day; to be compared with the order. */
export function dailyMg(times: Regimen['times']): number {
  return times
    .flatMap(({ doses }) => doses)
    .reduce((sum, { strengthMg, tablets }) => sum + strengthMg * tablets, 0);
}

/** "3 × 500 mg + 1 × 150 mg", without sizes of which none is taken. */
export function dosesWords(doses: Regimen['times'][number]['doses']): string {
  return doses
    .filter(({ tablets }) => tablets > 0)
    .map(({ strengthMg, tablets }) => `${tablets} × ${strengthMg} mg`)
    .join(' + ');
}

/** "1-14, 22" as days of a cycle; null for anything else. */
export function readDays(text: string, cycleDays: number): readonly number[] | null {
  const days = new Set<number>();
  for (const part of text.split(/[,\s]+/).filter((piece) => piece !== '')) {
    const match = /^(\d{1,2})(?:[-–](\d{1,2}))?$/.exec(part);
    if (!match) return null;
    const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
    if (first < 1 || last < first || last > cycleDays) return null;
    for (let day = first; day <= last; day += 1) days.add(day);
  }
  return days.size === 0 ? null : [...days].sort((a, b) => a - b);
}

/** The other way round: "1-14, 22". */
export function daysWords(days: readonly number[]): string {
  const spans: [number, number][] = [];
  for (const day of [...days].sort((a, b) => a - b)) {
    const last = spans.at(-1);
    if (last && last[1] === day - 1) last[1] = day;
    else spans.push([day, day]);
  }
  return spans.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(', ');
}
