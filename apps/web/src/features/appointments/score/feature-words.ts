import type { NoShowFeature } from '@baton/clinical';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** What the no-show score looks at, in words. */
export const FEATURE_WORDS: Readonly<Record<NoShowFeature, MessageDescriptor>> = {
  'missed-share': msg`Share of earlier visits that were missed`,
  'missed-last': msg`Missed the last visit`,
  'confirmed-share': msg`Share of earlier visits that were confirmed`,
  'new-patient': msg`First visit here`,
  'lead-time': msg`Time from booking to visit`,
  moved: msg`Moved from another time`,
  monday: msg`On a Monday`,
  friday: msg`On a Friday`,
  weekend: msg`On a weekend`,
  'before-nine': msg`Before nine`,
  'after-four': msg`After four in the afternoon`,
};
