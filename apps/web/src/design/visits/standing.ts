import type { Visit } from '@baton/client';
import type { TimestampMs } from '@baton/kernel';
import type { Appointment } from '@baton/wire';

/** What a line of the list says first: where the visit ended, or what the patient answered. */
export type Standing =
  | 'confirmed'
  | 'unconfirmed'
  | 'other-time'
  | 'here'
  | 'done'
  | 'cancelled'
  | 'cancelled-by-patient'
  | 'missed'
  | 'proposed'
  /** Over, and nobody said whether the patient came. */
  | 'unclosed';

export function standingOf(
  { status, answer, end }: Pick<Appointment, 'status' | 'answer' | 'end'>,
  now: TimestampMs,
): Standing {
  switch (status) {
    case 'cancelled':
    case 'entered-in-error':
      return answer.state === 'declined' ? 'cancelled-by-patient' : 'cancelled';
    case 'noshow':
      return 'missed';
    case 'fulfilled':
      return 'done';
    case 'arrived':
    case 'checked-in':
      return 'here';
    case 'proposed':
    case 'pending':
    case 'waitlist':
      return 'proposed';
    case 'booked':
      if (answer.state !== 'declined' && end <= now) return 'unclosed';
      if (answer.state === 'confirmed') return 'confirmed';
      if (answer.state === 'reschedule') return 'other-time';
      return answer.state === 'declined' ? 'cancelled-by-patient' : 'unconfirmed';
  }
}

/** Nobody has told the record system yet, or it said no: a person has to do it. */
export function needsHand({ writeBack }: Pick<Visit, 'writeBack'>): boolean {
  return writeBack?.state === 'refused' || writeBack?.state === 'no-adapter';
}
