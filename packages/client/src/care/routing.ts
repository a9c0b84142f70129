import type { OwnerId } from '@baton/kernel';
import type { PatientRecord, TextingSettings } from '@baton/wire';

export interface RoutedFrom {
  readonly topic: string | null;
  readonly location: string | null;
  /** References of the patient's practitioners. */
  readonly practitioners: readonly string[];
}

/** Who owes the answer: the first rule whose every given part fits, else the practice's default owner. Never nobody. Pure. */
export function routeOf(settings: TextingSettings, from: RoutedFrom): OwnerId {
  const fitting = settings.routes.find(
    ({ topic, location, practitioner }) =>
      (topic === null || topic === from.topic) &&
      (location === null || location === from.location) &&
      (practitioner === null || from.practitioners.includes(practitioner)),
  );
  return fitting?.to ?? settings.askTo;
}

/** What of a patient decides where their messages go. */
export function routedFrom(record: PatientRecord | null, topic: string | null): RoutedFrom {
  return { topic, location: null, practitioners: (record?.practitioners ?? []).map(({ ref }) => ref) };
}
