import { type AccountId, isId, type OwnerId, type RoleId, type TimestampMs } from '@baton/kernel';
import {
  batonActions,
  type BatonFacts,
  type BatonState,
  type PlacedEvent,
  planSteps,
  reachOf,
  followUpDueMs,
} from '@baton/policy';
import type { Baton, BatonLine, ComingStep, Owner } from '../api/batons.ts';
import type { Person } from '../api/directory.ts';
import type { KnownBaton } from './baton-feed.ts';

/** What this device can read of what is asked. */
export interface Readable {
  readonly via: 'member' | 'escalation';
  readonly text: string;
  readonly patient: string | null;
  readonly callback: string | null;
  readonly quote: { readonly author: string; readonly text: string } | null;
}

export interface BatonContext {
  readonly me: AccountId;
  /** The server's time. */
  readonly nowMs: TimestampMs;
  readonly facts: BatonFacts;
  readonly person: (id: AccountId) => Person;
  /** Always an answer: an owner that is gone is shown all the same. */
  readonly owner: (id: OwnerId) => Owner;
  readonly readable: (known: KnownBaton) => Readable | null;
  /** A hand-over note meant for me, once it is opened. */
  readonly note: (known: KnownBaton) => string | null;
  /** The conversation is one that this account reads. */
  readonly isMember: (known: KnownBaton) => boolean;
  readonly unitCallback: (unit: string | null) => string | null;
  readonly isPending: (known: KnownBaton) => boolean;
}

/** A baton as a person reads it. Pure: the same chain, organisation and time give the same. */
export function viewBaton(known: KnownBaton, context: BatonContext): Baton {
  const { state, events } = known;
  const { me, nowMs, facts, person } = context;
  const isOpen = state.ended === null;
  const holders = facts.holders(state.owner, nowMs);
  const readable = context.readable(known);
  const isMember = context.isMember(known);
  const { addressed, unit } = state;
  return {
    id: state.baton,
    contract: state.contract,
    status: state.status,
    owner: context.owner(state.owner),
    holders: holders.map(person),
    opener: isId('account', state.opener)
      ? person(state.opener)
      : { kind: 'integration', id: state.opener, reference: state.reference },
    openedAt: state.openedAt,
    deadline: state.deadline,
    overdue: isOpen && nowMs > state.deadline,
    escalated: events.some(({ event: { op } }) => op.op === 'step' && op.target !== addressed),
    acknowledgedBy: state.acknowledged && {
      person: person(state.acknowledged.by),
      at: state.acknowledged.at,
    },
    ended: state.ended && {
      by: person(state.ended.by),
      at: state.ended.at,
      reason: state.ended.reason,
    },
    offer: viewOffer(known, context),
    lines: events.flatMap((placed) => lineOf(placed, state, context)),
    coming: isOpen ? comingSteps(state, context) : [],
    callback: readable?.callback ?? context.unitCallback(unit),
    addressed: context.owner(addressed),
    unit,
    conversation: isMember ? state.conv : null,
    message: state.message,
    text: readable?.text ?? null,
    patient: readable?.patient ?? null,
    quote: readable?.quote ?? null,
    readVia: readable?.via ?? 'none',
    mine: relationOf(state, me, { holders, facts, nowMs }),
    can: batonActions(state, me, facts, nowMs),
    pending: context.isPending(known),
  };
}

/** What a baton is to an account: whether it has to see to it now. */
export function relationOf(
  state: BatonState,
  me: AccountId,
  at: { readonly holders: readonly AccountId[]; readonly facts: BatonFacts; readonly nowMs: TimestampMs },
): Baton['mine'] {
  if (state.ended !== null)
    return state.opener === me ? 'waiting' : state.reached.has(me) ? 'reached' : 'none';
  // A supervisor role without anybody on duty stands for everybody whom it reaches instead.
  const owing = at.holders.length > 0 ? at.holders : reachOf(state.owner, at.facts, at.nowMs).reached;
  if (state.owner === me || owing.includes(me)) return 'owe';
  if (state.opener === me) return 'waiting';
  return state.reached.has(me) || isOfferedTo(state, me, at) ? 'reached' : 'none';
}

function isOfferedTo(
  state: BatonState,
  me: AccountId,
  at: { readonly facts: BatonFacts; readonly nowMs: TimestampMs },
): boolean {
  return state.offer !== null && at.facts.actsFor(me, state.offer.to, at.nowMs);
}

function viewOffer(known: KnownBaton, context: BatonContext): Baton['offer'] {
  const { state } = known;
  const { offer } = state;
  if (!offer) return null;
  const { facts, me, nowMs } = context;
  const toMe = isOfferedTo(state, me, { facts, nowMs });
  return {
    to: context.owner(offer.to),
    by: context.person(offer.by),
    until: offer.at + facts.ladder(state.contract, state.unit).offerMs,
    note: toMe ? context.note(known) : null,
    toMe,
  };
}

function comingSteps(state: BatonState, context: BatonContext): ComingStep[] {
  const { facts, person } = context;
  const ladder = facts.ladder(state.contract, state.unit);
  const step = (at: TimestampMs, target: OwnerId, owner: OwnerId): ComingStep => ({
    at,
    target: context.owner(target),
    wouldReach: reachOf(owner, facts, Math.max(at, context.nowMs)).reached.map(person),
  });
  if (state.acknowledged)
    return [step(followUpDueMs(state, state.acknowledged.at, ladder.followUpMs), state.owner, state.owner)];
  const ahead = planSteps(state, facts).filter(({ offsetMs }) => offsetMs > state.steps.offsetMs);
  if (ahead.length === 0) {
    const supervisor = facts.supervisor();
    return [step(state.steps.at + ladder.repeatMs, supervisor, supervisor)];
  }
  return ahead.map(({ offsetMs, target, isOwner }) =>
    step(state.clockFrom + offsetMs, target, isOwner ? state.owner : target),
  );
}

function lineOf(placed: PlacedEvent, state: BatonState, context: BatonContext): BatonLine[] {
  const { event, at } = placed;
  const { op } = event;
  const line = (what: BatonLine['what'], more: Partial<BatonLine> = {}): BatonLine[] => [
    {
      at,
      what,
      by: event.by === null ? null : context.person(event.by),
      to: null,
      reached: [],
      empty: false,
      reason: null,
      ...more,
    },
  ];
  const people = (ids: readonly AccountId[]): readonly Person[] => ids.map(context.person);
  const owner = (id: OwnerId | RoleId): Owner => context.owner(id);
  switch (op.op) {
    case 'open': {
      const by = isId('account', state.opener) ? context.person(state.opener) : null;
      return line('sent', { by, to: owner(op.to), reached: people(op.reached) });
    }
    case 'step':
      return line('step', { to: owner(op.target), reached: people(op.reached), empty: op.empty });
    case 'return':
      return line('returned', { reached: people(op.reached) });
    case 'reassign':
      return line('reassigned', { to: owner(op.to), reached: people(op.reached) });
    case 'acknowledge':
      return line('acknowledged');
    case 'answer':
      return line('answered');
    case 'offer':
      return line('offered', { to: owner(op.to) });
    case 'accept':
      return line('accepted');
    case 'decline':
      return line('declined');
    case 'take':
      return line('taken');
    case 'close':
      return line('closed', { reason: op.reason });
    case 'reopen':
      return line('reopened');
    case 'box':
      return [];
  }
}
