import {
  type AccountId,
  isId,
  type MemberId,
  ok,
  type OwnerId,
  type Result,
  type TimestampMs,
} from '@baton/kernel';
import { deny, type PolicyError } from '../policy-error.ts';
import type { BatonFacts, BatonState, PlacedEvent } from './baton-state.ts';
import { type PlanSubject, planSteps } from './plan-steps.ts';

/**
 * Whether the rules could give this event of the server's: whom it means and whom it reaches follow from records, key log and keyrings, and
 * the server decides nothing by itself. Looser than `dueBatonOp`, which depends on the very moment: somebody on the ladder who is told early,
 * or off duty, passes; somebody who is not on it never does (`ledger.bad_proof`). A person's events are `judgeBatonEvent`'s.
 */
export function judgeServerEvent(
  state: BatonState | null,
  placed: PlacedEvent,
  facts: BatonFacts,
): Result<null, PolicyError> {
  const { at } = placed;
  const { op } = placed.event;
  if (op.op === 'open') {
    if (!isUnitOf(op.to, op.unit, facts, at)) return deny('ledger.bad_proof', 'op.unit');
    return judgeReached(op.reached, [op.to], facts, at);
  }
  if (state === null) return deny('ledger.bad_chain', 'op');
  switch (op.op) {
    case 'step':
      if (!targetsOf(state, facts).has(op.target)) return deny('ledger.bad_proof', 'op.target');
      return judgeReached(op.reached, [op.target, state.owner], facts, at);
    case 'return':
      return judgeReached(op.reached, [state.owner], facts, at);
    case 'reassign': {
      const successors = new Set<OwnerId>([state.addressed, ...targetsOf(state, facts)]);
      if (!successors.has(op.to)) return deny('ledger.bad_proof', 'op.to');
      return judgeReached(op.reached, [op.to], facts, at);
    }
    default:
      return deny('policy.forbidden', 'op');
  }
}

/** A person's unit is that of a moment; records that are newer than the baton may not tell it any more. */
function isUnitOf(to: OwnerId, unit: string | null, facts: BatonFacts, atMs: TimestampMs): boolean {
  if (unit === facts.unitOf(to, atMs)) return true;
  const member = facts.memberOf(to);
  if (member === null || isId('role', member)) return false;
  return unit === null || facts.possibleUnits(to).includes(unit);
}

/** Whom a step of this baton can mean. */
function targetsOf(subject: PlanSubject, facts: BatonFacts): ReadonlySet<MemberId> {
  const owner = facts.memberOf(subject.owner);
  const planned = planSteps(subject, facts).map(({ target }) => target);
  return new Set<MemberId>([...(owner === null ? [] : [owner]), ...planned, facts.supervisor()]);
}

function judgeReached(
  reached: readonly AccountId[],
  owners: readonly OwnerId[],
  facts: BatonFacts,
  atMs: TimestampMs,
): Result<null, PolicyError> {
  const reachable = new Set<AccountId>();
  for (const owner of owners) {
    for (const account of facts.holders(owner, atMs)) reachable.add(account);
    for (const account of facts.allHolders(facts.memberOf(owner) ?? owner)) reachable.add(account);
    if (owner === facts.supervisor()) for (const account of facts.admins()) reachable.add(account);
  }
  return reached.every((account) => reachable.has(account))
    ? ok(null)
    : deny('ledger.bad_proof', 'op.reached');
}
