import type { AccountId, MemberId, OwnerId, TimestampMs } from '@baton/kernel';
import type { Ladder } from '@baton/wire';
import type { AskContract, BatonFacts } from '../baton/baton-state.ts';
import { ladderOf, type PlanSubject, planSteps } from '../baton/plan-steps.ts';
import { reachOf } from '../baton/reach.ts';
import { type Finding, findShapeProblem, notice, problem } from './record-shape.ts';
import { DAY_MS } from './wall-clock.ts';

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
  /** Nobody answers: whom it would reach as things stand. */
  readonly reaches: readonly AccountId[];
  readonly empty: boolean;
}

export interface Preview {
  /** The opening first. */
  readonly steps: readonly PreviewStep[];
  readonly findings: readonly Finding[];
}

const HOUR_MS = 3_600_000;

/** How a message sent at `at` would climb if nobody ever answered. What does not work is a finding. */
export function previewLadder(question: LadderQuestion, facts: BatonFacts): Preview {
  const { to, contract, withinMs, at } = question;
  const unit = facts.unitOf(to);
  const subject: PlanSubject = { owner: to, contract, unit, clockFrom: at, deadline: at + withinMs };
  const ladder = question.ladder ?? ladderOf(subject, facts);
  const steps: PreviewStep[] = [];
  let skipped: TimestampMs | null = null;
  for (const { offsetMs, target, isOwner } of planSteps(subject, facts, ladder)) {
    const dueAt: TimestampMs = skipped ?? at + offsetMs;
    const { reached, empty } = reachOf(isOwner ? to : target, facts, dueAt);
    steps.push({ at: dueAt, target, reaches: reached, empty });
    skipped = reached.length === 0 ? dueAt : null;
  }
  return { steps, findings: [...findInSteps(steps, ladder, question), ...findInWeek(facts, at)] };
}

function findInSteps(steps: readonly PreviewStep[], ladder: Ladder, question: LadderQuestion): Finding[] {
  const found: Finding[] = [];
  const shape = findShapeProblem(ladder);
  if (shape !== null) found.push(shape);
  if (steps.some(({ empty }) => empty))
    found.push(problem('step-empty', 'At least one step finds nobody on duty and goes on to the next one.'));
  const last = steps.at(-1);
  if (last !== undefined && last.at < question.at + question.withinMs)
    found.push(notice('ends-before-deadline', 'The ladder ends before the deadline has passed.'));
  return found;
}

function findInWeek(facts: BatonFacts, at: TimestampMs): Finding[] {
  if (!facts.hasSupervisor()) return [problem('no-supervisor', 'No duty supervisor is named yet.')];
  for (let ms = at; ms < at + 7 * DAY_MS; ms += HOUR_MS)
    if (facts.holders(facts.supervisor(), ms).length === 0)
      return [
        problem(
          'supervisor-gap',
          'The duty supervisor role is without anybody at some hour of the coming week.',
        ),
      ];
  return [];
}
