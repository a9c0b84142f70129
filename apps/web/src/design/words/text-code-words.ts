import type { I18n, MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/**
 * Why a text or an e-mail waits, was refused or did not arrive: by the rules (`packages/policy/src/texting`), by the texting assistant or by a
 * carrier (`bridges/sms`). A test finds every code of theirs here; one that is not listed is shown as it is.
 */
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
  'too-many': msg`too many texts wait for this patient`,
  'not-set-up': msg`texting is not set up`,
  'no-mail': msg`e-mail is not set up`,
  confidential: msg`nothing is texted from a private conversation`,
  'text.changed': msg`the message became shorter before this part went`,
  'mail.no-link': msg`an e-mail carries an invitation's link and nothing else`,
  'mail.failed': msg`the e-mail could not be delivered`,
  'carrier.opted-out': msg`the phone company has a STOP from this number`,
  'carrier.bad-number': msg`the number is not right`,
  'carrier.unreachable': msg`the phone cannot be reached: a landline, or switched off`,
  'carrier.blocked': msg`the phone company blocked it`,
  'carrier.settings': msg`the account with the phone company is not right: tell your administrator`,
  'carrier.busy': msg`the phone company was busy`,
  'carrier.failed': msg`the phone company could not deliver it`,
};

export function codeWords(code: string, i18n: I18n): string {
  const words = WORDS[code];
  return words === undefined ? code : i18n._(words);
}
