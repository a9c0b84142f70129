import { expect, it } from 'vitest';
import { SharedCollection, SteppedTime } from '../fixtures/shared-collection.ts';
import { AgentState } from '../state/agent-state.ts';
import { type DueTimer, DurableTimers } from './durable-timers.ts';

function createRun(time: SteppedTime, shared: SharedCollection) {
  const run = { held: true, failing: false, fired: [] as DueTimer[], failures: 0 };
  const timers = new DurableTimers({
    state: new AgentState(shared.open()),
    isHeld: () => run.held,
    clock: time,
    timers: time,
    failed: () => {
      run.failures += 1;
    },
  });
  timers.start(async (timer) => {
    run.fired.push(timer);
    if (run.failing) throw new Error('no');
  });
  return Object.assign(run, { timers });
}

it('fires what another run has set, once it acts, and not again', async () => {
  const time = new SteppedTime(1000);
  const shared = new SharedCollection(time);
  const first = createRun(time, shared);
  await first.timers.set('turn', 61_000, { role: 'r_1' });
  await first.timers.stop();
  // Nobody was there when it was due.
  await time.pass(100_000);
  const second = createRun(time, shared);
  second.held = false;
  await time.pass(10_000);
  expect(second.fired).toEqual([]);
  second.held = true;
  second.timers.wake();
  await time.pass(10);
  expect(second.fired).toEqual([
    { name: 'turn', dueAt: 61_000, idempotencyKey: 'turn@61000.1', data: { role: 'r_1' } },
  ]);
  await time.pass(100_000);
  expect(second.fired).toHaveLength(1);
  expect(await second.timers.list()).toEqual([]);
});

it('tries a failed handler again under the same key, and keeps what is set meanwhile', async () => {
  const time = new SteppedTime(1000);
  const shared = new SharedCollection(time);
  const run = createRun(time, shared);
  run.failing = true;
  await run.timers.set('turn', 2000);
  await time.pass(1500);
  run.failing = false;
  await time.pass(60_000);
  expect(run.fired.map(({ idempotencyKey }) => idempotencyKey)).toEqual(['turn@2000.1', 'turn@2000.1']);
  expect(run.failures).toBe(1);

  await run.timers.set('other', 100_000);
  await run.timers.set('other', 90_000);
  await time.pass(200_000);
  expect(run.fired.slice(2).map(({ idempotencyKey }) => idempotencyKey)).toEqual(['other@90000.2']);
});
