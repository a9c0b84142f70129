import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, expect, it } from 'vitest';
import { Agenda } from './agenda.ts';

let nowMs = 0;
let tasks: { at: number; run: () => void }[] = [];
const clock = { nowMs: () => nowMs };
const wait = {
  after(delayMs: number, run: () => void) {
    const task = { at: nowMs + delayMs, run };
    tasks.push(task);
    return () => void (tasks = tasks.filter((one) => one !== task));
  },
};

async function passTo(ms: number): Promise<void> {
  for (;;) {
    await turn();
    const [next] = tasks.filter(({ at }) => at <= ms).toSorted((a, b) => a.at - b.at);
    if (!next) break;
    tasks = tasks.filter((one) => one !== next);
    nowMs = Math.max(nowMs, next.at);
    next.run();
  }
  nowMs = ms;
}

beforeEach(() => {
  nowMs = 0;
  tasks = [];
});

it('works on few keys at a time, and on each once at a time', async () => {
  const open = new Map<string, () => void>();
  const begun: string[] = [];
  const work = (key: string) =>
    new Promise<null>((resolve) => {
      expect(open.has(key)).toBe(false);
      begun.push(key);
      open.set(key, () => {
        open.delete(key);
        resolve(null);
      });
    });
  const agenda = new Agenda({ clock, wait, isHeld: () => true, work, failed: () => {} });
  agenda.start();
  for (let n = 0; n < 20; n += 1) agenda.set(`key-${n}`, 10);
  await passTo(20);
  expect(open.size).toBe(8);
  agenda.set('key-0', 20);
  for (let round = 0; round < 20; round += 1) {
    for (const end of [...open.values()]) end();
    await passTo(20 + round);
  }
  // All of them, and the one that was due again while it was worked on once more.
  expect(begun).toHaveLength(21);
  expect(new Set(begun).size).toBe(20);
  await agenda.stop();
});

it('tries again what failed, later each time, and does nothing without the lease', async () => {
  const tries: number[] = [];
  let isHeld = true;
  const work = async (): Promise<number | null> => {
    tries.push(nowMs);
    if (tries.length < 4) throw new Error('offline');
    return tries.length === 4 ? nowMs + 50_000 : null;
  };
  const agenda = new Agenda({ clock, wait, isHeld: () => isHeld, work, failed: () => {} });
  agenda.start();
  agenda.set('key', 1000);
  await passTo(20_000);
  expect(tries).toEqual([1000, 3000, 7000, 15_000]);
  isHeld = false;
  await passTo(70_000);
  expect(tries).toHaveLength(4);
  isHeld = true;
  await passTo(80_000);
  expect(tries).toHaveLength(5);
  await agenda.stop();
  await passTo(500_000);
  expect(tries).toHaveLength(5);
});

it('is idle when nothing is under way and nothing is due', async () => {
  let end = () => {};
  const work = () =>
    new Promise<number>((resolve) => {
      end = () => resolve(nowMs + 1000);
    });
  const agenda = new Agenda({ clock, wait, isHeld: () => true, work, failed: () => {} });
  agenda.start();
  await agenda.idle();
  agenda.set('key', 10);
  await agenda.idle();
  await passTo(10);
  let isIdle = false;
  const idle = agenda.idle().then(() => {
    isIdle = true;
  });
  await passTo(500);
  expect(isIdle).toBe(false);
  end();
  await passTo(600);
  await idle;
  await agenda.stop();
});
