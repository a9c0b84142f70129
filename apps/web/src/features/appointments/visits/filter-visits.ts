import type { Visit } from '@baton/client';
import type { TimestampMs } from '@baton/kernel';
import { foldText } from '../../../design/words/fold-text.ts';
import { needsHand, type Standing, standingOf } from '../../../design/visits/standing.ts';

export const VISIT_FILTERS = [
  'all',
  'unconfirmed',
  'other-time',
  'cancelled',
  'missed',
  'unclosed',
  'by-hand',
  'unreached',
] as const;
export type VisitFilter = (typeof VISIT_FILTERS)[number];

const STANDINGS: Readonly<
  Record<Exclude<VisitFilter, 'all' | 'by-hand' | 'unreached'>, ReadonlySet<Standing>>
> = {
  unconfirmed: new Set<Standing>(['unconfirmed', 'other-time']),
  'other-time': new Set<Standing>(['other-time']),
  cancelled: new Set<Standing>(['cancelled', 'cancelled-by-patient']),
  missed: new Set<Standing>(['missed']),
  unclosed: new Set<Standing>(['unclosed']),
};

export interface FilterFacts {
  readonly now: TimestampMs;
  /** By id: visits whose reminders do not reach the patient. */
  readonly unreached: ReadonlyMap<string, unknown>;
}

export function fitsFilter(visit: Visit, filter: VisitFilter, { now, unreached }: FilterFacts): boolean {
  if (filter === 'all') return true;
  if (filter === 'unreached') return unreached.has(visit.appointment.id);
  return filter === 'by-hand' ? needsHand(visit) : STANDINGS[filter].has(standingOf(visit.appointment, now));
}

/** Visits that begin in a span; `visits` by start. Found by halving: a practice has a hundred thousand, a day has fifty. */
export function visitsBetween(
  visits: readonly Visit[],
  from: TimestampMs,
  until: TimestampMs,
): readonly Visit[] {
  return visits.slice(firstFrom(visits, from), firstFrom(visits, until));
}

function firstFrom(visits: readonly Visit[], at: TimestampMs): number {
  let low = 0;
  let high = visits.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((visits[middle]?.appointment.start ?? at) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Patient, service, who or where. */
export function fitsWords({ patient, appointment }: Visit, query: string): boolean {
  const words = foldText(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return true;
  const { service, practitioner, location } = appointment;
  const text = foldText([patient, service.text, practitioner?.text, location].join(' '));
  return words.every((word) => text.includes(word));
}
