import { type AccountId, DAY_MS, type MemberId, type OwnerId, type TimestampMs } from '@baton/kernel';
import type { Ladder } from '@baton/wire';
import type { AskContract, BatonFacts } from '../baton/baton-state.ts';
import { ladderOf, type PlanSubject, planSteps } from '../baton/plan-steps.ts';
import { reachOf } from '../baton/reach.ts';
import { type Finding, findShapeProblem, notice, problem } from './record-shape.ts';

export interface LadderQuestion {
  readonly to: OwnerId;
  readonly contract: AskContract;
  readonly withinMs: number;
  readonly at: TimestampMs;
  /** Instead of the one in force: a ladder being edited. */
  readonly ladder?: Ladder;
}

export interface PreviewStep {
  readonly at: TimestampMs;
  readonly target: MemberId;
  /** Whom it would reach as things stand now. */
  readonly reaches: readonly AccountId[];
  readonly empty: boolean;
}

export interface Preview {
  /** The opening first. */
  readonly steps: readonly PreviewStep[];
  readonly findings: readonly Finding[];
}

/**
 * How a message sent at `at` would climb if nobody ever answered. What does not work is a finding: a problem where the ladder itself is wrong,
 * a notice where it depends on who is on duty then.
 */
export function previewLadder(question: LadderQuestion, facts: BatonFacts): Preview {
  const { to, contract, withinMs, at } = question;
  const unit = facts.unitOf(to, at);
  const subject: PlanSubject = { owner: to, contract, unit, clockFrom: at, deadline: at + withinMs };
  const ladder = question.ladder ?? ladderOf(subject, facts);
  const steps: PreviewStep[] = [];
  let skipped: TimestampMs | null = null;
  for (const { offsetMs, target, isOwner } of planSteps(subject, facts, ladder)) {
    // As the machine: from nobody it goes on upwards at once.
    if (skipped !== null && isOwner) continue;
    const dueAt: TimestampMs = skipped ?? at + offsetMs;
    const { reached, empty } = reachOf(isOwner ? to : target, facts, dueAt);
    steps.push({ at: dueAt, target, reaches: reached, empty });
    skipped = reached.length === 0 ? dueAt : null;
  }
  return { steps, findings: [...findInSteps(steps, ladder, question), ...findInWeek(steps, facts, at)] };
}

function findInSteps(steps: readonly PreviewStep[], ladder: Ladder, question: LadderQuestion): Finding[] {
  const { at, withinMs } = question;
  const found: Finding[] = [];
  const shape = findShapeProblem(ladder);
  if (shape !== null) found.push(shape);
  if (steps.some(({ empty }) => empty))
    found.push(notice('step-empty', 'At least one step finds nobody on duty and goes on to the next one.'));
  const listed = ladder.steps.map(({ from, afterMs }) => afterMs + (from === 'open' ? 0 : withinMs));
  if (listed.some((ms, index) => index > 0 && ms < (listed[index - 1] ?? 0)))
    found.push(
      notice('steps-cross', 'With this deadline the steps fire in another order than they are listed.'),
    );
  const last = steps.at(-1);
  if (last !== undefined && last.at < at + withinMs)
    found.push(notice('ends-before-deadline', 'The ladder ends before the deadline has passed.'));
  return found;
}

/** Duty of the coming days, at every moment at which it can change. */
function findInWeek(steps: readonly PreviewStep[], facts: BatonFacts, at: TimestampMs): Finding[] {
  if (!facts.hasSupervisor()) return [problem('no-supervisor', 'No duty supervisor is named yet.')];
  const supervisor = facts.supervisor();
  const found: Finding[] = [];
  if (hasGap(supervisor, facts, { from: at, until: at + 7 * DAY_MS }))
    found.push(
      notice('supervisor-gap', 'At some time in the coming week nobody is on duty as duty supervisor.'),
    );
  const targets = new Set(steps.map(({ target }) => target));
  targets.delete(supervisor);
  if ([...targets].some((target) => hasGap(target, facts, { from: at, until: at + 14 * DAY_MS })))
    found.push(
      notice(
        'target-gap',
        'Somebody named here is without anybody on duty at some time in the next 14 days.',
      ),
    );
  return found;
}

const MAX_CHANGES = 2000;

function hasGap(
  owner: OwnerId,
  facts: BatonFacts,
  { from, until }: { readonly from: TimestampMs; readonly until: TimestampMs },
): boolean {
  let at: TimestampMs | null = from;
  for (let changes = 0; at !== null && at < until && changes < MAX_CHANGES; changes += 1) {
    if (facts.holders(owner, at).length === 0) return true;
    at = facts.nextDutyChange(owner, at);
  }
  return false;
}
