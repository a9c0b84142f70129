import type { WhyUnreached } from '@baton/client';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** Why reminders do not reach a patient: for a line of a list, and with what to do about it. */
export const UNREACHED_WORDS: Readonly<
  Record<WhyUnreached, { readonly short: MessageDescriptor; readonly long: MessageDescriptor }>
> = {
  'notice-only': {
    short: msg`Only “a message waits”`,
    long: msg`Texts to this patient say only that a message waits, and nobody has opened the page yet. Record the consent “reminders” so that a text may say when the visit is, or help them to open the page.`,
  },
  'opted-out': {
    short: msg`Not reminded: wants no texts`,
    long: msg`This number wants no texts (STOP). Remind the patient another way.`,
  },
  nowhere: {
    short: msg`Not reminded: no way there`,
    long: msg`No texts go to this patient, and nobody has opened the page. Remind them another way, or add a mobile number.`,
  },
  'no-conversation': {
    short: msg`Not reminded: no conversation`,
    long: msg`There is no conversation with this patient yet. Nothing is sent by starting it.`,
  },
  private: {
    short: msg`Not reminded: private visit`,
    long: msg`At this age a visit is the patient’s own business, and there is no private conversation that they have opened. Nobody is reminded.`,
  },
  'do-not-contact': {
    short: msg`Not reminded: do not contact`,
    long: msg`This patient is marked “do not contact”. Nothing is sent.`,
  },
  deceased: {
    short: msg`Recorded as deceased`,
    long: msg`This patient is recorded as deceased. Nothing is sent.`,
  },
};
