import type { AccountId, BatonId } from '@baton/kernel';
import { defaultLadders, defaultPolicy } from '@baton/policy';
import { BatonDesk } from './baton-desk.ts';
import { actOn, delayOf, finish, finishAfter, type Mind } from './people.ts';
import { SeededRandom } from './seeded-random.ts';
import { Staff, type Unit } from './staff.ts';
import { Timeline } from './timeline.ts';
import { makeTraffic, type SentMessage, type Traffic } from './traffic.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Saturday, 31 October 2026, midnight in Chicago: the second day has 25 hours. */
const START_MS = Date.UTC(2026, 9, 31, 5);
/** After the last message everybody goes on until nothing is open, at most so long. */
const DRAIN_MS = 30 * DAY_MS;

export interface HospitalOptions {
  readonly seed: number;
  readonly days: number;
  /** 1: the published volume. */
  readonly scale: number;
}

export interface HospitalRun {
  readonly staff: Staff;
  readonly traffic: Traffic;
  readonly desk: BatonDesk;
  readonly endedAt: number;
  readonly counts: Counts;
}

export interface Counts {
  reached: number;
  wentOffDuty: number;
  deactivated: number;
  recordsEdited: number;
}

type Happening =
  | { readonly kind: 'message'; readonly index: number }
  | {
      readonly kind: 'timer' | 'look' | 'finish';
      readonly baton: BatonId;
      readonly account: AccountId | null;
    }
  | { readonly kind: 'leave' | 'deactivate'; readonly account: AccountId; readonly until: number }
  | { readonly kind: 'edit'; readonly edit: (at: number) => Unit | null };

/** Sends a synthetic hospital's messages through the policy code, with people who answer, forget, leave and hand over. */
export function runHospital(options: HospitalOptions): HospitalRun {
  return new Replay(options).run();
}

class Replay {
  readonly #random: SeededRandom;
  readonly #staff: Staff;
  readonly #mind: Mind;
  readonly #desk: BatonDesk;
  readonly #timeline = new Timeline<Happening>();
  readonly #traffic: Traffic;
  readonly #policy;
  readonly #counts: Counts = { reached: 0, wentOffDuty: 0, deactivated: 0, recordsEdited: 0 };
  readonly #sendingEndsMs: number;

