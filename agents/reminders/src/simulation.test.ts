import { isWithdrawn } from '@baton/clinical';
import { isQuiet, sendingHours } from '@baton/policy';
import { describe, expect, it } from 'vitest';
import { ReminderDesk } from './core/reminder-desk.ts';
import { missedSteps, type SaidStep } from './fixtures/owed-steps.ts';
import {
  DAY,
  HOUR,
  Killed,
  MINUTE,
  NURSE,
  reach,
  type Sent,
  SETTINGS,
  slot,
  TEXTING,
  VirtualPractice,
  visit,
  waiting,
} from './fixtures/virtual-practice.ts';

// A practice of 1,000 patients over 90 virtual days, with both changes of clocks in sight of its zones, visits that are moved and cancelled, answers, opt-outs,
// deaths, outages, and a process that is killed at any of its acts.

const PATIENTS = 1000;
const DAYS = 90;
const STARTS = { autumn: '2026-09-15T12:00:00Z', spring: '2027-01-20T12:00:00Z' } as const;
const ZONES = ['America/New_York', 'America/Chicago', 'America/Phoenix', 'America/Los_Angeles'] as const;
const QUIET = sendingHours(TEXTING.quiet);
const TEXTS = ['C', 'C', 'C', 'yes I will be there', 'X', 'R', '1', '2', 'Is parking free?'] as const;

const settings = {
  ...SETTINGS,
  steps: SETTINGS.steps.map((step) => ({ ...step, active: step.id !== 'survey' && step.id !== 'booked' })),
};

class Simulation {
  readonly practice: VirtualPractice;
  readonly stoppedAt = new Map<string, number>();
  readonly #random: () => number;
  readonly #down: { from: number; until: number }[] = [];
  #desk: ReminderDesk | null = null;
  #upAt = 0;
  #answered = 0;
  #carried = 0;
  #isOver = false;
  kills = 0;
  #ids = 0;

  constructor(seed: number, start: string) {
    this.practice = new VirtualPractice(Date.parse(start));
    this.#random = mulberry(seed);
    this.practice.putTexting(TEXTING);
    this.practice.put(settings);
    for (let index = 0; index < PATIENTS; index += 1) this.practice.putTexting(personAt(index));
  }

  get now(): number {
    return this.practice.time.nowMs();
  }

  /** Whether the station was down at any time between these. */
  wasDown(from: number, until: number): boolean {
    return this.#down.some((one) => one.from < until && one.until > from);
  }

