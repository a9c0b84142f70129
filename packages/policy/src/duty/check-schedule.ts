import { type AccountId, DAY_MS, type RoleId, type TimestampMs } from '@baton/kernel';
import { type DutyContext, dutySpans } from './on-duty.ts';
import { availabilityOf } from './record-book.ts';
import { type Finding, notice, problem } from './record-shape.ts';

const AHEAD_MS = 14 * DAY_MS;

export interface ScheduleFindings {
  readonly findings: readonly Finding[];
  /** Times of the next 14 days in which nobody is on duty. */
  readonly gaps: readonly { readonly from: TimestampMs; readonly until: TimestampMs }[];
}

/** What the next 14 days of a role look like: gaps, more than one at a time, stand-ins who go round in a circle. */
export function checkSchedule(role: RoleId, atMs: TimestampMs, context: DutyContext): ScheduleFindings {
  const spans = dutySpans(role, atMs, atMs + AHEAD_MS, context);
  const gaps: { from: TimestampMs; until: TimestampMs }[] = [];
  let coveredUntil = atMs;
  let hasOverlap = false;
  for (const { from, until } of spans) {
    if (from > coveredUntil) gaps.push({ from: coveredUntil, until: from });
    if (from < coveredUntil) hasOverlap = true;
    coveredUntil = Math.max(coveredUntil, until);
  }
  if (coveredUntil < atMs + AHEAD_MS) gaps.push({ from: coveredUntil, until: atMs + AHEAD_MS });
  const findings: Finding[] = [];
  if (gaps.length > 0)
    findings.push(
      problem('schedule-gap', 'At some time in the next 14 days nobody is on duty in this role.'),
    );
  if (hasOverlap)
    findings.push(notice('schedule-overlap', 'At some time more than one person is on duty together.'));
  const circle = context.org.accounts().some((account) => isInCircle(account, context));
  if (circle)
    findings.push(
      problem('cover-circle', 'People who are off duty stand in for one another, and nobody is there.'),
    );
  return { findings, gaps };
}

/** Whether following stand-ins from the account comes back to it. */
function isInCircle(account: AccountId, { book }: DutyContext): boolean {
  let at: string | null = account;
  const seen = new Set<string>();
  while (at !== null && !seen.has(at)) {
    seen.add(at);
    const away = availabilityOf(book, at as AccountId);
    at = away?.duty === 'off' ? away.cover : null;
  }
  return at === account;
}
