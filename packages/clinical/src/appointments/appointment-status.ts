import type { TimestampMs } from '@baton/kernel';
import type { Appointment, AppointmentStatus } from '@baton/wire';

/** What ends a visit: no answer of a patient undoes it (docs/protocol/programmes.md §1). */
const ENDED: ReadonlySet<AppointmentStatus> = new Set([
  'cancelled',
  'noshow',
  'fulfilled',
  'entered-in-error',
]);
/** A time that somebody is expected at: what a patient is reminded of. `proposed` and `waitlist` are none yet; who has arrived needs no reminder. */
const EXPECTED: ReadonlySet<AppointmentStatus> = new Set(['pending', 'booked']);
/** The patient was there. */
const ATTENDED: ReadonlySet<AppointmentStatus> = new Set(['arrived', 'checked-in', 'fulfilled']);

export function isEndedStatus(status: AppointmentStatus): boolean {
  return ENDED.has(status);
}

/** Whether the patient is still expected at `nowMs`: not over, not cancelled, not given up by the patient. */
export function isExpected({ status, start, answer }: Appointment, nowMs: TimestampMs): boolean {
  return EXPECTED.has(status) && start > nowMs && answer.state !== 'declined';
}

/** Whether the patient came, as far as anybody said; a visit that passed and that nobody gave another status counts, for many schedules never say. */
export function wasAttended({ status, end, answer }: Appointment, nowMs: TimestampMs): boolean {
  if (ATTENDED.has(status)) return true;
  return EXPECTED.has(status) && end <= nowMs && answer.state !== 'declined';
}

/** Two services are the same by their code where both have one, else by their words. */
export function isSameService(
  a: { readonly code: string | null; readonly text: string },
  b: { readonly code: string | null; readonly text: string },
): boolean {
  if (a.code !== null && b.code !== null) return a.code === b.code;
  return a.text.trim().toLowerCase() === b.text.trim().toLowerCase();
}
