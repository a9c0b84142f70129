import { describe, expect, it } from 'vitest';
import {
  DAY,
  Killed,
  MINUTE,
  reach,
  SETTINGS,
  slot,
  TEXTING,
  VirtualPractice,
  visit,
  waiting,
} from '../fixtures/virtual-practice.ts';
import { ReminderDesk } from './reminder-desk.ts';

const NOW = Date.parse('2026-11-17T15:30:00Z');
const VISIT = Date.parse('2026-11-23T14:30:00Z');
const ROSA = 'Patient/rosa';
const BEN = 'Patient/ben';
const ANA = 'Patient/ana';
const IDA = 'Patient/ida';

/** A station's process that is started again whenever it was killed. */
class Host {
  readonly practice: VirtualPractice;
  #killAt: number;
  #calls = 0;
  #desk: ReminderDesk | null = null;

  constructor(practice: VirtualPractice, killAt: number) {
    this.practice = practice;
    this.#killAt = killAt;
  }

  get calls(): number {
    return this.#calls;
  }

  async #start(): Promise<ReminderDesk> {
    for (;;) {
      let isDead = false;
      const desk = new ReminderDesk(
        this.practice.ports(
          () => {
            this.#calls += 1;
            if (this.#calls === this.#killAt) {
              isDead = true;
              this.#desk = null;
            }
            if (isDead) throw new Killed();
          },
          () => !isDead,
        ),
      );
      this.#desk = desk;
      await desk.start();
      if (this.#desk === desk) return desk;
    }
  }

  async pass(ms: number): Promise<void> {
    const until = this.practice.time.nowMs() + ms;
    do {
      if (this.#desk === null) await this.#start();
      // It is missed for a moment, then started again.
      await this.practice.time.pass(Math.min(20_000, until - this.practice.time.nowMs()));
    } while (this.practice.time.nowMs() < until);
  }

  /** Given again until it was dealt with, as the watch of conversations does. */
  async say(ref: string, text: string): Promise<void> {
    const answer = this.practice.answer(this.practice.newest(ref), text);
    for (;;) {
      const desk = this.#desk ?? (await this.#start());
      const isTaken = await desk.take(answer).then(
        () => true,
        (error: unknown) => {
          if (!(error instanceof Killed)) throw error;
          return false;
        },
      );
      if (isTaken) return this.pass(MINUTE);
    }
  }

  stop(): Promise<void> {
    return this.#desk?.stop() ?? Promise.resolve();
  }
}

async function play(killAt: number) {
  const practice = new VirtualPractice(NOW);
  practice.putTexting(TEXTING, reach('rosa'), reach('ben'), reach('ana'), reach('ida'));
  practice.put(
    SETTINGS,
    slot('s', VISIT, { state: 'booked', holder: { kind: 'appointment', id: 'v', ref: ROSA, until: null } }),
    slot('t', VISIT + 7 * DAY),
    slot('u', VISIT + 8 * DAY),
    visit('v', ROSA, VISIT, { slot: 's' }),
    visit('w', ANA, VISIT),
    visit('x', ANA, VISIT + 60 * MINUTE),
    visit('y', IDA, VISIT + 60 * MINUTE),
    waiting('w1', BEN, { until: VISIT + DAY }),
  );
  const host = new Host(practice, killAt);
  await host.pass(MINUTE);
  // Hours of nothing, without a start for each twenty seconds of them.
  await practice.time.pass(VISIT - 3 * DAY - NOW - 3 * MINUTE);
  await host.pass(4 * MINUTE);
  await host.say(ANA, 'C');
  await host.say(ROSA, 'X');
  await host.say(BEN, '1');
  await host.pass(60 * MINUTE);
  await host.say(IDA, 'R');
  await host.say(IDA, '2');
  await host.stop();
  return { practice, calls: host.calls };
}

/** What patients and staff see of it in the end. */
function outcomeOf({ practice }: { readonly practice: VirtualPractice }) {
  return {
    said: [ROSA, BEN, ANA, IDA].map((ref) => practice.sentTo(ref).map(({ prompt: { step } }) => step)),
    visits: practice
      .all('appointment')
      .map(({ ref, status, answer, slot: at, start }) => [ref, start, status, answer.state, at]),
    slots: practice.all('slot').map(({ id, state, holder }) => [id, state, holder?.kind, holder?.ref]),
    waits: practice.all('wait').map(({ state, offers }) => [state, offers.at(-1)?.outcome]),
    records: practice
      .all('sent')
      .flatMap(({ steps }) => steps.map(({ step, state }) => `${step} ${state}`))
      .sort(),
    backs: practice.all('write-back').map(({ status, answer }) => [status, answer]),
    settled: new Set(practice.settled).size,
  };
}

describe('a run that is killed', () => {
  it('at any of its acts comes to the same end: nothing twice, nothing left out', async () => {
    const whole = await play(0);
    const expected = outcomeOf(whole);
    expect(expected.said).toEqual([
      ['three-days', 'said-cancelled'],
      ['offer', 'said-booked'],
      ['three-days', 'said-confirmed'],
      ['three-days', 'times', 'said-booked'],
    ]);
    expect(expected.settled).toBe(5);
    expect(whole.calls).toBeGreaterThan(60);
    for (let killAt = 1; killAt <= whole.calls; killAt += 1) {
      const outcome = outcomeOf(await play(killAt));
      expect(outcome, `killed at act ${killAt}`).toEqual(expected);
    }
  }, 120_000);
});
