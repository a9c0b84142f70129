import type { Clock, Timers, TimestampMs } from '@baton/kernel';

/** Longest that one wait of the machine may be. */
const LONGEST_MS = 3_600_000;
const FIRST_RETRY_MS = 2000;
const LAST_RETRY_MS = 120_000;

export interface AgendaPorts {
  readonly clock: Clock;
  readonly wait: Timers;
  readonly isHeld: () => boolean;
  /** Answers when it is to be called next for this key; null: nothing is left to do. What it throws is tried again, later each time. */
  readonly work: (key: string) => Promise<TimestampMs | null>;
  readonly failed: (key: string, error: unknown) => void;
}

interface Item {
  dueAt: TimestampMs;
  running: boolean;
  /** Was due again while it ran. */
  again: TimestampMs | null;
  failures: number;
}

/**
 * What is to be done when. It holds nothing that is not written down elsewhere: after a crash, or on another station, it is made anew from the
 * records. One thing at a time for each key; different keys do not wait for each other.
 */
export class Agenda {
  readonly #ports: AgendaPorts;
  readonly #items = new Map<string, Item>();
  readonly #running = new Set<Promise<void>>();
  #armedFor = Number.POSITIVE_INFINITY;
  #cancel: () => void = () => {};
  #stopped = true;

  constructor(ports: AgendaPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#stopped = false;
    this.#armNext();
  }

  /** Begins nothing more; resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    this.#items.clear();
    await Promise.all([...this.#running]);
  }

  /** The earlier of two times counts. */
  set(key: string, dueAt: TimestampMs): void {
    if (this.#stopped) return;
    const item = this.#items.get(key);
    if (!item) this.#items.set(key, { dueAt, running: false, again: null, failures: 0 });
    else if (item.running) item.again = Math.min(item.again ?? dueAt, dueAt);
    else item.dueAt = Math.min(item.dueAt, dueAt);
    if (dueAt < this.#armedFor) this.#arm(dueAt);
  }

  #arm(at: TimestampMs): void {
    this.#cancel();
    this.#armedFor = at;
    if (this.#stopped || !Number.isFinite(at)) return;
    const delayMs = Math.min(Math.max(at - this.#ports.clock.nowMs(), 0), LONGEST_MS);
    this.#cancel = this.#ports.wait.after(delayMs, () => this.#look());
  }

  #armNext(): void {
    let next = Number.POSITIVE_INFINITY;
    for (const { running, dueAt } of this.#items.values()) if (!running) next = Math.min(next, dueAt);
    this.#arm(next);
  }

  #look(): void {
    const { clock, isHeld } = this.#ports;
    const nowMs = clock.nowMs();
    // Another station acts now; this one is told to stop in a moment.
    if (!isHeld()) return this.#arm(nowMs + FIRST_RETRY_MS);
    for (const [key, item] of this.#items) {
      if (item.running || item.dueAt > nowMs) continue;
      item.running = true;
      const run: Promise<void> = this.#run(key, item).finally(() => this.#running.delete(run));
      this.#running.add(run);
    }
    this.#armNext();
  }

  async #run(key: string, item: Item): Promise<void> {
    let next: TimestampMs | null;
    try {
      next = await this.#ports.work(key);
      item.failures = 0;
    } catch (error) {
      this.#ports.failed(key, error);
      item.failures += 1;
      next = this.#ports.clock.nowMs() + Math.min(FIRST_RETRY_MS * 2 ** (item.failures - 1), LAST_RETRY_MS);
    }
    if (this.#stopped) return;
    item.running = false;
    const dueAt = Math.min(next ?? Number.POSITIVE_INFINITY, item.again ?? Number.POSITIVE_INFINITY);
    item.again = null;
    if (!Number.isFinite(dueAt)) {
      this.#items.delete(key);
      return;
    }
    item.dueAt = dueAt;
    if (dueAt < this.#armedFor) this.#arm(dueAt);
  }
}
