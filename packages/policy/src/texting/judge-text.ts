import type { AccountId, TimestampMs } from '@baton/kernel';
import type {
  Consent,
  ConsentPurpose,
  OptOut,
  Reach,
  TextingSettings,
  TextMode,
  TextOrder,
} from '@baton/wire';
import { type ContactCap, whenWithinCap } from './contact-cap.ts';
import { quietEnds, sendingHours } from './quiet-hours.ts';

/** Why a text does not go, or not now. Written into `delivery` marks and orders. */
export type TextCode =
  | 'deceased'
  | 'do-not-contact'
  | 'opted-out'
  | 'no-consent'
  /** The patient's `channel` is `none`. */
  | 'no-texts'
  | 'time-zone'
  | 'quiet-hours'
  | 'cap'
  /** `notAfter` comes before it could go. */
  | 'too-late';

export type TextVerdict =
  | { readonly verdict: 'send' }
  | { readonly verdict: 'wait'; readonly untilMs: TimestampMs; readonly code: 'quiet-hours' | 'cap' }
  | { readonly verdict: 'refuse'; readonly code: TextCode };

/** An automatic answer to a text that came from this very number: allowed in quiet hours and outside the cap for as long as a confirmation may take. */
export interface AnswerTo {
  readonly receivedAt: TimestampMs;
  /** The one confirmation of an opt-out; the only thing that goes to a number that is out. */
  readonly confirmsOptOut: boolean;
}
/** FCC 24-24: a confirmation within five minutes counts as part of the opt-out. */
export const ANSWER_WITHIN_MS = 5 * 60_000;

export interface TextQuestion {
  readonly nowMs: TimestampMs;
  readonly number: string;
  readonly purpose: TextOrder['purpose'];
  readonly mode: TextMode;
  /** null: a number that belongs to nobody; only answers go there. */
  readonly reach: Pick<Reach, 'deceased' | 'doNotContact' | 'channel' | 'timeZone'> | null;
  /** Of this patient. */
  readonly consents: readonly Consent[];
  readonly optOut: OptOut | null;
  readonly quiet: TextingSettings['quiet'];
  readonly cap: ContactCap;
  /** Times of texts to this patient, over all programmes. */
  readonly contacts: readonly TimestampMs[];
  /** Named clinician who lets it through quiet hours and cap. */
  readonly urgentBy: AccountId | null;
  readonly answerTo: AnswerTo | null;
  /** null: any time. */
  readonly notAfter: TimestampMs | null;
}

const SEND: TextVerdict = { verdict: 'send' };
const refuse = (code: TextCode): TextVerdict => ({ verdict: 'refuse', code });

/** Purposes of which one consent frees a text from the cap. */
const FREED_BY: Readonly<Record<TextOrder['purpose'], readonly ConsentPurpose[]>> = {
  invitation: ['texts'],
  notice: ['texts'],
  reminder: ['texts', 'reminders'],
  survey: ['check-ins', 'outreach'],
  staff: ['texts'],
};

/**
 * Whether one text may go at this moment (docs/protocol/patients.md §4). Asked again right before each sending: nothing that was allowed when it was
 * planned is allowed for that reason. The order of the questions is the order of what is said where several hold.
 */
export function judgeText(question: TextQuestion): TextVerdict {
  const { nowMs, reach, optOut, answerTo, urgentBy, notAfter } = question;
  if (notAfter !== null && nowMs > notAfter) return refuse('too-late');
  const isAnswer = answerTo !== null && withinAnswer(nowMs, answerTo.receivedAt);
  if (reach?.deceased) return refuse('deceased');
  if (reach?.doNotContact && !isAnswer) return refuse('do-not-contact');
  if (optOut?.out && !(isAnswer && answerTo.confirmsOptOut && withinAnswer(nowMs, optOut.at)))
    return refuse('opted-out');
  if (isAnswer) return SEND;
  // An answer that comes too late is no answer any more, and nobody consented to anything else.
  if (answerTo !== null) return refuse('too-late');
  if (reach === null) return refuse('no-consent');
  // `none` is about what is announced; an invitation is somebody's own act, to a number that they typed.
  if (reach.channel === 'none' && question.purpose !== 'invitation') return refuse('no-texts');
  const freed = isFreed(question);
  if (freed === null) return refuse('no-consent');
  if (urgentBy !== null) return SEND;
  return judgeTime(question, { timeZone: reach.timeZone, isCapped: !freed });
}

function judgeTime(
  { nowMs, quiet, cap, contacts, notAfter }: TextQuestion,
  { timeZone, isCapped }: { readonly timeZone: string; readonly isCapped: boolean },
): TextVerdict {
  const hours = sendingHours(quiet);
  const loudAt = quietEnds(timeZone, nowMs, hours);
  if (loudAt === null) return refuse('time-zone');
  const capAt = isCapped ? whenWithinCap(contacts, loudAt, cap) : loudAt;
  if (capAt === null) return refuse('cap');
  // Room in the cap may come in the night.
  const untilMs = quietEnds(timeZone, capAt, hours) ?? capAt;
  if (untilMs <= nowMs) return SEND;
  if (notAfter !== null && untilMs > notAfter) return refuse('too-late');
  return { verdict: 'wait', untilMs, code: loudAt > nowMs ? 'quiet-hours' : 'cap' };
}

/** true: consented to, no cap; false: allowed within the cap; null: needs a consent that is not there. */
function isFreed({ purpose, mode, consents, number }: TextQuestion): boolean | null {
  const has = (wanted: ConsentPurpose): boolean => findConsent(consents, wanted, number) !== null;
  if (mode === 'plain' && !has('plain-text')) return null;
  const freed = FREED_BY[purpose].some(has) || (mode === 'plain' && purpose !== 'survey');
  // The exempt purposes of 64.1200(a)(9)(iv) go without, capped; questions of a survey are none of them.
  return purpose === 'survey' && !freed ? null : freed;
}

function withinAnswer(nowMs: TimestampMs, sinceMs: TimestampMs): boolean {
  return nowMs - sinceMs <= ANSWER_WITHIN_MS;
}

/** The consent that holds now for this purpose and number. A `plain-text` one counts only with the version of the warning that was shown. */
export function findConsent(
  consents: readonly Consent[],
  purpose: ConsentPurpose,
  number: string | null,
): Consent | null {
  return (
    consents.find(
      (consent) =>
        consent.purpose === purpose &&
        consent.revoked === null &&
        (consent.phone === null || number === null || consent.phone === number) &&
        (purpose !== 'plain-text' || (consent.given.warning ?? '') !== ''),
    ) ?? null
  );
}

/** START counts only where texts to this number were consented to before, and that was not taken back by a person (or because the number changed hands). */
export function mayOptIn(consents: readonly Consent[], number: string): boolean {
  const purposes: readonly ConsentPurpose[] = ['texts', 'plain-text', 'reminders', 'check-ins', 'outreach'];
  return purposes.some((purpose) => findConsent(consents, purpose, number) !== null);
}
