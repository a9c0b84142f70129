import { isSameService, wasAttended } from '@baton/clinical';
import type { TimestampMs } from '@baton/kernel';
import type { Appointment, AppointmentStatus, Recall } from '@baton/wire';
import type { PatientRow } from '../api/patients.ts';

const DAY_MS = 86_400_000;
const COMING: ReadonlySet<AppointmentStatus> = new Set(['proposed', 'pending', 'booked', 'waitlist']);

export interface OverduePatient {
  readonly ref: string;
  readonly name: string;
  readonly lastAt: TimestampMs | null;
}

/**
 * Patients whose last visit of a service is longer ago than the recall says, and who have none to come; longest ago first. Whoever never had
 * the service here is not overdue for it: a recall is no advertisement.
 */
export function overduePatients(input: {
  readonly recall: Pick<Recall, 'service' | 'overdueDays'>;
  readonly patients: readonly Pick<PatientRow, 'ref' | 'name' | 'deceased'>[];
  readonly appointments: readonly Appointment[];
  /** Of those who are not to be written to. */
  readonly isLeftAlone: (ref: string) => boolean;
  readonly nowMs: TimestampMs;
}): readonly OverduePatient[] {
  const { recall, patients, appointments, isLeftAlone, nowMs } = input;
  const lastAt = new Map<string, TimestampMs>();
  const coming = new Set<string>();
  for (const visit of appointments) {
    const { ref, service, status, start } = visit;
    if (ref === null || !isSameService(service, recall.service)) continue;
    if (COMING.has(status) && start > nowMs) coming.add(ref);
    if (wasAttended(visit, nowMs)) lastAt.set(ref, Math.max(start, lastAt.get(ref) ?? 0));
  }
  const overdueSince = nowMs - recall.overdueDays * DAY_MS;
  return patients
    .flatMap(({ ref, name, deceased }) => {
      const last = lastAt.get(ref);
      const isDue = last !== undefined && last < overdueSince && !coming.has(ref);
      return isDue && !deceased && !isLeftAlone(ref) ? [{ ref, name, lastAt: last }] : [];
    })
    .sort((a, b) => a.lastAt - b.lastAt || (a.ref < b.ref ? -1 : 1));
}
