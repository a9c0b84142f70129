import type { OwnerId, TimestampMs } from '@baton/kernel';
import type { BatonOp, BatonOpOf } from '@baton/wire';
import type { BatonFacts, BatonState } from './baton-state.ts';
import { ladderOf, MIN_TIMER_MS, planSteps, repeatMsOf } from './plan-steps.ts';
import { causeOf, isAccountable, isOwnerTold, reachOf } from './reach.ts';

/**
 * The server's next event that is due at `nowMs`, or null. Apply it and ask again until null: after that the baton has an accountable owner
 * who has been told, and `nextBatonTimer` lies ahead (docs/protocol/batons.md §4). The same state and facts give the same event.
 */
export function dueBatonOp(state: BatonState, facts: BatonFacts, nowMs: TimestampMs): BatonOp | null {
  if (state.ended !== null) return null;
  // A server's clock that was set back does not undo what was committed.
  const atMs = Math.max(nowMs, state.at);
  if (!isAccountable(state.owner, facts, atMs)) return reassign(state, facts, atMs);
  const timed = timedOps(state, facts, atMs)
    .filter(({ dueMs }) => dueMs <= atMs)
    .sort((a, b) => a.dueMs - b.dueMs)[0];
  return timed === undefined ? null : timed.make();
}

/**
 * When the server looks at the baton again: always after `nowMs` and after the newest event, once nothing is due; null only when it has ended.
 * Ask anew whenever a record, a membership or an account changes. A duty change counts although nothing may come of it.
 */
export function nextBatonTimer(state: BatonState, facts: BatonFacts, nowMs: TimestampMs): TimestampMs | null {
  if (state.ended !== null) return null;
  const atMs = Math.max(nowMs, state.at);
  const times = timedOps(state, facts, atMs).map(({ dueMs }) => dueMs);
  for (const owner of state.offer === null ? [state.owner] : [state.owner, state.offer.to]) {
    const change = facts.nextDutyChange(owner, atMs);
    if (change !== null) times.push(change);
  }
  return Math.max(atMs + 1, Math.min(...times));
}

interface TimedOp {
  readonly dueMs: TimestampMs;
  make(): BatonOp;
}

/** What is to come, for an owner that is accountable: never empty, because every open baton has a step ahead. */
function timedOps(state: BatonState, facts: BatonFacts, atMs: TimestampMs): TimedOp[] {
  const ops: TimedOp[] = [];
  const ladder = ladderOf(state, facts);
  const { offer } = state;
  if (offer !== null) {
    const stands = isAccountable(offer.to, facts, atMs);
    ops.push({
      dueMs: stands ? offer.at + Math.max(ladder.offerMs, MIN_TIMER_MS) : atMs,
      make: () => ({ op: 'return', reached: reachOf(state.owner, facts, atMs).reached }),
    });
  }
  if (!isOwnerTold(state, reachOf(state.owner, facts, atMs)))
    ops.push({ dueMs: atMs, make: () => ownerStep(state, facts, atMs) });
  ops.push(
    state.acknowledged === null
      ? nextStep(state, facts, atMs)
      : {
          dueMs: followUpDueMs(state, state.acknowledged.at, ladder.followUpMs),
          make: () => ownerStep(state, facts, atMs),
        },
  );
  return ops;
}

/**
 * When an acknowledged baton that is still open comes back to its owner: after the ladder's follow-up time, and no later than the deadline
 * that the sender was promised. For `stat` the deadline is the acknowledgement's own, so that it is kept by acknowledging.
 */
export function followUpDueMs(
  { contract, deadline }: Pick<BatonState, 'contract' | 'deadline'>,
  acknowledgedMs: TimestampMs,
  followUpMs: number,
): TimestampMs {
  const dueMs = acknowledgedMs + Math.max(followUpMs, MIN_TIMER_MS);
  const isPromised = contract !== 'stat' && deadline >= acknowledgedMs + MIN_TIMER_MS;
  return isPromised ? Math.min(dueMs, deadline) : dueMs;
}

/** Reaches the owner: the follow-up of an acknowledged baton, or people for whom the owner stands only now. */
function ownerStep(state: BatonState, facts: BatonFacts, atMs: TimestampMs): BatonOpOf<'step'> {
  const isFollowUp = state.status === 'acknowledged';
  return {
    op: 'step',
    step: isFollowUp ? 1 : state.steps.count + 1,
    target: facts.memberOf(state.owner) ?? facts.supervisor(),
    offsetMs: isFollowUp ? 0 : Math.max(0, state.steps.offsetMs),
    ...reachOf(state.owner, facts, atMs),
  };
}

function nextStep(state: BatonState, facts: BatonFacts, atMs: TimestampMs): TimedOp {
  const { steps, clockFrom } = state;
  const supervisor = facts.supervisor();
  // After a step that found nobody it goes on upwards: the owner was told before.
  const next = planSteps(state, facts).find(
    ({ offsetMs, isOwner }) => offsetMs > steps.offsetMs && !(steps.skipped && isOwner),
  );
  const hasReachedSupervisor = steps.target === supervisor;
  if (next === undefined && hasReachedSupervisor && state.owner !== supervisor)
    return {
      dueMs: atMs,
      // Whom it concerns was told by the step just before.
      make: () => ({ op: 'reassign', cause: 'ladder-end', to: supervisor, reached: [] }),
    };
  const climb =
    next === undefined
      ? { dueMs: atMs, target: supervisor, owner: supervisor, offsetMs: Math.max(0, steps.offsetMs) }
      : {
          dueMs: steps.skipped ? steps.at : clockFrom + next.offsetMs,
          target: next.target,
          owner: next.isOwner ? state.owner : next.target,
          offsetMs: next.offsetMs,
        };
  const repeatMs = steps.at + repeatMsOf(ladderOf(state, facts));
  const isRepeat = hasReachedSupervisor && (next === undefined || repeatMs < climb.dueMs);
  const chosen = isRepeat
    ? { dueMs: repeatMs, target: supervisor, owner: supervisor, offsetMs: Math.max(0, steps.offsetMs) }
    : climb;
  return {
    dueMs: chosen.dueMs,
    make: () => ({
      op: 'step',
      step: steps.count + 1,
      target: chosen.target,
      offsetMs: chosen.offsetMs,
      ...reachOf(chosen.owner, facts, atMs),
    }),
  };
}

/** To whom it goes on from an owner who cannot be accountable: who was addressed, the ladder's next target with somebody, the supervisor. */
function reassign(state: BatonState, facts: BatonFacts, atMs: TimestampMs): BatonOpOf<'reassign'> {
  const fired = state.status === 'open' ? state.steps.offsetMs : 0;
  const ahead = planSteps(state, facts).filter(({ offsetMs, isOwner }) => offsetMs > fired && !isOwner);
  const candidates: readonly OwnerId[] = [state.addressed, ...ahead.map(({ target }) => target)];
  const to =
    candidates.find((owner) => owner !== state.owner && isAccountable(owner, facts, atMs)) ??
    facts.supervisor();
  return {
    op: 'reassign',
    cause: causeOf(state.owner, facts),
    to,
    reached: reachOf(to, facts, atMs).reached,
  };
}
