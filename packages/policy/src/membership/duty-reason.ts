import type { MemberId, TimestampMs } from '@baton/kernel';
import { slotSpans } from '../duty/schedule-spans.ts';
import type { DutyRecord } from './membership-view.ts';

/** How far an agent's entry may lie from the moment that its record names. */
export const DUTY_TOLERANCE_MS = 15 * 60_000;

export interface KeyringChange {
  readonly change: 'add' | 'remove';
  readonly member: MemberId;
  /** Author's time of the entry. */
  readonly atMs: TimestampMs;
}

/**
 * Whether a schedule or cover record calls for the change at that time, give or take the tolerance (docs/protocol/membership.md §3): one
 * comes in whose slot or cover is on, one goes out whose slot is not on, whose cover has ended, or whom an active cover replaces. The record must
 * have been in force then.
 */
export function callsFor(record: DutyRecord, { change, member, atMs }: KeyringChange): boolean {
  const from = atMs - DUTY_TOLERANCE_MS;
  const until = atMs + DUTY_TOLERANCE_MS;
  if (record.at > until || (record.replacedAt !== null && record.replacedAt < from)) return false;
  const { body } = record;
  if (body.kind === 'cover') {
    const isOn = body.active && body.from <= until && body.until > from;
    if (change === 'add') return isOn && body.account === member;
    const hasEnded = body.account === member && (!body.active || body.until <= until);
    return hasEnded || (isOn && body.instead === member);
  }
  // A schedule that was switched off says nothing of who holds the role.
  if (!body.active) return false;
  const spans = slotSpans(body, from, until + 1).filter(({ account }) => account === member);
  if (change === 'add') return spans.length > 0;
  return !isCovered(spans, from, until);
}

/** Whether the spans leave no moment between `from` and `until` out. */
function isCovered(
  spans: readonly { readonly from: TimestampMs; readonly until: TimestampMs }[],
  from: TimestampMs,
  until: TimestampMs,
): boolean {
  let reachedMs = from;
  for (const span of spans) if (span.from <= reachedMs) reachedMs = Math.max(reachedMs, span.until);
  return reachedMs > until;
}
