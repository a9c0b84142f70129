import { DAY_MS, type TimestampMs } from '@baton/kernel';
import type { Appointment, Recall } from '@baton/wire';
import { isExpected, isSameService, wasAttended } from '../appointments/appointment-status.ts';

/**
 * When this patient last came for the service, where a recall would reach them now: the last such visit is too long ago and none is to come. null: not overdue, or
 * never seen for it (whom the practice does not know for a service, it does not call back to it).
 */
export function overdueSince(
  { service, overdueDays }: Pick<Recall, 'service' | 'overdueDays'>,
  visits: readonly Appointment[],
  nowMs: TimestampMs,
): TimestampMs | null {
  let last: TimestampMs | null = null;
  for (const visit of visits) {
    if (!isSameService(visit.service, service)) continue;
    if (isExpected(visit, nowMs)) return null;
    if (wasAttended(visit, nowMs)) last = Math.max(last ?? 0, visit.start);
  }
  return last !== null && nowMs - last >= overdueDays * DAY_MS ? last : null;
}
