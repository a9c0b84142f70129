import { setTimeout as delay } from 'node:timers/promises';
import type { AccountId, BatonId } from '@baton/kernel';
import { until } from '@baton/testkit';
import { delayBeforeLooking, finishAfter } from '../people.ts';
import { SeededRandom } from '../seeded-random.ts';
import { Timeline } from '../timeline.ts';
import { makeTraffic, type SentMessage } from '../traffic.ts';
import { compareViews, type ViewFindings } from './compare-views.ts';
import { PeopleAtClients } from './people-at-clients.ts';
import { type LoggedBaton, type LoggedEvent, ServerBatons } from './server-batons.ts';
import { type LiveWards, openWards } from './wards.ts';
import { openWorld, type World } from './world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Messages are sent in nine hours, then everybody goes on for a while: sessions end after twelve. */
const SENDING_MS = 9 * HOUR_MS;
const DRAIN_MS = 2 * HOUR_MS;
const SHIFT_CHANGE_MS = 6 * HOUR_MS;
/** So that a session never looks idle. */
const STAY_SIGNED_IN_MS = 25 * MINUTE_MS;
/** For the server to do what is due, and for clients to come back, in real time. */
const SETTLE_MS = 20_000;
/** Urgent messages are one in a hundred as published; here more, so that few messages meet every ladder. */
const NON_URGENT = 0.85;
/** The share of a day's messages that fall into these nine hours, a little low: what is too many is left out. */
const SHARE_OF_DAY = 0.4;

export interface ServerReplayOptions {
  readonly people: number;
  readonly messages: number;
  readonly seed: number;
}

export interface ServerReplay {
  readonly people: number;
  readonly units: number;
  readonly sent: number;
  /** Batons that what was sent must have made. */
  readonly asked: number;
  readonly batons: readonly LoggedBaton[];
  readonly dropped: readonly BatonId[];
  readonly unlike: readonly BatonId[];
  readonly views: ViewFindings;
  readonly alarms: readonly string[];
  readonly refusals: ReadonlyMap<string, number>;
  readonly counts: Counts;
  readonly setUpMs: number;
  readonly tookMs: number;
  readonly simulatedMs: number;
}

interface Counts {
  reached: number;
  wentOffDuty: number;
  deactivated: number;
  rolesGiven: number;
  halts: number;
  kills: number;
}

type Happening =
  | { readonly kind: 'message'; readonly message: SentMessage; readonly index: number }
  | { readonly kind: 'look' | 'finish'; readonly baton: BatonId; readonly account: AccountId }
  | { readonly kind: 'leave'; readonly account: AccountId }
  | { readonly kind: 'deactivate' | 'give' | 'halt' | 'kill' | 'stay' };

/** A synthetic day through the real server and real clients: one clock, set on from one happening to the next. */
export async function replayThroughServer(options: ServerReplayOptions): Promise<ServerReplay> {
  const beganMs = performance.now();
  const world = await openWorld();
  let wards: LiveWards | null = null;
  try {
    wards = await openWards(world, options.people);
    const setUpMs = performance.now() - beganMs;
    const replay = new Replay(world, wards, options);
    const result = await replay.run();
    return { ...result, setUpMs, tookMs: performance.now() - beganMs };
  } finally {
    await wards?.practice.close();
    await world.close();
  }
}