  constructor({ seed, days, scale }: HospitalOptions) {
    this.#random = new SeededRandom(seed);
    this.#staff = new Staff(Math.max(3, Math.round(45 * scale)), START_MS);
    this.#policy = defaultPolicy(this.#staff.supervisor);
    this.#mind = { staff: this.#staff, random: this.#random };
    this.#traffic = makeTraffic(this.#staff, this.#random, { startMs: START_MS, days, scale });
    this.#sendingEndsMs = START_MS + days * DAY_MS;
    this.#desk = new BatonDesk(this.#staff, {
      told: (baton, people, at) => this.#tell(baton, people, at),
      armed: (baton, at) => this.#timeline.put(at, { kind: 'timer', baton, account: null }),
    });
    for (const [index, { at }] of this.#traffic.messages.entries())
      this.#timeline.put(at, { kind: 'message', index });
    for (let day = 0; day < days; day += 1) this.#planDay(START_MS + day * DAY_MS);
  }

  run(): HospitalRun {
    let now = START_MS;
    for (let next = this.#timeline.take(); next !== null; next = this.#timeline.take()) {
      if (next.at > this.#sendingEndsMs + DRAIN_MS) break;
      if (next.at > this.#sendingEndsMs && this.#desk.openCount === 0) break;
      now = Math.max(now, next.at);
      this.#happen(next.item, now);
    }
    return {
      staff: this.#staff,
      traffic: this.#traffic,
      desk: this.#desk,
      counts: this.#counts,
      endedAt: now,
    };
  }

  #happen(item: Happening, at: number): void {
    switch (item.kind) {
      case 'message':
        return this.#send(this.#traffic.messages[item.index] as SentMessage, item.index, at);
      case 'timer':
        // One that was set before something else happened means nothing any more.
        if (this.#desk.batons.get(item.baton)?.timerAt === at) this.#desk.look(item.baton, at);
        return;
      case 'look':
      case 'finish':
        return this.#act(item.kind, item.baton, { by: item.account as AccountId, at });
      case 'leave':
        this.#counts.wentOffDuty += 1;
        this.#leave(item.account, at, item.until);
        return this.#desk.changed(at, this.#staff.unitOf.get(item.account));
      case 'deactivate':
        this.#counts.deactivated += 1;
        this.#staff.deactivate(item.account);
        return this.#desk.changed(at, this.#staff.unitOf.get(item.account));
      case 'edit':
        this.#counts.recordsEdited += 1;
        return this.#desk.changed(at, item.edit(at));
    }
  }

  #send(message: SentMessage, index: number, at: number): void {
    const { contract, from, to } = message;
    if (contract === 'fyi') return;
    const { replyWithinMs, talkWithinMs, statWithinMs } = this.#policy;
    const within = { reply: this.#random.pick(replyWithinMs), talk: talkWithinMs, stat: statWithinMs };
    for (const [place, owner] of to.entries())
      this.#desk.open({
        message: index,
        index: place,
        contract,
        from,
        to: owner,
        withinMs: within[contract],
        at,
      });
  }

  #tell(baton: BatonId, people: readonly AccountId[], at: number): void {
    this.#counts.reached += people.length;
    for (const account of people) {
      const delay = delayOf(account, at, this.#mind);
      if (delay !== null) this.#timeline.put(at + delay, { kind: 'look', baton, account });
    }
  }

  #act(kind: 'look' | 'finish', baton: BatonId, { by, at }: { by: AccountId; at: number }): void {
    const state = this.#desk.batons.get(baton)?.state;
    if (state === undefined || state.ended !== null) return;
    if (kind === 'finish' && state.owner !== by) return;
    const op = kind === 'finish' ? finish(state, this.#random) : actOn(state, by, this.#mind);
    if (op === null || !this.#desk.act(baton, { by, op, at })) return;
    if (op.op !== 'acknowledge' && op.op !== 'accept') return;
    const delay = finishAfter(this.#random);
    if (delay !== null) this.#timeline.put(at + delay, { kind: 'finish', baton, account: by });
  }

  /** Off duty until the next shift of one's own; some name who stands in, some do not. */
  #leave(account: AccountId, at: number, until: number): void {
    const unit = this.#staff.unitOf.get(account);
    const cover =
      unit === undefined || this.#random.chance(0.3) ? null : this.#random.pick([unit.onCall, unit.charge]);
    this.#staff.save({ kind: 'availability', account, duty: 'off', cover, until: Math.round(until) }, at);
  }

  /** Ends of shifts, people who leave in between, a few whose account ends, a ladder, a rota and a queue edited under way. */
  #planDay(midnight: number): void {
    for (const [account, shift] of this.#staff.shiftOf) {
      if (!this.#staff.unitOf.has(account)) continue;
      const endsAt =
        midnight + (shift === 'day' ? 19 : 7) * HOUR_MS + this.#random.between(-0.2, 0.8) * HOUR_MS;
      const until = endsAt + 11 * HOUR_MS;
      if (this.#random.chance(0.6)) this.#timeline.put(Math.round(endsAt), { kind: 'leave', account, until });
      if (this.#random.chance(0.01))
        this.#timeline.put(this.#sometime(midnight), { kind: 'leave', account, until });
      if (this.#random.chance(0.003))
        this.#timeline.put(this.#sometime(midnight), { kind: 'deactivate', account, until: 0 });
    }
    const unit = this.#random.pick(this.#staff.units);
    const { stat } = defaultLadders();
    const edits: readonly [hour: number, edit: (at: number) => Unit | null][] = [
      [
        11,
        (at) => this.#save({ ...stat, steps: stat.steps.slice(1), repeatMs: 2 * stat.repeatMs }, at, null),
      ],
      [13, (at) => this.#save(stat, at, null)],
      [14, (at) => this.#save(this.#staff.emptySchedule(unit.onCall), at, unit)],
      [
        15,
        (at) => {
          const { queue, charge, name } = unit;
          const owner = { roles: [charge], defaultOwner: charge };
          return this.#save({ kind: 'queue', queue, name, ...owner, active: false }, at, unit);
        },
      ],
    ];
    for (const [hour, edit] of edits) this.#timeline.put(midnight + hour * HOUR_MS, { kind: 'edit', edit });
  }

  #save(body: Parameters<Staff['save']>[0], at: number, unit: Unit | null): Unit | null {
    this.#staff.save(body, at);
    return unit;
  }

  #sometime(midnight: number): number {
    return Math.round(midnight + this.#random.between(0, 24) * HOUR_MS);
  }
}
