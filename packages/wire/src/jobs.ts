/** What a person does here, as the enrolment key signed it; permissions follow from it (policy/permissions). */
export const JOBS = [
  'physician',
  'app',
  'nurse',
  'charge-nurse',
  'medical-assistant',
  'therapist',
  'case-manager',
  'social-worker',
  'pharmacist',
  'transport',
  'front-desk',
  'practice-manager',
  'compliance-officer',
  'it-admin',
  'patient',
  'proxy',
  'outside-clinician',
  'agent',
] as const;
export type Job = (typeof JOBS)[number];

/**
 * Who may invite patients and proxies. The key log itself asks this of the author of a `patient-invitation`, and so does the permission
 * `people.invite.patient` (policy/permissions).
 */
export const INVITES_PATIENTS = [
  'physician',
  'app',
  'nurse',
  'charge-nurse',
  'medical-assistant',
  'therapist',
  'case-manager',
  'social-worker',
  'pharmacist',
  'front-desk',
  'practice-manager',
] as const satisfies readonly Job[];
