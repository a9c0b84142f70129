import { type AccountId, type BatonId, batonOfMessage, type Bytes, isId, type OwnerId } from '@baton/kernel';
import {
  applyBatonEvent,
  type AskContract,
  type BatonState,
  dueBatonOp,
  judgeBatonEvent,
  nextBatonTimer,
  openBaton,
  type PlacedEvent,
} from '@baton/policy';
import type { BatonEvent, BatonOp } from '@baton/wire';
import { idOf, ORG, type Staff, type Unit } from './staff.ts';

/** A baton of the replay with its whole chain. */
export interface KeptBaton {
  state: BatonState;
  readonly chain: PlacedEvent[];
  readonly unit: Unit;
  timerAt: number | null;
  /** When a person first took it up, from the opening. */
  acknowledgedAfterMs: number | null;
  steps: number;
  reachedSupervisor: boolean;
}

export interface DeskListener {
  /** An event that tells these people something. */
  told(baton: BatonId, people: readonly AccountId[], at: number): void;
  armed(baton: BatonId, at: number): void;
}

/** What the server does with batons, on a simulated clock and without a database. */
export class BatonDesk {
  readonly batons = new Map<BatonId, KeptBaton>();
  readonly #open = new Map<Unit, Set<BatonId>>();
  readonly #staff: Staff;
  readonly #listener: DeskListener;
  #hashes = 0;

  constructor(staff: Staff, listener: DeskListener) {
    this.#staff = staff;
    this.#listener = listener;
  }

  open(ask: {
    readonly message: number;
    readonly index: number;
    readonly contract: AskContract;
    readonly from: AccountId;
    readonly to: OwnerId;
    readonly withinMs: number;
    readonly at: number;
  }): void {
    const { at, contract, to } = ask;
    const unit = this.#staff.unitOf.get(ask.from);
    if (unit === undefined) throw new Error('a sender without a unit');
    const baton = batonOfMessage(idOf('message', String(ask.message)), ask.index);
    const conv = idOf('conversation', String(ask.message));
    const opening = { org: ORG, baton, conv, opener: ask.from, contract, to, reference: null } as const;
    const op = openBaton({ ...opening, deadline: at + ask.withinMs }, this.#staff.facts, at);
    const placed = this.#place(null, { baton, op, by: null, at });
    const state = take(applyBatonEvent(null, placed));
    const kept: KeptBaton = {
      state,
      chain: [placed],
      unit,
      timerAt: null,
      acknowledgedAfterMs: null,
      steps: 0,
      reachedSupervisor: false,
    };
    this.batons.set(baton, kept);
    const open = this.#open.get(unit) ?? new Set();
    this.#open.set(unit, open.add(baton));
    this.#listener.told(baton, op.reached, at);
    this.look(baton, at);
  }

  /** A person's act; false where it is not theirs. */
  act(baton: BatonId, { by, op, at }: { by: AccountId; op: BatonOp; at: number }): boolean {
    const kept = this.#kept(baton);
    if (!judgeBatonEvent(kept.state, { by, op, at }, this.#staff.facts).ok) return false;
    this.#append(kept, { op, by, at });
    if (['acknowledge', 'take', 'accept', 'answer'].includes(op.op))
      kept.acknowledgedAfterMs ??= at - kept.state.openedAt;
    if (op.op === 'offer') this.#listener.told(baton, this.#staff.facts.holders(op.to, at), at);
    this.look(baton, at);
    return true;
  }

  /** Does what is due and sets the timer, as the server does after every event and every change of the organisation. */
  look(baton: BatonId, at: number): void {
    const kept = this.#kept(baton);
    const { facts } = this.#staff;
    for (let op = dueBatonOp(kept.state, facts, at); op !== null; op = dueBatonOp(kept.state, facts, at)) {
      this.#append(kept, { op, by: null, at });
      if (op.op === 'step') kept.steps += 1;
      const { owner, steps } = kept.state;
      if (owner === facts.supervisor() || steps.target === facts.supervisor()) kept.reachedSupervisor = true;
      if ('reached' in op) this.#listener.told(baton, op.reached, at);
    }
    kept.timerAt = nextBatonTimer(kept.state, facts, at);
    if (kept.timerAt === null) this.#open.get(kept.unit)?.delete(baton);
    else this.#listener.armed(baton, kept.timerAt);
  }

  /** The organisation changed: batons of the unit are looked at anew; of all units where none is named. */
  changed(at: number, unit: Unit | null = null): void {
    const units = unit === null ? [...this.#open.values()] : [this.#open.get(unit) ?? new Set<BatonId>()];
    for (const open of units) for (const baton of [...open]) this.look(baton, at);
  }

  get openCount(): number {
    return [...this.#open.values()].reduce((sum, open) => sum + open.size, 0);
  }

  /** Batons that nobody would ever look at again, or that nobody is accountable for, or that ended without a person. Must be none. */
  findDropped(at: number): BatonId[] {
    const { facts } = this.#staff;
    return [...this.batons.values()]
      .filter(({ state, timerAt }) => {
        if (state.ended !== null) return !isId('account', state.ended.by);
        const isLast = state.owner === facts.supervisor();
        const isOwned = isLast || (facts.isOwner(state.owner) && facts.holders(state.owner, at).length > 0);
        return timerAt === null || timerAt <= at || !isOwned;
      })
      .map(({ state }) => state.baton);
  }

  /** Batons whose chain, replayed from the start, gives another state. Must be none. */
  findUnlike(): BatonId[] {
    return [...this.batons.values()]
      .filter(({ chain, state }) => {
        let again: BatonState | null = null;
        for (const placed of chain) again = take(applyBatonEvent(again, placed));
        return again?.owner !== state.owner || again.status !== state.status || again.n !== state.n;
      })
      .map(({ state }) => state.baton);
  }

  #append(kept: KeptBaton, act: { op: BatonOp; by: AccountId | null; at: number }): void {
    const placed = this.#place(kept.state, { ...act, baton: kept.state.baton });
    kept.state = take(applyBatonEvent(kept.state, placed));
    kept.chain.push(placed);
  }

  #place(
    state: BatonState | null,
    { baton, op, by, at }: { baton: BatonId; op: BatonOp; by: AccountId | null; at: number },
  ): PlacedEvent {
    const event: BatonEvent = {
      v: 1,
      t: 'baton',
      org: ORG,
      baton,
      n: state === null ? 0 : state.n + 1,
      prev: state?.head ?? null,
      by,
      as: null,
      dk: null,
      ts: at,
      op,
    };
    return { event, hash: this.#nextHash(), at };
  }

  /** Stands in for the hash of a signed event: only equality counts here. */
  #nextHash(): Bytes {
    const hash = new Uint8Array(32);
    new DataView(hash.buffer).setFloat64(0, ++this.#hashes);
    return hash;
  }

  #kept(baton: BatonId): KeptBaton {
    const kept = this.batons.get(baton);
    if (kept === undefined) throw new Error('no such baton');
    return kept;
  }
}

function take(result: ReturnType<typeof applyBatonEvent>): BatonState {
  if (!result.ok) throw new Error(`${result.error.code} at ${result.error.at}`);
  return result.value;
}
