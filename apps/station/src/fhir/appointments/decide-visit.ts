import { type FeedAppointment, mergeFeed } from '@baton/clinical';
import type { TimestampMs } from '@baton/kernel';
import type { Appointment } from '@baton/wire';
import type { MappedVisit } from '@baton/bridge-fhir';

export type VisitDecision =
  | { readonly what: 'new' | 'changed'; readonly next: Appointment }
  /** `older`: what is there is of a newer version. */
  | { readonly what: 'same' | 'older'; readonly next: null };

/** What an import does with one visit, given what is there. A file that is imported twice changes nothing the second time. */
export function decideVisit(
  current: Appointment | null,
  input: { readonly mapped: MappedVisit; readonly ref: string; readonly minutes: number },
  nowMs: TimestampMs,
): VisitDecision {
  const { visit, when } = input.mapped;
  const at = visit.source.version;
  const { start, end } = when ?? current ?? { start: at, end: at + input.minutes * 60_000 };
  const incoming: FeedAppointment = { ...visit, ref: input.ref, start, end };
  const next = mergeFeed(current, incoming, nowMs);
  if (next === null)
    return { what: current !== null && saysTheSame(current, incoming) ? 'same' : 'older', next };
  if (current === null) return { what: 'new', next };
  return saysTheSame(current, incoming) ? { what: 'same', next: null } : { what: 'changed', next };
}

const PARTS = [
  'ref',
  'status',
  'start',
  'end',
  'timeZone',
  'service',
  'practitioner',
  'location',
  'reason',
] as const;

function saysTheSame(current: Appointment, incoming: FeedAppointment): boolean {
  return PARTS.every((part) => JSON.stringify(current[part]) === JSON.stringify(incoming[part]));
}
