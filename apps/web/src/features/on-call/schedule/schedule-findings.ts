import type { AccountId } from '@baton/kernel';
import type { Slot } from './weekly-spans.ts';

const DAY = 1440;
const WEEK = 7 * DAY;

/** A stretch of the week, in minutes after Monday 00:00; `to` may lie in the next week. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export type ScheduleFinding =
  | ({ readonly kind: 'gap' } & Stretch)
  /** Several persons at the same time: they hold the role together. */
  | ({ readonly kind: 'overlap'; readonly accounts: readonly AccountId[] } & Stretch)
  /** The same person twice at the same time. */
  | ({ readonly kind: 'twice'; readonly account: AccountId } & Stretch);

function stretchOf({ day, from, to }: Slot): Stretch {
  const begins = (day - 1) * DAY + from;
  return { from: begins, to: begins + (to <= from ? to + DAY - from : to - from) };
}

/** Where a week has nobody, or more than one. */
export function findInSchedule(weekly: readonly Slot[]): readonly ScheduleFinding[] {
  if (weekly.length === 0) return [];
  const edges = new Set<number>([0, WEEK]);
  // What runs over the end of the week is at its beginning as well.
  const pieces = weekly.flatMap((slot) => {
    const { from, to } = stretchOf(slot);
    const made = [{ account: slot.account, from, to: Math.min(to, WEEK) }];
    if (to > WEEK) made.push({ account: slot.account, from: 0, to: to - WEEK });
    return made;
  });
  for (const { from, to } of pieces) edges.add(from).add(to);
  const sorted = [...edges].sort((a, b) => a - b);
  const findings: ScheduleFinding[] = [];
  for (const [index, from] of sorted.entries()) {
    const to = sorted[index + 1];
    if (to === undefined) break;
    const here = pieces.filter((piece) => piece.from <= from && piece.to >= to).map(({ account }) => account);
    const accounts = [...new Set(here)];
    if (accounts.length === 0) add(findings, { kind: 'gap', from, to });
    if (accounts.length > 1) add(findings, { kind: 'overlap', accounts, from, to });
    for (const account of accounts) {
      if (here.filter((other) => other === account).length > 1)
        add(findings, { kind: 'twice', account, from, to });
    }
  }
  return findings;
}

function add(findings: ScheduleFinding[], fresh: ScheduleFinding): void {
  const index = findings.findLastIndex((other) => other.to === fresh.from && isAlike(other, fresh));
  const before = findings[index];
  if (before === undefined) findings.push(fresh);
  else findings[index] = { ...before, to: fresh.to };
}

function isAlike(a: ScheduleFinding, b: ScheduleFinding): boolean {
  if (a.kind === 'overlap' && b.kind === 'overlap') return String(a.accounts) === String(b.accounts);
  if (a.kind === 'twice' && b.kind === 'twice') return a.account === b.account;
  return a.kind === b.kind;
}

/** What the server would refuse: the same person in the same hours twice, or somebody who is not active any more. */
export function cannotWork(weekly: readonly Slot[], isActive: (account: AccountId) => boolean): boolean {
  const hours = weekly.map(({ day, from, to, account }) => `${day} ${from} ${to} ${account}`);
  return new Set(hours).size < hours.length || weekly.some(({ account }) => !isActive(account));
}
