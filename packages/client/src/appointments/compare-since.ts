import { compareArms, countArms, sayComparison } from '@baton/clinical';
import type { TimestampMs } from '@baton/kernel';
import type { Comparison } from '../api/appointments.ts';
import type { AppointmentBook } from './appointment-book.ts';

/** What the extra reminder changed since the comparison began, by the arms as they were drawn. */
export function compareSince(
  since: TimestampMs,
  book: Pick<AppointmentBook, 'all' | 'appointment'>,
): Comparison {
  const drawn = book.all('sent').filter(({ score }) => (score?.arm ?? null) !== null);
  const records = new Map(drawn.map((record) => [record.appointment, record]));
  const visits = drawn.flatMap(({ appointment }) => book.appointment(appointment) ?? []);
  const { extra, usual } = countArms(
    visits.filter(({ start }) => start >= since),
    records,
  );
  const compared = compareArms(extra, usual);
  return {
    since,
    extra,
    usual,
    difference: compared.fewer,
    sentence: { en: sayComparison(compared, 'en'), es: sayComparison(compared, 'es') },
  };
}
