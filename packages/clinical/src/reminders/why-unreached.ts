import type { ReminderReach } from './planned-step.ts';

/**
 * Why what the assistant says does not reach a patient. `nowhere`: no texts, and nobody opens the page. `notice-only`: texts say no more than that a
 * message waits, and nobody has ever opened the page.
 */
export type Unreached = 'deceased' | 'do-not-contact' | 'opted-out' | 'nowhere' | 'notice-only';

/** null: it reaches the patient. `saysShort`: a consent lets a text say when a visit is, although it may not carry the message. */
export function whyUnreached(
  { deceased, doNotContact, optedOut, channel, hasPage }: ReminderReach,
  saysShort: boolean,
): Unreached | null {
  if (deceased) return 'deceased';
  if (doNotContact) return 'do-not-contact';
  if (optedOut) return 'opted-out';
  if (hasPage || channel === 'plain') return null;
  if (channel === 'none') return 'nowhere';
  return saysShort ? null : 'notice-only';
}
