import type { Job } from '@baton/wire';

// Groups of jobs that the tables of this package speak of (docs/protocol/membership.md §2).

/** Cares for patients directly. */
export const CLINICAL_JOBS: readonly Job[] = [
  'physician',
  'app',
  'nurse',
  'charge-nurse',
  'medical-assistant',
  'therapist',
  'case-manager',
  'social-worker',
  'pharmacist',
];

/** Licensed to answer for what a patient is told: signs the content of protocols (docs/protocol/programmes.md §2). */
export const CLINICIAN_JOBS: readonly Job[] = ['physician', 'app', 'nurse', 'charge-nurse', 'pharmacist'];

/** Answers for a unit or a practice. */
export const CHARGE_JOBS: readonly Job[] = ['charge-nurse', 'practice-manager'];

/** Administers the organisation. */
export const ADMIN_JOBS: readonly Job[] = ['practice-manager', 'it-admin'];

/** Everybody whom the organisation employs. */
export const STAFF_JOBS: readonly Job[] = [
  ...CLINICAL_JOBS,
  'transport',
  'front-desk',
  'practice-manager',
  'compliance-officer',
  'it-admin',
];

export function hasJob(jobs: readonly Job[], group: readonly Job[]): boolean {
  return jobs.some((job) => group.includes(job));
}
