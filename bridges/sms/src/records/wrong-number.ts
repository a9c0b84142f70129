import { findRevocation } from '@baton/policy';
import type { Consent, OptOut } from '@baton/wire';

/** Whether the number was ever said to be somebody else's. */
export function isWrongNumber(optOut: OptOut): boolean {
  return optOut.notOf !== undefined || endedAsWrong(optOut);
}

/** Whether texts to it ended by that. */
export function endedAsWrong({ out, words }: OptOut): boolean {
  return out && findRevocation(words)?.wrongNumber === true;
}

/** A consent for this very number that was taken down afterwards says that it is the patient's after all. */
export function isVouchedFor({ number, at }: OptOut, consents: readonly Consent[]): boolean {
  return consents.some(({ phone, given, revoked }) => phone === number && revoked === null && given.at > at);
}
