import type { TimestampMs } from '@baton/kernel';
import type { PatientRecord, Reach, TextingSettings } from '@baton/wire';
import { ClientError } from '../failure.ts';
import { ageOn } from '../patients/patient-row.ts';
import { isDeceased } from './thread-view.ts';

/** Throws where nothing may be begun with a patient: deceased, or marked not to be contacted. What is there can still be read. */
export function requireContact(
  reach: Pick<Reach, 'deceased' | 'doNotContact'>,
  record: PatientRecord | null,
): void {
  if (reach.deceased || isDeceased(record))
    throw new ClientError('policy.forbidden', 'patient.deceased', {
      sentence:
        'This patient is recorded as deceased. Nothing is sent. If that is wrong, correct it in the patient panel.',
    });
  if (reach.doNotContact)
    throw new ClientError('policy.forbidden', 'patient.doNotContact', {
      sentence: 'This patient is marked "do not contact". Nothing is sent until that mark is taken away.',
    });
}

/** Throws where the practice's policy has no conversation of one's own for this patient. */
export function requireConfidential(
  reach: Pick<Reach, 'birthDate'>,
  { confidentialFromAge }: TextingSettings,
  nowMs: TimestampMs,
): void {
  const refuse = (sentence: string): ClientError =>
    new ClientError('policy.forbidden', 'patient.confidential', { sentence });
  if (confidentialFromAge === null)
    throw refuse('The practice has not decided from what age a patient has a private conversation.');
  const age = reach.birthDate === null ? null : ageOn(reach.birthDate, nowMs);
  if (age === null) throw refuse('A private conversation needs the patient’s date of birth.');
  if (age < confidentialFromAge)
    throw refuse(`A private conversation is possible from ${confidentialFromAge} years of age.`);
}
