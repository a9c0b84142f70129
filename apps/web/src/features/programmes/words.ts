import type { ProtocolFlaw } from '@baton/client';
import type { Enrolment, Language, ALERT_ACTS, CheckInAlert } from '@baton/wire';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

export const STATE_NAMES: Readonly<Record<Enrolment['state'], MessageDescriptor>> = {
  invited: msg`Invited`,
  active: msg`Active`,
  paused: msg`Paused`,
  held: msg`On hold`,
  ended: msg({ message: 'Ended', context: 'enrolment' }),
};

export const KIND_NAMES: Readonly<Record<CheckInAlert['kind'], MessageDescriptor>> = {
  symptom: msg`Symptom`,
  dose: msg`Dose`,
  fever: msg`Fever`,
  reading: msg`Reading`,
  'red-flag': msg`Red flag words`,
  unclear: msg`Not understood`,
  silence: msg`Silence`,
  'stale-plan': msg`Plan to confirm`,
  asked: msg`Asked for a person`,
};

export const ACT_NAMES: Readonly<Record<(typeof ALERT_ACTS)[number], MessageDescriptor>> = {
  call: msg({ message: 'Call', context: 'act' }),
  video: msg`Video`,
  visit: msg`Visit`,
  message: msg({ message: 'Message', context: 'act' }),
  none: msg`Nothing needed`,
};

export const BAND_NAMES = {
  green: msg`Green`,
  amber: msg`Amber`,
  red: msg`Red`,
} as const;

export const OUTCOME_NAMES = {
  open: msg({ message: 'Open', context: 'check-in' }),
  advised: msg`Advice`,
  alerted: msg`Alert`,
  silent: msg`No answer`,
  ended: msg({ message: 'Done', context: 'check-in' }),
  held: msg`On hold`,
} as const;

export const LANGUAGE_NAMES: Readonly<Record<Language, MessageDescriptor>> = {
  en: msg`English`,
  es: msg`Spanish`,
};

export const TIME_NAMES = {
  morning: msg`Morning`,
  noon: msg`Noon`,
  evening: msg`Evening`,
  night: msg`Night`,
} as const;

/** Why a version may not run, for people. */
export const FLAW_SENTENCES: Readonly<Record<ProtocolFlaw, MessageDescriptor>> = {
  document: msg`The document is not the one that its fingerprint names. Do not sign it: save it as a new version.`,
  'author-missing': msg`The author has not signed.`,
  'clinician-missing': msg`No clinician has signed.`,
  'author-refused': msg`The author’s signature does not count.`,
  'clinician-refused': msg`The clinician’s signature does not count.`,
  'same-person': msg`One person signed as both. It takes two.`,
};

/** What rules understand beside the choices of a question. */
export const CODE_NAMES = {
  taken: msg({ message: 'taken', context: 'answer' }),
  'not-yet': msg`not yet`,
  partial: msg`some of it`,
  missed: msg`missed`,
  cannot: msg`cannot`,
  vomited: msg`threw up after it`,
  extra: msg`more than planned`,
  better: msg`better`,
  same: msg({ message: 'the same', context: 'answer' }),
  worse: msg`worse`,
  good: msg({ message: 'good', context: 'answer' }),
  okay: msg`okay`,
  bad: msg`bad`,
  yes: msg`yes`,
  no: msg`no`,
  'not-measured': msg`not measured`,
  urgent: msg`urgent`,
  'can-wait': msg`can wait`,
  sent: msg({ message: 'sent', context: 'answer' }),
  later: msg({ message: 'later', context: 'answer' }),
  none: msg`nothing to say`,
  said: msg`wrote something`,
} as const;
export type KnownCode = keyof typeof CODE_NAMES;
