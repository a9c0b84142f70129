import { DAY_MS, dayNumberOf, instantOf, type TimestampMs } from '@baton/kernel';
import type { Appointment } from '@baton/wire';
import { sigmoid } from '../no-show/logistic-regression.ts';

/** What makes a visit of the made practice be missed, on the scale of log odds. */
export interface MadeTruth {
  readonly base: number;
  /** Of each patient: standard deviation of what is theirs alone. */
  readonly patientSpread: number;
  readonly perLogLeadDay: number;
  readonly monday: number;
  readonly newPatient: number;
  /** What an extra reminder does. */
  readonly extraReminder: number;
}

export const MADE_TRUTH: MadeTruth = {
  base: -2.6,
  patientSpread: 1,
  perLogLeadDay: 0.3,
  monday: 0.3,
  newPatient: 0.4,
  extraReminder: -0.6,
};

export interface MadePractice {
  readonly visits: readonly Appointment[];
  /** True chance of each visit to be missed, by id, without an extra reminder. */
  readonly chances: ReadonlyMap<string, number>;
  /** Whether a visit would be missed after an extra reminder, by id: the same die as without. */
  readonly missedWithExtra: ReadonlySet<string>;
}

const TIME_ZONE = 'America/Chicago';

/**
 * A practice that never was, for tests and figures: visits on weekdays from `startMs` on, each missed by a chance that is known. The same seed gives the same one.
 */
export function makePractice(input: {
  readonly patients: number;
  readonly visits: number;
  readonly seed: number;
  readonly truth?: MadeTruth;
}): MadePractice {
  const { truth = MADE_TRUTH } = input;
  const draw = drawer(input.seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
  const own = Array.from({ length: input.patients }, () => truth.patientSpread * normal());
  const seen = new Set<number>();
  const first = dayNumberOf(2025, 1, 6);
  const perDay = 40;
  const chances = new Map<string, number>();
  const missedWithExtra = new Set<string>();
  const visits = Array.from({ length: input.visits }, (_, at): Appointment => {
    const patient = Math.floor(draw() * input.patients);
    const weekday = Math.floor(at / perDay);
    const day = first + 7 * Math.floor(weekday / 5) + (weekday % 5);
    const start = instantOf(TIME_ZONE, day, 8 * 60 + 15 * (at % perDay)) ?? 0;
    const leadDays = Math.floor(draw() ** 2 * 60);
    const linear =
      truth.base +
      (own[patient] ?? 0) +
      truth.perLogLeadDay * Math.log(1 + leadDays) +
      (weekday % 5 === 0 ? truth.monday : 0) +
      (seen.has(patient) ? 0 : truth.newPatient);
    seen.add(patient);
    const die = draw();
    const id = `made/${at}`;
    chances.set(id, sigmoid(linear));
    if (die < sigmoid(linear + truth.extraReminder)) missedWithExtra.add(id);
    return visitOf({
      id,
      patient,
      start,
      createdAt: start - leadDays * DAY_MS,
      isMissed: die < sigmoid(linear),
      isConfirmed: draw() < 0.5,
    });
  });
  return { visits, chances, missedWithExtra };
}

function visitOf(made: {
  readonly id: string;
  readonly patient: number;
  readonly start: TimestampMs;
  readonly createdAt: TimestampMs;
  readonly isMissed: boolean;
  readonly isConfirmed: boolean;
}): Appointment {
  const { id, patient, start, createdAt, isMissed, isConfirmed } = made;
  return {
    t: 'appointment',
    id,
    ref: `Patient/${patient}`,
    status: isMissed ? 'noshow' : 'fulfilled',
    start,
    end: start + 900_000,
    timeZone: TIME_ZONE,
    service: { code: null, text: 'Visit' },
    practitioner: null,
    location: null,
    reason: null,
    preparation: null,
    answer: { state: isConfirmed ? 'confirmed' : 'none', at: null, by: null },
    slot: null,
    replaces: null,
    source: { kind: 'csv', system: null, version: 0, message: null },
    createdAt,
    updatedAt: createdAt,
  };
}

/** Mulberry32: 0 <= x < 1. */
function drawer(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