class Replay {
  readonly #world: World;
  readonly #wards: LiveWards;
  readonly #random: SeededRandom;
  readonly #people: PeopleAtClients;
  readonly #server: ServerBatons;
  readonly #timeline = new Timeline<Happening>();
  readonly #gone = new Set<AccountId>();
  readonly #startMs: number;
  readonly #counts: Counts = {
    reached: 0,
    wentOffDuty: 0,
    deactivated: 0,
    rolesGiven: 0,
    halts: 0,
    kills: 0,
  };
  #sent = 0;
  #asked = 0;

  constructor(world: World, wards: LiveWards, options: ServerReplayOptions) {
    this.#world = world;
    this.#wards = wards;
    this.#random = new SeededRandom(options.seed);
    this.#people = new PeopleAtClients(wards, this.#random);
    this.#server = new ServerBatons(world.database, wards.supervisor);
    this.#startMs = world.clock.nowMs();
    this.#plan(options.messages);
  }

  async run(): Promise<Omit<ServerReplay, 'setUpMs' | 'tookMs'>> {
    const endsAt = this.#startMs + SENDING_MS + DRAIN_MS;
    for (let next = this.#timeline.take(); next !== null; next = this.#timeline.take()) {
      if (next.at > endsAt || (next.at > this.#startMs + SENDING_MS && this.#openCount() === 0)) break;
      await this.#passTo(next.at);
      await this.#happen(next.item);
      await this.#settle();
    }
    await this.#online();
    await this.#quiet();
    const now = this.#world.clock.nowMs();
    const devices = [...this.#wards.devices.values()].filter(({ account }) => !this.#gone.has(account));
    const views = await compareViews(devices, this.#server.batons);
    return {
      people: this.#wards.devices.size,
      units: this.#wards.units.length,
      sent: this.#sent,
      asked: this.#asked,
      batons: [...this.#server.batons.values()],
      ...(await this.#server.findWrong(now)),
      views,
      alarms: devices.flatMap(({ session }) =>
        session.alarms.read().map(({ code, about }) => `${code} ${about ?? ''}`),
      ),
      refusals: this.#people.refusals,
      counts: this.#counts,
      simulatedMs: now - this.#startMs,
    };
  }

  #plan(messages: number): void {
    const dayStartMs = this.#startMs - 13 * HOUR_MS;
    const scale = messages / SHARE_OF_DAY / 61_000;
    const traffic = makeTraffic(this.#wards, this.#random, {
      startMs: dayStartMs,
      days: 1,
      scale,
      nonUrgent: NON_URGENT,
    });
    const within = traffic.messages.filter(
      ({ at }) => at >= this.#startMs && at < this.#startMs + SENDING_MS,
    );
    while (within.length > messages) within.splice(Math.floor(this.#random.between(0, within.length)), 1);
    for (const [index, message] of within.entries())
      this.#timeline.put(message.at, { kind: 'message', message, index });
    for (const account of this.#wards.devices.keys())
      if (this.#wards.worksByDay(account) && this.#wards.unitOf.has(account) && this.#random.chance(0.4))
        this.#timeline.put(this.#startMs + SHIFT_CHANGE_MS + this.#random.between(-0.2, 0.8) * HOUR_MS, {
          kind: 'leave',
          account,
        });
    const at = (share: number): number => this.#startMs + share * SENDING_MS;
    this.#timeline.put(at(0.3), { kind: 'give' });
    this.#timeline.put(at(0.45), { kind: 'halt' });
    this.#timeline.put(at(0.6), { kind: 'deactivate' });
    this.#timeline.put(at(0.75), { kind: 'kill' });
    for (let stay = STAY_SIGNED_IN_MS; stay < SENDING_MS + DRAIN_MS; stay += STAY_SIGNED_IN_MS)
      this.#timeline.put(this.#startMs + stay, { kind: 'stay' });
  }

  async #happen(item: Happening): Promise<void> {
    switch (item.kind) {
      case 'message':
        return this.#send(item.message, item.index);
      case 'look':
      case 'finish':
        return this.#act(item.kind, item.baton, item.account);
      case 'leave':
        return this.#leave(item.account);
      case 'deactivate':
        return this.#deactivate();
      case 'give':
        return this.#giveRole();
      case 'halt':
        this.#counts.halts += 1;
        await this.#world.server.stop();
        return this.#restart(20 * MINUTE_MS);
      case 'kill':
        return this.#kill();
      case 'stay':
        await Promise.all(this.#active().map(({ session }) => session.security.refresh()));
    }
  }

  async #send(message: SentMessage, index: number): Promise<void> {
    if (this.#gone.has(message.from)) return;
    const asked = await this.#people.send(message, `Message ${index} of the day`);
    if (asked === null) return;
    this.#sent += 1;
    this.#asked += asked.batons;
    if (asked.batons > 0)
      await waitFor(`${message.contract} message ${index} to be opened`, async () => {
        return (await this.#server.countOpened([asked.message])) >= asked.batons;
      });
  }

  async #act(kind: 'look' | 'finish', baton: BatonId, account: AccountId): Promise<void> {
    const logged = this.#server.batons.get(baton);
    if (logged === undefined || logged.state.ended !== null || this.#gone.has(account)) return;
    if (kind === 'finish') {
      if (logged.state.owner === account) await this.#people.finish(baton, account);
      return;
    }
    if (!(await this.#people.look(baton, account, logged.lines))) return;
    const after = finishAfter(this.#random);
    if (after !== null)
      this.#timeline.put(this.#world.clock.nowMs() + after, { kind: 'finish', baton, account });
  }

  async #leave(account: AccountId): Promise<void> {
    const device = this.#wards.devices.get(account);
    const unit = this.#wards.unitOf.get(account);
    if (device === undefined || unit === undefined || this.#gone.has(account)) return;
    this.#counts.wentOffDuty += 1;
    const cover = this.#random.chance(0.3) ? null : this.#random.pick([unit.onCall, unit.charge]);
    const until = this.#world.clock.nowMs() + 11 * HOUR_MS;
    await device.session.duty.setAvailability({ duty: 'off', cover, until });
  }

  /** Whoever owes most, so that something is left behind. */
  async #deactivate(): Promise<void> {
    const owing = new Map<string, number>();
    for (const { state } of this.#server.batons.values())
      if (state.ended === null) owing.set(state.owner, (owing.get(state.owner) ?? 0) + 1);
    const { admin, people } = this.#wards.practice;
    const [device] = people
      .filter(({ account }) => !this.#wards.units.some(({ people: { other } }) => other.includes(account)))
      .toSorted((a, b) => (owing.get(b.account) ?? 0) - (owing.get(a.account) ?? 0));
    if (device === undefined) return;
    await admin.session.security.stepUp({
      kind: 'demo',
      fragment: admin.link.slice(admin.link.indexOf('#') + 1),
    });
    await admin.session.people.deactivate(device.account);
    this.#gone.add(device.account);
    this.#counts.deactivated += 1;
  }

  /** Whoever is on call hands it to a colleague before their time. */
  async #giveRole(): Promise<void> {
    const unit = this.#random.pick(this.#wards.units);
    const { admin } = this.#wards.practice;
    const row = admin.session.duty.roles.read().find(({ role }) => role.id === unit.onCall);
    const from = row?.onDuty[0]?.id;
    const to = unit.people.physician.find((id) => id !== from);
    const holder = [...this.#wards.devices.values()].find(({ account }) => account === from);
    if (holder === undefined || to === undefined) return;
    await holder.session.duty.giveRole({ role: unit.onCall, to, instead: holder.account, until: null });
    this.#counts.rolesGiven += 1;
  }

  /** In the middle of asks that are on their way. */
  async #kill(): Promise<void> {
    const next: Promise<void>[] = [];
    const asks: { at: number; item: Happening }[] = [];
    for (let item = this.#timeline.take(); item !== null && next.length < 3; item = this.#timeline.take()) {
      if (item.item.kind === 'message' && item.item.message.contract !== 'fyi')
        next.push(this.#send(item.item.message, item.item.index));
      else asks.push(item);
    }
    for (const { at, item } of asks) this.#timeline.put(at, item);
    await delay(40);
    await this.#world.server.kill();
    this.#counts.kills += 1;
    await this.#restart(10 * MINUTE_MS);
    await Promise.all(next);
  }

  async #restart(afterMs: number): Promise<void> {
    await this.#world.stepTo(this.#world.clock.nowMs() + afterMs);
    await this.#world.server.start();
    await this.#online();
  }

  #active() {
    return [...this.#wards.devices.values()].filter(({ account }) => !this.#gone.has(account));
  }

  async #online(): Promise<void> {
    for (const { session } of this.#active())
      await until(session.connection, ({ state }) => state === 'online', { withinMs: 60_000 });
  }

  /** Sets the clock on to then, stopping wherever the server has something to do. */
  async #passTo(atMs: number): Promise<void> {
    for (;;) {
      const now = this.#world.clock.nowMs();
      const { nextAt } = await this.#server.look(now);
      if (nextAt === null || nextAt >= atMs) break;
      await this.#world.stepTo(nextAt);
      await this.#settle();
    }
    if (atMs > this.#world.clock.nowMs()) await this.#world.stepTo(atMs);
  }

  /** Waits until the server has done what is due, and tells people what was said to them. */
  async #settle(): Promise<void> {
    await waitFor('the server to do what is due', async () => {
      const { isSettled } = await this.#server.look(this.#world.clock.nowMs());
      return isSettled;
    });
    for (const event of await this.#server.read()) this.#tell(event);
  }

  /** Waits for what clients had still to hand over. */
  async #quiet(): Promise<void> {
    for (let before = -1; before !== this.#server.eventCount; await delay(1500)) {
      before = this.#server.eventCount;
      await this.#settle();
    }
  }

  #tell({ baton, op, at }: LoggedEvent): void {
    const people = op.op === 'offer' ? this.#holdersOf(op.to) : 'reached' in op ? op.reached : [];
    this.#counts.reached += people.length;
    const isDay = at < this.#startMs + SHIFT_CHANGE_MS;
    for (const account of people) {
      const after = delayBeforeLooking(this.#wards.worksByDay(account) === isDay, this.#random);
      if (after !== null) this.#timeline.put(at + after, { kind: 'look', baton, account });
    }
  }

  #holdersOf(owner: string): AccountId[] {
    return [...this.#wards.devices.keys()].filter((account) => account === owner);
  }

  #openCount(): number {
    return [...this.#server.batons.values()].filter(({ state }) => state.ended === null).length;
  }
}

async function waitFor(what: string, holds: () => Promise<boolean>): Promise<void> {
  const limit = performance.now() + SETTLE_MS;
  while (!(await holds())) {
    if (performance.now() > limit) throw new Error(`not within ${SETTLE_MS} ms: ${what}`);
    await delay(20);
  }
}
