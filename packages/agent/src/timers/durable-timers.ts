import type { Clock, Timers, TimestampMs } from '@baton/kernel';
import { z } from 'zod';
import type { AgentState, Kept, Shelf } from '../state/agent-state.ts';

const timerRow = z.strictObject({
  dueAt: z.number().int().nonnegative(),
  /** Counts how often this name was set: with the name it is the idempotency key. */
  round: z.number().int().positive(),
  /** What the program wants to find again; ids, never content. */
  data: z.record(z.string(), z.string().max(200)),
});
type TimerRow = z.infer<typeof timerRow>;

const RETRY_MS = 15_000;
/** Longest that one wait of the machine may be. */
const LONGEST_MS = 3_600_000;

export interface DueTimer {
  readonly name: string;
  readonly dueAt: TimestampMs;
  /** The same for every attempt of this timer, and never again: what was done under it is not done twice. */
  readonly idempotencyKey: string;
  readonly data: Readonly<Record<string, string>>;
}

export interface DurableTimersPorts {
  readonly state: Pick<AgentState, 'shelf' | 'subscribe'>;
  readonly isHeld: () => boolean;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly failed: (timer: DueTimer, error: unknown) => void;
}

/**
 * Timers that outlive the process (docs/protocol/agents.md §5): written before they count, fired at least once, by whoever holds the lease.
 * A timer is taken away after its handler has ended well; a handler that fails is tried again.
 */
export class DurableTimers {
  readonly #ports: DurableTimersPorts;
  readonly #shelf: Shelf<TimerRow>;
  #handler: ((timer: DueTimer) => Promise<void>) | null = null;
  #cancel: () => void = () => {};
  #unsubscribe: () => void = () => {};
  #firing: Promise<void> | null = null;
  #again = false;
  #stopped = false;

  constructor(ports: DurableTimersPorts) {
    this.#ports = ports;
    this.#shelf = ports.state.shelf('timer', timerRow);
  }

  /** One handler for all; it must bear being called twice with one idempotency key. */
  start(handler: (timer: DueTimer) => Promise<void>): void {
    this.#handler = handler;
    this.#unsubscribe = this.#ports.state.subscribe(() => this.wake());
    this.wake();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    this.#unsubscribe();
    await this.#firing;
  }

  /** Written when it resolves. Setting a name again replaces what it was set to; the same due time leaves it as it is. */
  async set(name: string, dueAt: TimestampMs, data: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.#shelf.update(name, (newest) => {
      if (newest && newest.value.dueAt === dueAt) return undefined;
      return { dueAt, round: (newest?.value.round ?? 0) + 1, data: { ...data } };
    });
    this.wake();
  }

  async cancel(name: string): Promise<void> {
    await this.#shelf.remove(name);
  }

  async list(): Promise<readonly DueTimer[]> {
    return (await this.#shelf.list()).map(toTimer);
  }

  /** Looks at what is due; also when the lease was taken. */
  wake(): void {
    if (this.#stopped || this.#handler === null) return;
    this.#again = true;
    this.#firing ??= this.#fireDue().finally(() => {
      this.#firing = null;
    });
  }

  async #fireDue(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      if (!this.#ports.isHeld()) return;
      const all = [...(await this.#shelf.list())].sort((a, b) => a.value.dueAt - b.value.dueAt);
      let nextAt = Number.POSITIVE_INFINITY;
      for (const kept of all) {
        const nowMs = this.#ports.clock.nowMs();
        if (kept.value.dueAt > nowMs) nextAt = Math.min(nextAt, kept.value.dueAt);
        else if (!(await this.#fire(kept))) nextAt = Math.min(nextAt, nowMs + RETRY_MS);
      }
      this.#arm(nextAt);
    }
  }

  async #fire(kept: Kept<TimerRow>): Promise<boolean> {
    if (this.#stopped || !this.#ports.isHeld()) return false;
    const timer = toTimer(kept);
    try {
      await this.#handler?.(timer);
      const { dueAt, round } = kept.value;
      await this.#shelf.update(kept.key, (newest) =>
        newest?.value.dueAt === dueAt && newest.value.round === round ? null : undefined,
      );
      return true;
    } catch (error) {
      this.#ports.failed(timer, error);
      return false;
    }
  }

  #arm(nextAt: number): void {
    this.#cancel();
    if (this.#stopped || !Number.isFinite(nextAt)) return;
    const delayMs = Math.min(Math.max(nextAt - this.#ports.clock.nowMs(), 0), LONGEST_MS);
    this.#cancel = this.#ports.timers.after(delayMs, () => this.wake());
  }
}

function toTimer({ key, value }: Kept<TimerRow>): DueTimer {
  const { dueAt, round, data } = value;
  return { name: key, dueAt, idempotencyKey: `${key}@${dueAt}.${round}`, data };
}
