import { describe, expect, it } from 'vitest';
import { Agenda } from './agenda.ts';

/** A clock that stands until it is moved. */
class Stepped {
  now = 1000;
  tasks: { at: number; task: () => void }[] = [];
  nowMs = (): number => this.now;
  after = (delayMs: number, task: () => void): (() => void) => {
    const entry = { at: this.now + delayMs, task };
    this.tasks.push(entry);
    return () => {
      this.tasks = this.tasks.filter((one) => one !== entry);
    };
  };
  async pass(ms: number): Promise<void> {
    const until = this.now + ms;
    for (;;) {
      await settle();
      const next = this.tasks.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.tasks = this.tasks.filter((one) => one !== next);
      this.now = Math.max(this.now, next.at);
      next.task();
    }
    this.now = until;
    await settle();
  }
}
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
};

function scene(work: (key: string) => Promise<number | null>, isHeld = () => true) {
  const time = new Stepped();
  const failed: string[] = [];
  const agenda = new Agenda({ clock: time, wait: time, isHeld, work, failed: (key) => failed.push(key) });
  agenda.start();
  return { time, agenda, failed };
}

describe('the agenda', () => {
  it('does each thing when it is due, and again when it says so', async () => {
    const done: string[] = [];
    const { time, agenda } = scene(async (key) => {
      done.push(`${key}@${time.now}`);
      return key === 'b' && done.length < 3 ? time.now + 500 : null;
    });
    agenda.set('a', 3000);
    agenda.set('b', 2000);
    agenda.set('a', 2500);
    await time.pass(10_000);
    expect(done).toEqual(['b@2000', 'a@2500', 'b@2500']);
  });

  it('does one thing at a time for each key, and not less than was asked', async () => {
    let open: (() => void) | null = null;
    let runs = 0;
    const { time, agenda } = scene(() => {
      runs += 1;
      return new Promise((resolve) => {
        open = () => resolve(null);
      });
    });
    agenda.set('a', 0);
    await time.pass(1);
    agenda.set('a', 0);
    agenda.set('a', 0);
    await time.pass(1);
    expect(runs).toBe(1);
    (open as (() => void) | null)?.();
    await time.pass(1);
    expect(runs).toBe(2);
  });

  it('tries what failed again, later each time', async () => {
    const at: number[] = [];
    const { time, agenda, failed } = scene(async () => {
      at.push(time.now);
      if (at.length < 4) throw new Error('not now');
      return null;
    });
    agenda.set('a', 1000);
    await time.pass(60_000);
    expect(at).toEqual([1000, 3000, 7000, 15_000]);
    expect(failed).toEqual(['a', 'a', 'a']);
  });

  it('does nothing while another station acts, and nothing more once it has stopped', async () => {
    let held = false;
    let runs = 0;
    const { time, agenda } = scene(
      async () => {
        runs += 1;
        return time.now + 1000;
      },
      () => held,
    );
    agenda.set('a', 1000);
    await time.pass(9000);
    expect(runs).toBe(0);
    held = true;
    await time.pass(2000);
    expect(runs).toBeGreaterThan(0);
    const before = runs;
    await agenda.stop();
    await time.pass(9000);
    expect(runs).toBe(before);
  });
});
