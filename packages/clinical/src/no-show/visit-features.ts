import { DAY_MS, localDayAt, minuteOfDayAt, weekdayOf } from '@baton/kernel';
import type { Appointment } from '@baton/wire';
import type { NoShowSettings } from './no-show-settings.ts';

/** What a score looks at, by name: all of it known days before the visit. No age, sex, address, language or reason for the visit is among them. */
export const NO_SHOW_FEATURES = [
  'missed-share',
  'missed-last',
  'confirmed-share',
  'new-patient',
  'lead-time',
  'moved',
  'monday',
  'friday',
  'weekend',
  'before-nine',
  'after-four',
] as const;
export type NoShowFeature = (typeof NO_SHOW_FEATURES)[number];
export type VisitFeatures = Readonly<Record<NoShowFeature, number>>;

/** How visits ended; null: not known, cancelled, or yet to come. */
export function endOf({ status }: Pick<Appointment, 'status'>): 'attended' | 'missed' | null {
  switch (status) {
    case 'noshow':
      return 'missed';
    case 'arrived':
    case 'checked-in':
    case 'fulfilled':
      return 'attended';
    case 'proposed':
    case 'pending':
    case 'booked':
    case 'cancelled':
    case 'entered-in-error':
    case 'waitlist':
      return null;
  }
}

/** What is known of a patient before a visit. */
export interface PatientPast {
  readonly visits: number;
  readonly missed: number;
  readonly confirmed: number;
  readonly missedLast: boolean;
}

/** The past of patients, each visit by what was over `knownDaysBefore` days earlier. Looking one up takes time logarithmic in the patient's visits. */
export class VisitHistory {
  readonly #byPatient = new Map<string, { readonly start: number; readonly past: PatientPast }[]>();
  readonly #knownMs: number;

  constructor(visits: readonly Appointment[], settings: NoShowSettings) {
    this.#knownMs = settings.knownDaysBefore * DAY_MS;
    const ended = visits.filter((visit) => visit.ref !== null && endOf(visit) !== null);
    for (const visit of [...ended].sort((left, right) => left.start - right.start)) {
      const list = this.#byPatient.get(visit.ref ?? '') ?? [];
      const last = list.at(-1)?.past ?? NO_PAST;
      const isMissed = endOf(visit) === 'missed';
      const past: PatientPast = {
        visits: last.visits + 1,
        missed: last.missed + (isMissed ? 1 : 0),
        confirmed: last.confirmed + (visit.answer.state === 'confirmed' ? 1 : 0),
        missedLast: isMissed,
      };
      list.push({ start: visit.start, past });
      this.#byPatient.set(visit.ref ?? '', list);
    }
  }

  before(visit: Pick<Appointment, 'ref' | 'start'>): PatientPast {
    const list = this.#byPatient.get(visit.ref ?? '') ?? [];
    let from = 0;
    let until = list.length;
    while (from < until) {
      const middle = (from + until) >> 1;
      if ((list[middle]?.start ?? 0) < visit.start - this.#knownMs) from = middle + 1;
      else until = middle;
    }
    return list[from - 1]?.past ?? NO_PAST;
  }
}

const NO_PAST: PatientPast = { visits: 0, missed: 0, confirmed: 0, missedLast: false };
const NINE = 9 * 60;
const FOUR_PM = 16 * 60;

/** What the practice has on the whole: where a patient's own past is short, they are taken to be like everybody. */
export interface PracticeRates {
  readonly missed: number;
  readonly confirmed: number;
}

/** `lead-time`: natural logarithm of one and the days from booking to visit; shares after shrinking; the others 0 or 1. */
export function visitFeatures(
  visit: Pick<Appointment, 'start' | 'createdAt' | 'timeZone' | 'replaces'>,
  of: { readonly past: PatientPast; readonly rates: PracticeRates; readonly settings: NoShowSettings },
): VisitFeatures {
  const { past, rates, settings } = of;
  const day = localDayAt(visit.timeZone, visit.start) ?? localDayAt('UTC', visit.start) ?? 0;
  const minute = minuteOfDayAt(visit.timeZone, visit.start) ?? minuteOfDayAt('UTC', visit.start) ?? 0;
  const weekday = weekdayOf(day);
  const leadDays = Math.max(0, visit.start - visit.createdAt) / DAY_MS;
  const shrink = (count: number, rate: number): number =>
    (count + settings.shrinkVisits * rate) / (past.visits + settings.shrinkVisits);
  const is = (holds: boolean): number => (holds ? 1 : 0);
  return {
    'missed-share': shrink(past.missed, rates.missed),
    'missed-last': is(past.missedLast),
    'confirmed-share': shrink(past.confirmed, rates.confirmed),
    'new-patient': is(past.visits === 0),
    'lead-time': Math.log(1 + leadDays),
    moved: is(visit.replaces !== null),
    monday: is(weekday === 1),
    friday: is(weekday === 5),
    weekend: is(weekday > 5),
    'before-nine': is(minute < NINE),
    'after-four': is(minute >= FOUR_PM),
  };
}
