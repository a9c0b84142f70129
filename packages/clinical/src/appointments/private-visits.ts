import type { TimestampMs } from '@baton/kernel';
import type { Appointment } from '@baton/wire';

/** From this age on nobody reads for a patient whom the patient has not let in (majority at 18 in all but three states of the US). */
const ADULT_AGE = 18;

interface PatientAge {
  /** ISO 8601, maybe a year or a month only; null: not known. */
  readonly birthDate: string | null;
  /** The practice's setting; null: it has not decided, nothing is private by age. */
  readonly confidentialFromAge: number | null;
  readonly nowMs: TimestampMs;
}

/**
 * Whether a patient is of the age at which care can be the patient's own business while others still read, and answer the phone, for them. Of a birth date
 * without a day it counts that they may be.
 */
function isAgeOfPrivacy({ birthDate, confidentialFromAge, nowMs }: PatientAge): boolean {
  const match = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(birthDate ?? '');
  if (!match || confidentialFromAge === null) return false;
  const [, year = '', month, day] = match;
  const oldest = ageAt(nowMs, [Number(year), Number(month ?? 1), Number(day ?? 1)]);
  const youngest = ageAt(nowMs, [Number(year), Number(month ?? 12), Number(day ?? 31)]);
  return oldest >= confidentialFromAge && youngest < ADULT_AGE;
}

/** Said only where the patient alone reads it: of that age, and nobody of the practice has said that the visit may be known. */
export function isPrivateVisit({ shareable }: Pick<Appointment, 'shareable'>, patient: PatientAge): boolean {
  return shareable !== true && isAgeOfPrivacy(patient);
}

/** Whole years, by UTC. */
function ageAt(nowMs: TimestampMs, [year, month, day]: readonly [number, number, number]): number {
  const now = new Date(nowMs);
  const monthNow = now.getUTCMonth() + 1;
  const isPassed = monthNow > month || (monthNow === month && now.getUTCDate() >= day);
  return now.getUTCFullYear() - year - (isPassed ? 0 : 1);
}
