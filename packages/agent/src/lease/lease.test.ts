import { expect, it } from 'vitest';
import { AgentError } from '../agent-error.ts';
import { SharedCollection, SteppedTime } from '../fixtures/shared-collection.ts';
import { AgentState } from '../state/agent-state.ts';
import { StateLease } from './lease.ts';

const FOR_MS = 60_000;

function createStation(time: SteppedTime, shared: SharedCollection, holder: string, aheadMs = 0) {
  const station = { cut: false, changes: [] as boolean[] };
  const lease = new StateLease({
    state: new AgentState(shared.open(() => station.cut)),
    holder,
    monotonic: { nowMs: () => time.nowMs() + aheadMs },
    timers: time,
    serverNow: async () => time.nowMs(),
    forMs: FOR_MS,
    changed: (held) => station.changes.push(held),
  });
  return Object.assign(station, { lease });
}

it('lets one of two stations act, and the other when the first is gone without a word', async () => {
  const time = new SteppedTime(1_000_000);
  const shared = new SharedCollection(time);
  const one = createStation(time, shared, 'one');
  const two = createStation(time, shared, 'two', 7_000_000);
  one.lease.start();
  await time.pass(10);
  two.lease.start();
  await time.pass(10 * FOR_MS);
  expect([one.lease.isHeld, two.lease.isHeld]).toEqual([true, false]);
  expect(two.changes).toEqual([]);
  expect(() => two.lease.requireHeld()).toThrow(AgentError);

  one.cut = true;
  // At no moment do both hold it, and the second has it soon after the time is over.
  let both = 0;
  for (let passed = 0; passed < 2 * FOR_MS; passed += 500) {
    await time.pass(500);
    if (one.lease.isHeld && two.lease.isHeld) both += 1;
  }
  expect(both).toBe(0);
  expect([one.lease.isHeld, two.lease.isHeld]).toEqual([false, true]);
  expect(one.changes).toEqual([true, false]);
  expect(two.lease.term).toBe(2);

  one.cut = false;
  await time.pass(3 * FOR_MS);
  expect([one.lease.isHeld, two.lease.isHeld]).toEqual([false, true]);
});

it('is given back at an orderly end, so that nobody waits', async () => {
  const time = new SteppedTime(5);
  const shared = new SharedCollection(time);
  const one = createStation(time, shared, 'one');
  const two = createStation(time, shared, 'two');
  one.lease.start();
  await time.pass(10);
  two.lease.start();
  await time.pass(1000);
  await one.lease.stop();
  expect(one.lease.isHeld).toBe(false);
  await time.pass(1000);
  expect(two.lease.isHeld).toBe(true);
});

it('stops acting by itself while the server cannot be asked', async () => {
  const time = new SteppedTime(5);
  const one = createStation(time, new SharedCollection(time), 'one');
  one.lease.start();
  await time.pass(10);
  one.cut = true;
  await time.pass(FOR_MS);
  expect(one.lease.isHeld).toBe(false);
  expect(one.changes).toEqual([true, false]);
});
