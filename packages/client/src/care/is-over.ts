import type { EventId, TimestampMs } from '@baton/kernel';
import type { Consent, Reach } from '@baton/wire';

/**
 * Whether somebody's right to read and write for a patient is over: ended by hand, its time has come, or the consent that it rests on was revoked.
 * A consent that is not here yet says nothing. Pure.
 */
export function isOver(
  person: Pick<Reach['people'][number], 'ended' | 'until' | 'consent'>,
  now: { readonly nowMs: TimestampMs; readonly consentOf: (id: EventId) => Consent | null },
): boolean {
  if (person.ended || (person.until !== null && person.until <= now.nowMs)) return true;
  return person.consent !== null && (now.consentOf(person.consent)?.revoked ?? null) !== null;
}
