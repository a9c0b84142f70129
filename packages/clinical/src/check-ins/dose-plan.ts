import type { Enrolment, Regimen } from '@baton/wire';
import { daysBetween } from './calendar-days.ts';

type Times = Regimen['times'];

/** What the regimen says of one date. Only `doses` may be worded to a patient. */
export type DosePlan =
  | { readonly t: 'doses'; readonly cycle: number; readonly cycleDay: number; readonly times: Times }
  /** A day of the cycle without tablets. */
  | { readonly t: 'off'; readonly cycle: number; readonly cycleDay: number }
  | { readonly t: 'held'; readonly reason: string }
  /** Nobody stands for the plan: no dose is named, and somebody has to look. */
  | { readonly t: 'stale'; readonly why: StaleWhy }
  /** Before the first day. */
  | { readonly t: 'before' }
  /** All cycles are done. */
  | { readonly t: 'over' };

/** `review-due`: past the day by which somebody looks again. `order-changed`: nobody has looked at the new order. `unusable`: the plan contradicts itself. */
export type StaleWhy = 'review-due' | 'order-changed' | 'unusable';

/**
 * What is to be taken on a date of the patient's calendar. What cannot be relied on comes first: a contradictory plan and one past its review are stale
 * whatever day of the cycle it is; a hold counts before the cycle does.
 */
export function dosePlan(regimen: Regimen, date: string): DosePlan {
  const since = daysBetween(regimen.cycleStart, date);
  const review = daysBetween(date, regimen.reviewBy);
  if (since === null || review === null || !isUsable(regimen)) return { t: 'stale', why: 'unusable' };
  const cycle = Math.floor(since / regimen.cycleDays) + 1;
  if (regimen.cycles !== null && cycle > regimen.cycles) return { t: 'over' };
  if (review < 0) return { t: 'stale', why: 'review-due' };
  const hold = regimen.holds.find(({ from, until }) => isWithin(date, from, until));
  if (hold !== undefined) return { t: 'held', reason: hold.reason };
  if (since < 0) return { t: 'before' };
  const cycleDay = (since % regimen.cycleDays) + 1;
  if (!regimen.onDays.includes(cycleDay)) return { t: 'off', cycle, cycleDay };
  return { t: 'doses', cycle, cycleDay, times: regimen.times };
}

/** The same for an enrolment: an order that changed is stale, a held enrolment is on hold; null: its protocol has no regimen. */
export function planOf(
  enrolment: Pick<Enrolment, 'regimen' | 'stale' | 'state' | 'reason'>,
  date: string,
): DosePlan | null {
  if (enrolment.regimen === null) return null;
  if (enrolment.stale !== null) return { t: 'stale', why: 'order-changed' };
  const plan = dosePlan(enrolment.regimen, date);
  if (enrolment.state === 'held' && plan.t !== 'stale' && plan.t !== 'over')
    return { t: 'held', reason: enrolment.reason ?? '' };
  return plan;
}

function isUsable(regimen: Regimen): boolean {
  const times = new Set(regimen.times.map(({ id }) => id));
  if (times.size !== regimen.times.length) return false;
  if (regimen.onDays.length === 0 || regimen.onDays.some((day) => day > regimen.cycleDays)) return false;
  // A time with tablets of the same size on two lines, or with none at all, was not meant.
  return regimen.times.every(({ doses }) => {
    const sizes = new Set(doses.map(({ strengthMg }) => strengthMg));
    return sizes.size === doses.length && doses.some(({ tablets }) => tablets > 0);
  });
}

function isWithin(date: string, from: string, until: string | null): boolean {
  const start = daysBetween(from, date);
  if (start === null || start < 0) return false;
  if (until === null) return true;
  const end = daysBetween(date, until);
  return end !== null && end >= 0;
}
