import { type AccountId, isId, type OwnerId, type TimestampMs } from '@baton/kernel';
import type { ReassignCause } from '@baton/wire';
import type { BatonFacts, BatonState } from './baton-state.ts';

/** Longest list of persons that one event reaches (wire). */
const MAX_REACHED = 200;

export interface Reach {
  readonly reached: AccountId[];
  /** Nobody was on duty; with the supervisor others are reached instead. */
  readonly empty: boolean;
}

/**
 * Whom an event reaches when it means the owner. The supervisor never reaches nobody as long as the organisation has an administrator:
 * every holder of the role, else every administrator (docs/protocol/batons.md §3).
 */
export function reachOf(owner: OwnerId, facts: BatonFacts, atMs: TimestampMs): Reach {
  const holders = facts.holders(owner, atMs);
  if (holders.length > 0) return { reached: holders.slice(0, MAX_REACHED), empty: false };
  if (owner !== facts.supervisor()) return { reached: [], empty: true };
  const all = facts.allHolders(owner);
  return { reached: (all.length > 0 ? all : facts.admins()).slice(0, MAX_REACHED), empty: true };
}

/** Whether the owner can be accountable: in use, with somebody on duty. The supervisor always is: there is nobody after it. */
export function isAccountable(owner: OwnerId, facts: BatonFacts, atMs: TimestampMs): boolean {
  if (owner === facts.supervisor()) return true;
  return facts.isOwner(owner) && facts.holders(owner, atMs).length > 0;
}

/** Why an owner that is not accountable is not. */
export function causeOf(owner: OwnerId, facts: BatonFacts): ReassignCause {
  if (isId('account', owner)) return facts.isOwner(owner) ? 'off-duty' : 'deactivated';
  if (isId('role', owner)) return 'empty-role';
  return facts.isOwner(owner) ? 'empty-role' : 'queue-gone';
}

/** Whether somebody for whom the owner stands has been reached or has acknowledged: the baton is not with people who never heard of it. */
export function isOwnerTold(state: BatonState, reach: Reach): boolean {
  if (reach.reached.length === 0) return true;
  return reach.reached.some((id) => state.reached.has(id) || state.acknowledged?.by === id);
}
