import type { PatientRecord } from '@baton/wire';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

export const GENDER_NAMES: Readonly<Record<NonNullable<PatientRecord['gender']>, MessageDescriptor>> = {
  male: msg`male`,
  female: msg`female`,
  other: msg`other gender`,
  unknown: msg`gender not known`,
};