  async run(): Promise<void> {
    const end = this.now + DAYS * DAY;
    while (this.now < end) {
      this.#carry();
      this.#happen();
      await this.#answer();
      await this.#keepUp();
      await this.practice.time.pass(HOUR);
    }
    // Up for good: what was left comes to its end.
    this.#isOver = true;
    await this.#keepUp(true);
    await this.practice.time.pass(3 * DAY);
    await this.#desk?.stop();
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)] as T;
  }

  #chance(of: number): boolean {
    return this.#random() < of;
  }

  /** Texts wait for some hours, as they do at night. */
  #carry(): void {
    this.practice.textsWait = this.#chance(0.95);
    if (this.practice.textsWait) return;
    for (; this.#carried < this.practice.sent.length; this.#carried += 1) {
      const one = this.practice.sent[this.#carried] as Sent;
      one.had ||= !one.withdrawn;
    }
  }

  /** What staff, feeds and life do within an hour. */
  #happen(): void {
    const { practice } = this;
    if (this.#chance(0.9)) {
      const index = Math.floor(this.#random() * PATIENTS);
      const start = this.now + Math.floor(this.#random() * 20 * 96) * 15 * MINUTE + HOUR;
      this.#ids += 1;
      practice.put(
        visit(`v${this.#ids}`, `Patient/p${index}`, start, {
          timeZone: zoneOf(index),
          createdAt: this.now,
          updatedAt: this.now,
        }),
      );
    }
    const coming = practice
      .all('appointment')
      .filter(({ status, start }) => status === 'booked' && start > this.now);
    if (coming.length > 0 && this.#chance(0.3)) {
      const one = this.#pick(coming);
      const start = this.now + Math.floor(this.#random() * 15 * 24) * HOUR + HOUR;
      practice.put({
        ...one,
        start,
        end: start + HOUR / 2,
        slot: null,
        answer: { state: 'none', at: null, by: null },
        updatedAt: this.now,
      });
    }
    if (coming.length > 0 && this.#chance(0.2))
      practice.put({ ...this.#pick(coming), status: 'cancelled', updatedAt: this.now });
    for (const one of practice.all('appointment'))
      if (one.status === 'booked' && one.end < this.now)
        practice.put({ ...one, status: this.#chance(0.1) ? 'noshow' : 'fulfilled' });
    if (this.#chance(0.2))
      practice.put(
        slot(`s${(this.#ids += 1)}`, this.now + Math.floor(this.#random() * 10 * 24) * HOUR + 2 * HOUR),
      );
    if (this.#chance(0.2))
      practice.put(
        waiting(`w${(this.#ids += 1)}`, `Patient/p${Math.floor(this.#random() * PATIENTS)}`, {
          addedAt: this.now,
        }),
      );
    if (this.#chance(0.05)) this.#stop(`p${Math.floor(this.#random() * PATIENTS)}`);
  }

  /** STOP, or death. */
  #stop(name: string): void {
    const ref = `Patient/${name}`;
    if (this.stoppedAt.has(ref)) return;
    const index = Number(name.slice(1));
    this.stoppedAt.set(ref, this.now);
    if (this.#chance(0.5)) this.practice.putTexting({ ...personAt(index), deceased: true });
    else
      this.practice.putTexting({
        t: 'optout',
        number: reach(name).phones[0]?.number ?? '',
        out: true,
        at: this.now,
        words: 'STOP',
        by: NURSE,
      });
  }

  /** Every question is answered or not; while nobody is there to take it the answer waits. */
  async #answer(): Promise<void> {
    const { sent } = this.practice;
    for (; this.#answered < sent.length; this.#answered += 1) {
      const one = sent[this.#answered] as Sent;
      if (one.withdrawn || one.prompt.asks !== 'choice' || !this.#chance(0.7)) continue;
      const answer = this.practice.answer(one, this.#pick(TEXTS));
      for (;;) {
        await this.#keepUp(true);
        const isTaken = await this.#desk?.take(answer).then(
          () => true,
          (error: unknown) => {
            if (!(error instanceof Killed)) throw error;
            return false;
          },
        );
        if (isTaken) break;
      }
    }
  }

  /** The station: up again after a while. */
  async #keepUp(atOnce = false): Promise<void> {
    while (this.#desk === null) {
      if (!atOnce && this.now < this.#upAt) return;
      const open = this.#down.at(-1);
      if (open) open.until = Math.min(open.until, this.now);
      const killAt = Math.floor(this.#random() * 4000);
      let calls = 0;
      let isDead = false;
      const desk = new ReminderDesk(
        this.practice.ports(
          () => {
            calls += 1;
            if (calls === killAt && !this.#isOver) {
              isDead = true;
              this.#kill();
            }
            if (isDead) throw new Killed();
          },
          () => !isDead,
        ),
      );
      this.#desk = desk;
      await desk.start();
    }
  }

  #kill(): void {
    this.kills += 1;
    this.#desk = null;
    const ms = this.#chance(0.3) ? this.#random() * 2 * DAY : this.#random() * HOUR;
    this.#upAt = this.now + ms;
    this.#down.push({ from: this.now, until: this.#upAt + HOUR });
  }
}

for (const [season, start] of Object.entries(STARTS))
  describe(`ninety days from ${start} (${season})`, () => {
    it('nothing twice, nobody left out, nothing at night or after a STOP, no time two people’s', async () => {
      const seed = 20261117;
      const simulation = new Simulation(seed, start);
      await simulation.run();
      const { practice } = simulation;
      console.log(`seed ${seed}: ${practice.sent.length} messages, ${simulation.kills} kills`);
      expect(practice.sent.length).toBeGreaterThan(5000);
      expect(simulation.kills).toBeGreaterThan(5);
      const ids = practice.sent.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const steps = practice
        .all('sent')
        .flatMap(({ appointment, steps: said }) => said.map((one) => ({ appointment, ...one })));
      const keys = steps
        .filter((one) => !isWithdrawn(one))
        .map(({ appointment, step, start: at }) => `${appointment} ${step} ${at}`);
      expect(new Set(keys).size).toBe(keys.length);
      expect(steps.filter(({ state }) => state === 'planned')).toEqual([]);
      expect(steps.filter(isWithdrawn).length).toBeGreaterThan(3);
      checkSent(simulation);
      checkSlots(practice);
      checkMissed(simulation, steps);
    }, 300_000);
  });

/** What the assistant said by itself: in the patient's loud hours, and not to who had stopped it. */
function checkSent({ practice, stoppedAt }: Simulation): void {
  for (const { prompt, at, conv } of practice.sent) {
    if (prompt.step.startsWith('said-') || prompt.step === 'times') continue;
    const ref = practice.places.get(conv) ?? '';
    const index = Number(ref.slice('Patient/p'.length));
    expect(isQuiet(zoneOf(index), at, QUIET), `${ref} ${prompt.step} ${new Date(at).toISOString()}`).toBe(
      false,
    );
    const stopped = stoppedAt.get(ref);
    if (stopped !== undefined) expect(at).toBeLessThanOrEqual(stopped);
  }
}

function checkSlots(practice: VirtualPractice): void {
  const booked = practice
    .all('appointment')
    .filter(({ slot: at, source }) => at !== null && source.kind === 'slot');
  const living = booked.filter(({ status }) => status !== 'cancelled');
  expect(booked.length).toBeGreaterThan(20);
  expect(new Set(living.map(({ slot: at }) => at)).size).toBe(living.length);
}

/** What each visit was owed before it went; and what would have been missed is found. */
function checkMissed(simulation: Simulation, said: readonly SaidStep[]): void {
  const { practice, stoppedAt } = simulation;
  const look = (steps: readonly SaidStep[]) =>
    missedSteps({
      visits: practice.all('appointment'),
      said: steps,
      movedAt: (id) => practice.movedAt(id),
      wasConfirmed: (id, from, until) => practice.wasConfirmed(id, from, until),
      isStopped: (ref) => stoppedAt.has(ref),
      wasDown: (from, until) => simulation.wasDown(from, until),
    });
  const { owed, missed } = look(said);
  expect(owed).toBeGreaterThan(500);
  expect(missed).toEqual([]);
  for (const lost of ['three-days', 'one-day'])
    expect(look(said.filter(({ step }) => step !== lost)).missed.length).toBeGreaterThan(100);
}

/** Every tenth is told by text only that a message waits, so many times a week. */
function personAt(index: number): ReturnType<typeof reach> {
  return reach(`p${index}`, { timeZone: zoneOf(index), channel: index % 10 === 0 ? 'link' : 'plain' });
}

function zoneOf(index: number): string {
  return ZONES[index % ZONES.length] ?? ZONES[0];
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
