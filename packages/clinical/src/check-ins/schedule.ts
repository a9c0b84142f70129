import type { Enrolment } from '@baton/wire';
import { daysBetween, weekdayOf } from './calendar-days.ts';
import { type DosePlan, planOf } from './dose-plan.ts';
import type { Protocol, Slot } from './protocol.ts';

export type Scheduled = Pick<
  Enrolment,
  'startsOn' | 'state' | 'resumesOn' | 'times' | 'regimen' | 'stale' | 'reason'
>;

/** A dialogue that begins on a date. */
export interface SlotOfDay {
  readonly slot: string;
  /** Minutes after midnight of the patient's clocks. */
  readonly minute: number;
  /** For `startRun`; null: the protocol has no regimen. */
  readonly plan: DosePlan | null;
}

/** What begins on a date, in the order of the day. Nothing before the first day, while paused or not active, and once the programme is over. */
export function slotsOn(protocol: Protocol, enrolment: Scheduled, date: string): readonly SlotOfDay[] {
  if (!isRunningOn(enrolment, date) || stopOn(protocol, enrolment, date) !== null) return [];
  const offset = daysBetween(enrolment.startsOn, date);
  if (offset === null || offset < 0) return [];
  const plan = protocol.regimen === 'required' ? (planOf(enrolment, date) ?? NO_PLAN) : null;
  if (plan?.t === 'over' || plan?.t === 'before') return [];
  return protocol.slots
    .filter((slot) => isOn(slot, { offset, date, plan }))
    .filter((slot) => startsSomething(slot, plan))
    .map((slot) => ({ slot: slot.id, minute: enrolment.times[slot.id] ?? slot.minute, plan }))
    .sort((left, right) => left.minute - right.minute);
}

const NO_PLAN: DosePlan = { t: 'stale', why: 'unusable' };

/** Why the programme is over on this date, with the text of `advice` that says so to the patient; null: it is not. */
export function stopOn(
  protocol: Protocol,
  enrolment: Pick<Enrolment, 'startsOn' | 'regimen'>,
  date: string,
): { readonly why: 'after-days' | 'cycles-done'; readonly say: string } | null {
  for (const stop of protocol.stops) {
    if (stop.t === 'after-days') {
      const offset = daysBetween(enrolment.startsOn, date);
      if (offset !== null && offset >= stop.days) return { why: stop.t, say: stop.say };
    } else if (enrolment.regimen !== null && isDone(enrolment.regimen, date))
      return { why: stop.t, say: stop.say };
  }
  return null;
}

function isDone(regimen: NonNullable<Enrolment['regimen']>, date: string): boolean {
  const since = daysBetween(regimen.cycleStart, date);
  return since !== null && regimen.cycles !== null && since >= regimen.cycles * regimen.cycleDays;
}

function isRunningOn({ state, resumesOn }: Scheduled, date: string): boolean {
  if (state === 'active' || state === 'held') return true;
  if (state !== 'paused' || resumesOn === null) return false;
  return (daysBetween(resumesOn, date) ?? -1) >= 0;
}

function isOn(
  { days }: Slot,
  { offset, date, plan }: { offset: number; date: string; plan: DosePlan | null },
): boolean {
  switch (days.t) {
    case 'every':
      if (offset < days.from || (days.until !== null && offset > days.until)) return false;
      return (offset - days.from) % days.step === 0;
    case 'offsets':
      return days.offsets.includes(offset);
    case 'weekdays':
      return days.days.includes(weekdayOf(date) ?? 0);
    case 'cycle-days':
      if (plan === null) return false;
      // Where the cycle cannot be told, the day is not left out: a stale or held plan has a beginning of its own.
      if (plan.t === 'stale' || plan.t === 'held') return true;
      return (plan.t === 'doses' || plan.t === 'off') && days.days.includes(plan.cycleDay);
  }
}

function startsSomething({ starts, doses }: Slot, plan: DosePlan | null): boolean {
  if ('usual' in starts) return true;
  if (plan === null) return false;
  if (plan.t === 'doses') {
    const isDue = doses === null || plan.times.some(({ id }) => id === doses);
    return isDue || isAny(starts.off);
  }
  if (plan.t === 'held') return isAny(starts.held);
  return isAny(plan.t === 'stale' ? starts.stale : starts.off);
}

function isAny({
  asks,
  advise,
  alert,
}: {
  asks: readonly string[];
  advise: readonly string[];
  alert: unknown;
}): boolean {
  return asks.length > 0 || advise.length > 0 || alert !== null;
}
