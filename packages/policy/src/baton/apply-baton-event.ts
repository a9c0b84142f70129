import { type AccountId, equalBytes, messageOfBaton, ok, type Result } from '@baton/kernel';
import { type BatonOp, type BatonOpOf, SERVER_OPS } from '@baton/wire';
import { deny, type PolicyError } from '../policy-error.ts';
import type { BatonState, FiredSteps, PlacedEvent } from './baton-state.ts';
import { canSettle, isSettling } from './settling.ts';

/**
 * The next state of a baton, or why the event cannot follow: chain, place in time, and whether the act is possible in this state. Total; reads
 * no clock and no facts, so that whoever replays the chain agrees. Signatures are ledger's business, and whether this person may do it is
 * `judgeBatonEvent`'s (docs/protocol/batons.md §3).
 */
export function applyBatonEvent(
  state: BatonState | null,
  placed: PlacedEvent,
): Result<BatonState, PolicyError> {
  const { event } = placed;
  if (isServerOp(event.op) !== (event.by === null)) return deny('policy.forbidden', 'by');
  if (state === null) return event.op.op === 'open' ? open(placed, event.op) : deny('ledger.bad_chain', 'op');
  if (event.org !== state.org || event.baton !== state.baton) return deny('ledger.wrong_purpose', 'baton');
  if (event.n !== state.n + 1) return deny('conflict.head', 'n');
  if (event.prev === null || !equalBytes(event.prev, state.head)) return deny('ledger.bad_chain', 'prev');
  // The organisation's commit time never goes back.
  if (placed.at < state.at) return deny('ledger.bad_chain', 'at');
  if (state.ended !== null) return deny('baton.ended', 'baton');
  const next: BatonState = { ...state, n: event.n, head: placed.hash, at: placed.at };
  return event.by === null
    ? applyServerOp(state, next, event.op)
    : applyPersonOp({ state, next, by: event.by, placed });
}

/** Whether only the server makes such an event. */
export function isServerOp(op: BatonOp): boolean {
  return (SERVER_OPS as readonly BatonOp['op'][]).includes(op.op);
}

function open(placed: PlacedEvent, op: BatonOpOf<'open'>): Result<BatonState, PolicyError> {
  const { event, hash, at } = placed;
  if (event.n !== 0 || event.prev !== null) return deny('ledger.bad_chain', 'prev');
  const message = messageOfBaton(event.baton)?.message ?? null;
  if ((op.conv === null) !== (message === null)) return deny('ledger.wrong_purpose', 'op.conv');
  return ok({
    org: event.org,
    baton: event.baton,
    n: 0,
    head: hash,
    at,
    conv: op.conv,
    message,
    opener: op.opener,
    reference: op.reference,
    contract: op.contract,
    addressed: op.to,
    unit: op.unit,
    openedAt: at,
    deadline: op.deadline,
    withinMs: Math.max(0, op.deadline - at),
    owner: op.to,
    status: 'open',
    acknowledged: null,
    ended: null,
    offer: null,
    reached: new Map(op.reached.map((id) => [id, 0])),
    reachedLast: op.reached,
    clockFrom: at,
    steps: freshSteps(at, 0),
    boxes: [],
  });
}

function freshSteps(at: number, offsetMs: 0 | -1): FiredSteps {
  return { count: 0, offsetMs, at, target: null, skipped: false };
}

function applyServerOp(state: BatonState, next: BatonState, op: BatonOp): Result<BatonState, PolicyError> {
  switch (op.op) {
    case 'step':
      return step(state, next, op);
    case 'return':
      if (state.offer === null) return deny('baton.no_offer', 'op');
      return ok({ ...withReached(next, op.reached), offer: null });
    case 'reassign': {
      const moved = { ...withReached(next, op.reached), owner: op.to };
      if (state.status === 'open') return ok(moved);
      // Nobody has acknowledged for the new owner: the ladder guards it from the start.
      return ok({
        ...moved,
        status: 'open',
        acknowledged: null,
        clockFrom: next.at,
        steps: freshSteps(next.at, 0),
      });
    }
    default:
      return deny('ledger.bad_chain', 'op');
  }
}

function step(state: BatonState, next: BatonState, op: BatonOpOf<'step'>): Result<BatonState, PolicyError> {
  const told = withReached(next, op.reached);
  const fired: FiredSteps = {
    count: op.step,
    offsetMs: op.offsetMs,
    at: next.at,
    target: op.target,
    skipped: op.empty && op.reached.length === 0,
  };
  if (state.status === 'acknowledged') {
    // The follow-up: acknowledged is not answered, so the ladder begins again with the owner.
    if (op.step !== 1 || op.offsetMs !== 0) return deny('ledger.bad_chain', 'op.step');
    return ok({ ...told, status: 'open', acknowledged: null, clockFrom: next.at, steps: fired });
  }
  if (op.step !== state.steps.count + 1) return deny('ledger.bad_chain', 'op.step');
  if (op.offsetMs < state.steps.offsetMs) return deny('ledger.bad_chain', 'op.offsetMs');
  return ok({ ...told, steps: fired });
}

function withReached(next: BatonState, reached: readonly AccountId[]): BatonState {
  if (reached.length === 0) return next;
  const all = new Map(next.reached);
  for (const id of reached) all.set(id, next.n);
  return { ...next, reached: all, reachedLast: reached };
}

interface PersonAct {
  readonly state: BatonState;
  readonly next: BatonState;
  readonly by: AccountId;
  readonly placed: PlacedEvent;
}

function applyPersonOp(act: PersonAct): Result<BatonState, PolicyError> {
  const { state, next, by, placed } = act;
  const { op } = placed.event;
  switch (op.op) {
    case 'acknowledge':
      if (state.status !== 'open') return deny('baton.not_yours', 'op');
      return ok(own(act, op.readBack));
    case 'take':
      return ok(own(act, false));
    case 'accept':
      return state.offer === null ? deny('baton.no_offer', 'op') : ok(own(act, false));
    case 'decline':
      return state.offer === null ? deny('baton.no_offer', 'op') : ok({ ...next, offer: null });
    case 'offer':
      return ok({ ...next, offer: { to: op.to, by, at: placed.at } });
    case 'answer': {
      const answer = { conv: op.conv, message: op.message };
      return ok({
        ...next,
        status: 'answered',
        offer: null,
        ended: { by, at: placed.at, reason: null, answer },
      });
    }
    case 'close': {
      const { reason } = op;
      if (isSettling(op) && !canSettle(state)) return deny('baton.not_yours', 'op');
      return ok({
        ...next,
        status: 'closed',
        offer: null,
        ended: { by, at: placed.at, reason, answer: null },
      });
    }
    case 'reopen':
      if (state.opener !== by) return deny('baton.not_yours', 'by');
      if (state.status !== 'acknowledged') return deny('ledger.bad_chain', 'op');
      return ok({
        ...next,
        status: 'open',
        acknowledged: null,
        deadline: placed.at + state.withinMs,
        clockFrom: placed.at,
        steps: freshSteps(placed.at, -1),
      });
    case 'box':
      return ok({ ...next, boxes: [...state.boxes, { to: op.to, g: op.g, event: next.n }] });
    default:
      return deny('ledger.bad_chain', 'op');
  }
}

/** From now on it is this person's. An offer by somebody who owned it before is void. */
function own({ state, next, by, placed }: PersonAct, readBack: boolean): BatonState {
  return {
    ...next,
    owner: by,
    status: 'acknowledged',
    acknowledged: { by, at: placed.at, readBack },
    offer: state.owner === by && placed.event.op.op !== 'accept' ? state.offer : null,
  };
}
