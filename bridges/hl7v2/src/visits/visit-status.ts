import type { AppointmentStatus } from '@baton/wire';

/** SCH-25 (HL7 table 0278, and what senders write in its place), letters only. */
const BY_WORD: Readonly<Record<string, AppointmentStatus>> = {
  pending: 'pending',
  waitlist: 'waitlist',
  booked: 'booked',
  overbook: 'booked',
  scheduled: 'booked',
  confirmed: 'booked',
  rescheduled: 'booked',
  started: 'arrived',
  arrived: 'arrived',
  checkedin: 'checked-in',
  complete: 'fulfilled',
  completed: 'fulfilled',
  cancelled: 'cancelled',
  canceled: 'cancelled',
  dc: 'cancelled',
  discontinued: 'cancelled',
  deleted: 'entered-in-error',
  noshow: 'noshow',
};

/** What the event alone decides, whatever SCH-25 says: senders leave it at "Booked". */
const BY_EVENT: Readonly<Record<string, AppointmentStatus>> = {
  S15: 'cancelled',
  S16: 'cancelled',
  S17: 'entered-in-error',
  S26: 'noshow',
};

/** New, moved, changed, and changes of a service or resource of it. */
const CHANGES = new Set(['S12', 'S13', 'S14', 'S18', 'S19', 'S20', 'S21', 'S22']);

/** Times that nobody can be booked at, and their end: no patient is in them. */
export const WITHOUT_PATIENT: ReadonlySet<string> = new Set(['S23', 'S24']);

/** FHIR status of a visit after this event (standards: SIU to Appointment); null for an event that is none of a visit. */
export function statusOf(event: string, word: string): AppointmentStatus | null {
  const decided = BY_EVENT[event];
  if (decided !== undefined) return decided;
  if (!CHANGES.has(event)) return null;
  return BY_WORD[word.toLowerCase().replace(/[^a-z]/g, '')] ?? 'booked';
}
