import type { Clock, Timers, TimestampMs } from '@baton/kernel';
import { DueHeap } from './due-heap.ts';

/** Longest that one wait of the machine may be. */
const LONGEST_MS = 3_600_000;
const FIRST_RETRY_MS = 2000;
const LAST_RETRY_MS = 120_000;
const LOOK_AGAIN_MS = 10;
/** At eight in the morning a whole practice is due: it does not all begin at once. */
const SIDE_BY_SIDE = 8;

export interface AgendaPorts {
  readonly clock: Clock;
  readonly wait: Timers;
  readonly isHeld: () => boolean;
  /** Answers when it is to be called next for this key; null: nothing is left to do. What it throws is tried again, later each time. */
  readonly work: (key: string) => Promise<TimestampMs | null>;
  readonly failed: (key: string, error: unknown) => void;
  /** So many keys are worked on side by side; more where some of them wait long for others' machines. */
  readonly sideBySide?: number;
}

/**
 * What is to be done when. It holds nothing that is not written down elsewhere: after a crash, or on another station, it is made anew from the
 * records. One thing at a time for each key.
 */
export class Agenda {
  readonly #ports: AgendaPorts;
  readonly #most: number;
  readonly #heap = new DueHeap();
  /** Keys that are worked on now, and when they became due again meanwhile. */
  readonly #running = new Map<string, TimestampMs | null>();
  readonly #runs = new Set<Promise<void>>();
  readonly #failures = new Map<string, number>();
  #armedFor = Number.POSITIVE_INFINITY;
  #cancel: () => void = () => {};
  #stopped = true;

  constructor(ports: AgendaPorts) {
    this.#ports = ports;
    this.#most = ports.sideBySide ?? SIDE_BY_SIDE;
  }

  start(): void {
    this.#stopped = false;
    this.#arm();
  }

  /** Begins nothing more; resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    this.#armedFor = Number.POSITIVE_INFINITY;
    this.#heap.clear();
    this.#failures.clear();
    await Promise.all([...this.#runs]);
  }

  /** Nothing is under way and nothing is due, for as long as nobody asks for more. */
  async idle(): Promise<void> {
    for (;;) {
      await Promise.all([...this.#runs]);
      const { clock, wait } = this.#ports;
      const next = this.#heap.nextAt();
      if (this.#stopped || (this.#runs.size === 0 && (next === null || next > clock.nowMs()))) return;
      await new Promise<void>((resolve) => wait.after(LOOK_AGAIN_MS, resolve));
    }
  }

  /** The earlier of two times counts. */
  set(key: string, dueAt: TimestampMs): void {
    if (this.#stopped) return;
    const again = this.#running.get(key);
    if (again !== undefined) this.#running.set(key, Math.min(again ?? dueAt, dueAt));
    else {
      const known = this.#heap.dueAt(key);
      if (known === null || dueAt < known) this.#heap.set(key, dueAt);
      this.#arm();
    }
  }

  #arm(): void {
    const at = this.#running.size >= this.#most ? null : this.#heap.nextAt();
    if (at === this.#armedFor) return;
    this.#cancel();
    this.#armedFor = at ?? Number.POSITIVE_INFINITY;
    if (this.#stopped || at === null) return;
    const delayMs = Math.min(Math.max(at - this.#ports.clock.nowMs(), 0), LONGEST_MS);
    this.#cancel = this.#ports.wait.after(delayMs, () => this.#look());
  }

  #look(): void {
    this.#armedFor = Number.POSITIVE_INFINITY;
    if (this.#stopped) return;
    const { clock, wait, isHeld } = this.#ports;
    // Another station acts now; this one is told to stop in a moment.
    if (!isHeld()) {
      this.#cancel = wait.after(FIRST_RETRY_MS, () => this.#look());
      return;
    }
    const nowMs = clock.nowMs();
    while (this.#running.size < this.#most) {
      const key = this.#heap.take(nowMs);
      if (key === null) break;
      this.#running.set(key, null);
      const run: Promise<void> = this.#run(key).finally(() => {
        this.#runs.delete(run);
        this.#arm();
      });
      this.#runs.add(run);
    }
    this.#arm();
  }

  async #run(key: string): Promise<void> {
    let next: TimestampMs | null;
    try {
      next = await this.#ports.work(key);
      this.#failures.delete(key);
    } catch (error) {
      this.#ports.failed(key, error);
      const failures = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, failures);
      next = this.#ports.clock.nowMs() + Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LAST_RETRY_MS);
    }
    const again = this.#running.get(key) ?? null;
    this.#running.delete(key);
    if (this.#stopped) return;
    const dueAt = Math.min(next ?? Number.POSITIVE_INFINITY, again ?? Number.POSITIVE_INFINITY);
    if (Number.isFinite(dueAt)) this.#heap.set(key, dueAt);
  }
}
