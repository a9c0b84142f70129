import type { MemberId, OwnerId, TimestampMs } from '@baton/kernel';
import type { Ladder, StepTarget } from '@baton/wire';
import type { AskContract, BatonFacts } from './baton-state.ts';

// A ladder as it stands for one baton: every target resolved to a member, offsets counted from the ladder's clock
// (docs/protocol/batons.md §4).

/** A timer below this would spin; a record with less is refused, and here nothing depends on that. */
export const MIN_TIMER_MS = 30_000;

export interface PlannedStep {
  /** After the ladder's clock began; grows strictly along the plan. */
  readonly offsetMs: number;
  readonly target: MemberId;
  /** The target is whoever owns the baton. */
  readonly isOwner: boolean;
}

/** What a plan depends on besides the facts. */
export interface PlanSubject {
  readonly owner: OwnerId;
  readonly contract: AskContract;
  readonly unit: string | null;
  readonly clockFrom: TimestampMs;
  readonly deadline: TimestampMs;
}

export function ladderOf(subject: PlanSubject, facts: BatonFacts): Ladder {
  return facts.ladder(subject.contract, subject.unit);
}

export function repeatMsOf(ladder: Ladder): number {
  return Math.max(ladder.repeatMs, MIN_TIMER_MS);
}

/**
 * All steps in the order in which they fire: the owner at 0 (the opening itself), the ladder's own, the owner at the deadline, at the end the
 * supervisor. A target that the unit does not name gives its time to the next one. Of two at the same time the later listed comes 1 ms after.
 */
export function planSteps(
  subject: PlanSubject,
  facts: BatonFacts,
  ladder: Ladder = ladderOf(subject, facts),
): PlannedStep[] {
  const raw = rawSteps(subject, ladder);
  const plan: PlannedStep[] = [];
  let waiting: number | null = null;
  for (const { offsetMs, target } of raw) {
    const member = resolve(subject, facts, target);
    if (member === null) {
      waiting ??= offsetMs;
      continue;
    }
    push(plan, waiting ?? offsetMs, member, target === 'owner');
    waiting = null;
  }
  const last = plan.at(-1);
  const supervisor = facts.supervisor();
  if (last === undefined || waiting !== null || last.target !== supervisor || last.isOwner)
    push(plan, waiting ?? (last?.offsetMs ?? 0) + repeatMsOf(ladder), supervisor, false);
  return plan;
}

interface RawStep {
  readonly offsetMs: number;
  readonly target: StepTarget;
}

function rawSteps(subject: PlanSubject, ladder: Ladder): RawStep[] {
  // A deadline that had passed when the clock began is the clock's beginning.
  const deadlineMs = Math.max(0, subject.deadline - subject.clockFrom);
  const listed = ladder.steps.map(
    ({ from, afterMs, target }): RawStep => ({
      offsetMs: from === 'open' ? afterMs : deadlineMs + afterMs,
      target,
    }),
  );
  const end = Math.max(0, ...listed.filter(({ target }) => target === 'supervisor').map((s) => s.offsetMs));
  const endsThere = end > 0 && listed.every(({ offsetMs }) => offsetMs <= end);
  const own: RawStep[] = [{ offsetMs: 0, target: 'owner' }];
  // Once the supervisor owns it, the deadline reminds nobody else.
  if (!endsThere || deadlineMs < end) own.push({ offsetMs: deadlineMs, target: 'owner' });
  const owners = new Set<number>();
  return [...own, ...listed]
    .filter(({ offsetMs, target }) => {
      if (target !== 'owner') return true;
      const isNew = !owners.has(offsetMs);
      owners.add(offsetMs);
      return isNew;
    })
    .sort((a, b) => a.offsetMs - b.offsetMs);
}

function resolve(subject: PlanSubject, facts: BatonFacts, target: StepTarget): MemberId | null {
  return target === 'owner'
    ? (facts.memberOf(subject.owner) ?? facts.supervisor())
    : facts.target(target, subject.unit);
}

function push(plan: PlannedStep[], offsetMs: number, target: MemberId, isOwner: boolean): void {
  plan.push({ offsetMs: Math.max(offsetMs, (plan.at(-1)?.offsetMs ?? -1) + 1), target, isOwner });
}
