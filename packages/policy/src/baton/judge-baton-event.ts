import { type AccountId, ok, type Result, type TimestampMs } from '@baton/kernel';
import type { BatonOp } from '@baton/wire';
import { deny, type PolicyError } from '../policy-error.ts';
import { isServerOp } from './apply-baton-event.ts';
import type { BatonFacts, BatonState } from './baton-state.ts';
import { isAccountable } from './reach.ts';
import { canSettle, isSettling } from './settling.ts';

export interface BatonAct {
  readonly by: AccountId;
  readonly op: BatonOp;
  readonly at: TimestampMs;
}

/**
 * Whether this person may do this now (docs/protocol/batons.md §3). `applyBatonEvent` says whether the state allows it at all. Server's events
 * are refused here: nobody does them. Who may make a `box` is decided by who can read the message; here only that the account is active.
 */
export function judgeBatonEvent(
  state: BatonState,
  act: BatonAct,
  facts: BatonFacts,
): Result<null, PolicyError> {
  const { by, op } = act;
  if (isServerOp(op)) return deny('policy.forbidden', 'op');
  if (!facts.isActive(by)) return deny('policy.forbidden', 'by');
  if (state.ended !== null) return deny('baton.ended', 'baton');
  switch (op.op) {
    case 'acknowledge':
      if (state.status !== 'open') return deny('baton.not_yours', 'op');
      return judgeOwning(isInvolved(state, act, facts), act, facts);
    case 'take':
      return judgeOwning(isInvolved(state, act, facts), act, facts);
    case 'accept':
    case 'decline': {
      const { offer } = state;
      if (offer === null || !facts.actsFor(by, offer.to, act.at)) return deny('baton.no_offer', 'op');
      return op.op === 'accept' ? judgeOwning(true, act, facts) : ok(null);
    }
    case 'answer':
      // Nobody to write to: what an outside system asked for is closed with a reason.
      if (state.conv === null) return deny('baton.not_yours', 'op');
      return isInvolved(state, act, facts) && facts.isOwner(by) ? ok(null) : deny('baton.not_yours', 'by');
    case 'offer': {
      if (!facts.actsFor(by, state.owner, act.at) || !facts.isOwner(by)) return deny('baton.not_yours', 'by');
      if (op.to === state.owner || op.to === by) return deny('baton.owner', 'op.to');
      return isAccountable(op.to, facts, act.at) ? ok(null) : deny('baton.owner', 'op.to');
    }
    case 'close':
      if (isSettling(op)) return judgeSettling(state, by, facts);
      return mayClose(state, act, facts) ? ok(null) : deny('baton.not_yours', 'by');
    case 'reopen':
      if (state.opener !== by) return deny('baton.not_yours', 'by');
      return state.status === 'acknowledged' ? ok(null) : deny('baton.not_yours', 'op');
    case 'box':
      return ok(null);
    default:
      return deny('policy.forbidden', 'op');
  }
}

/** Stands for the owner or for who was addressed, or has been reached. */
function isInvolved(state: BatonState, { by, at }: BatonAct, facts: BatonFacts): boolean {
  return (
    state.reached.has(by) || facts.actsFor(by, state.owner, at) || facts.actsFor(by, state.addressed, at)
  );
}

/** One who is off duty answers, but does not become accountable: it would go on to the next at once. */
function judgeOwning(isTheirs: boolean, { by, at }: BatonAct, facts: BatonFacts): Result<null, PolicyError> {
  if (!isTheirs || !facts.isOwner(by)) return deny('baton.not_yours', 'by');
  return facts.holders(by, at).includes(by) ? ok(null) : deny('baton.owner', 'by');
}

/** No person gives this reason, an administrator neither: it says that nobody looked. */
function judgeSettling(state: BatonState, by: AccountId, facts: BatonFacts): Result<null, PolicyError> {
  if (!canSettle(state)) return deny('baton.not_yours', 'op');
  return facts.settles(by, state) ? ok(null) : deny('baton.not_yours', 'by');
}

function mayClose(state: BatonState, { by, at }: BatonAct, facts: BatonFacts): boolean {
  if (by === state.opener) return true;
  if (facts.isAdmin(by) || state.reachedLast.includes(by)) return true;
  return facts.isOwner(by) && facts.actsFor(by, state.owner, at);
}

/** What a screen offers. */
export interface BatonActions {
  readonly acknowledge: boolean;
  readonly answer: boolean;
  readonly take: boolean;
  readonly handOver: boolean;
  /** And decline. */
  readonly accept: boolean;
  readonly close: boolean;
}

/** Which acts are open to the account now. */
export function batonActions(
  state: BatonState,
  account: AccountId,
  facts: BatonFacts,
  atMs: TimestampMs,
): BatonActions {
  const may = (op: BatonOp): boolean => judgeBatonEvent(state, { by: account, op, at: atMs }, facts).ok;
  const isHeld = state.owner === account && state.status === 'acknowledged';
  const canOwn = facts.isOwner(account) && facts.actsFor(account, state.owner, atMs);
  const involved = may({ op: 'take' });
  return {
    acknowledge: may({ op: 'acknowledge', readBack: false }),
    // Whether somebody may answer does not depend on where the answer stands.
    answer:
      state.conv !== null &&
      state.ended === null &&
      facts.isOwner(account) &&
      isInvolvedNow(state, account, facts, atMs),
    take: involved && !isHeld,
    handOver: state.ended === null && facts.isActive(account) && canOwn,
    accept: may({ op: 'accept' }),
    close: may({ op: 'close', reason: 'done' }),
  };
}

function isInvolvedNow(state: BatonState, account: AccountId, facts: BatonFacts, atMs: TimestampMs): boolean {
  return facts.isActive(account) && isInvolved(state, { by: account, op: { op: 'take' }, at: atMs }, facts);
}
