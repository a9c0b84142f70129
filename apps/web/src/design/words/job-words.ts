import type { Job } from '@baton/wire';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

export const JOB_NAMES: Readonly<Record<Job, MessageDescriptor>> = {
  physician: msg`Physician`,
  app: msg`Nurse practitioner or PA`,
  nurse: msg`Nurse`,
  'charge-nurse': msg`Charge nurse`,
  'medical-assistant': msg`Medical assistant`,
  therapist: msg`Therapist`,
  'case-manager': msg`Case manager`,
  'social-worker': msg`Social worker`,
  pharmacist: msg`Pharmacist`,
  transport: msg`Patient transport`,
  'front-desk': msg`Front desk`,
  'practice-manager': msg`Practice manager`,
  'compliance-officer': msg`Compliance officer`,
  'it-admin': msg`IT administrator`,
  patient: msg`Patient`,
  proxy: msg`Proxy`,
  'outside-clinician': msg`Outside clinician`,
  agent: msg`Assistant`,
};
