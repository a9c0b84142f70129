import type { I18n, MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** Why a text waits, was refused or did not arrive (`packages/policy/src/texting`). A code that is not listed is shown as it is. */
const WORDS: Readonly<Record<string, MessageDescriptor>> = {
  deceased: msg`the patient has died`,
  'do-not-contact': msg`the patient does not want to be contacted`,
  'opted-out': msg`opted out of texts`,
  'no-consent': msg`no recorded consent`,
  'no-texts': msg`no texts for this patient`,
  'time-zone': msg`the time zone is not known`,
  'quiet-hours': msg`quiet hours`,
  cap: msg`as many texts as are allowed have gone out`,
  'too-late': msg`too late to send`,
  'no-number': msg`no number for texts`,
  'not-set-up': msg`texting is not set up`,
};

export function codeWords(code: string, i18n: I18n): string {
  const words = WORDS[code];
  return words === undefined ? code : i18n._(words);
}
