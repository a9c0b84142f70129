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
 * supervisor. A target that the unit does not name gives its time to the next one above the owner. Of two at the same time the later listed
 * comes 1 ms after.
 */
export function planSteps(
  subject: PlanSubject,
  facts: BatonFacts,
  ladder: Ladder = ladderOf(subject, facts),
): PlannedStep[] {
  const owner = facts.memberOf(subject.owner) ?? facts.supervisor();
  const steps: PlannedStep[] = [];
  let waiting: number | null = null;
  for (const { offsetMs, target } of rawSteps(subject, ladder)) {
    if (target === 'owner') {
      steps.push({ offsetMs, target: owner, isOwner: true });
      continue;
    }
    const member = facts.target(target, subject.unit);
    if (member === null) {
      waiting ??= offsetMs;
      continue;
    }
    steps.push({ offsetMs: waiting ?? offsetMs, target: member, isOwner: false });
    waiting = null;
  }
  const supervisor = facts.supervisor();
  const top = steps.findLast(({ isOwner }) => !isOwner);
  if (top?.target === supervisor && waiting === null)
    // Once the supervisor owns it, nobody is reminded any more.
    return spread(steps.filter(({ offsetMs, isOwner }) => !isOwner || offsetMs <= top.offsetMs));
  const lastMs = Math.max(...steps.map(({ offsetMs }) => offsetMs));
  const end = { offsetMs: waiting ?? lastMs + repeatMsOf(ladder), target: supervisor, isOwner: false };
  return spread([...steps.filter(({ offsetMs, isOwner }) => !isOwner || offsetMs <= end.offsetMs), end]);
}

/** In order, with offsets that grow strictly, so that one names the step that fired last. */
function spread(steps: readonly PlannedStep[]): PlannedStep[] {
  const plan: PlannedStep[] = [];
  for (const step of steps.toSorted((a, b) => a.offsetMs - b.offsetMs))
    plan.push({ ...step, offsetMs: Math.max(step.offsetMs, (plan.at(-1)?.offsetMs ?? -1) + 1) });
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
  const own: RawStep[] = [
    { offsetMs: 0, target: 'owner' },
    { offsetMs: deadlineMs, target: 'owner' },
  ];
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
