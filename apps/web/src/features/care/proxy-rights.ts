import type { Chart } from '@baton/client';
import type { AccountId, EventId, TimestampMs } from '@baton/kernel';

/** The consent by which this person reads and writes, unless it was revoked. Another person's consent lets nobody else in. */
export function findProxyConsent(
  chart: Pick<Chart, 'reach' | 'consents'>,
  account: AccountId,
): EventId | null {
  const person = chart.reach?.people.find((known) => known.account === account);
  const consent = chart.consents.find(({ id }) => id === person?.consent);
  return consent?.revoked === null ? consent.id : null;
}

/** Whose right to read and write rests on this consent, and ends with it. */
export function namesBy(chart: Pick<Chart, 'reach'>, consent: EventId): readonly string[] {
  const people = chart.reach?.people ?? [];
  return people.filter((person) => person.consent === consent && !person.ended).map(({ name }) => name);
}

/** For a field of a date, in this device's time zone. */
export function dayOf(at: TimestampMs): string {
  const date = new Date(at);
  const part = (number: number, length: number): string => String(number).padStart(length, '0');
  return `${part(date.getFullYear(), 4)}-${part(date.getMonth() + 1, 2)}-${part(date.getDate(), 2)}`;
}

/** The end of the chosen day; what stood there before stays to the millisecond where nobody changed it. */
export function endOfDay(day: string, before: TimestampMs | null): TimestampMs | null {
  if (day === '') return null;
  return before !== null && dayOf(before) === day ? before : Date.parse(`${day}T23:59:59`);
}
