import { overdueSince } from '@baton/clinical';
import type { TimestampMs } from '@baton/kernel';
import type { Appointment, Recall } from '@baton/wire';
import type { PatientRow } from '../api/patients.ts';

export interface OverduePatient {
  readonly ref: string;
  readonly name: string;
  readonly lastAt: TimestampMs | null;
}

/** Patients whom a recall would reach now, longest ago first. */
export function overduePatients(input: {
  readonly recall: Pick<Recall, 'service' | 'overdueDays'>;
  readonly patients: readonly Pick<PatientRow, 'ref' | 'name' | 'deceased'>[];
  readonly visitsOf: (ref: string) => readonly Appointment[];
  /** Of those who are not to be written to. */
  readonly isLeftAlone: (ref: string) => boolean;
  readonly nowMs: TimestampMs;
}): readonly OverduePatient[] {
  const { recall, patients, visitsOf, isLeftAlone, nowMs } = input;
  return patients
    .flatMap(({ ref, name, deceased }) => {
      if (deceased || isLeftAlone(ref)) return [];
      const lastAt = overdueSince(recall, visitsOf(ref), nowMs);
      return lastAt === null ? [] : [{ ref, name, lastAt }];
    })
    .sort((a, b) => a.lastAt - b.lastAt || (a.ref < b.ref ? -1 : 1));
}
