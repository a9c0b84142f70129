import { isEndedStatus } from '@baton/clinical';
import type { AccountId, TimestampMs } from '@baton/kernel';
import type { Appointment, AppointmentStatus } from '@baton/wire';
import type { Appointments } from '../api/appointments.ts';
import { ClientError } from '../failure.ts';

export type AppointmentChange = Parameters<Appointments['change']>[1];

const NO_ANSWER: Appointment['answer'] = { state: 'none', at: null, by: null };
/** Those whose time is another patient's to have. */
const GIVEN_UP: ReadonlySet<AppointmentStatus> = new Set(['cancelled', 'entered-in-error']);

export function isGivenUp(status: AppointmentStatus): boolean {
  return GIVEN_UP.has(status);
}

/**
 * The visit after a person's change. Another start is another time than the patient answered to and than the slot was for: both are over. null where
 * nothing changes. Throws `request.invalid` for an end that is not after the start.
 */
export function changeAppointment(
  before: Appointment,
  { answer, ...change }: AppointmentChange & Partial<Pick<Appointment, 'timeZone'>>,
  by: { readonly me: AccountId; readonly nowMs: TimestampMs },
): Appointment | null {
  const next: Appointment = { ...before, ...change };
  if (next.end <= next.start) throw new ClientError('request.invalid', 'appointment.end');
  const isMoved = next.start !== before.start;
  // Given up with its time, unless another slot comes with the new one.
  if (isMoved && next.slot === before.slot) next.slot = null;
  if (isMoved && answer === undefined) next.answer = NO_ANSWER;
  if (answer !== undefined && answer !== before.answer.state)
    next.answer = answer === 'none' ? NO_ANSWER : { state: answer, at: by.nowMs, by: by.me };
  // Whoever cannot come has no visit any more, whoever wrote it down.
  if (answer === 'declined' && change.status === undefined && !isEndedStatus(next.status))
    next.status = 'cancelled';
  const isSame = JSON.stringify(next) === JSON.stringify(before);
  return isSame ? null : { ...next, updatedAt: by.nowMs };
}
