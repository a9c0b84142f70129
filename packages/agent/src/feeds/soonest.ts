import type { Clock, Timers } from '@baton/kernel';

/** Calls a task once, at the soonest of the times that it was asked for; never twice at once. What it is asked for while it runs comes after it. */
export class Soonest {
  readonly #ports: { readonly clock: Clock; readonly wait: Timers };
  readonly #task: () => Promise<void>;
  #dueAt = Number.POSITIVE_INFINITY;
  #cancel: () => void = () => {};
  #running: Promise<void> = Promise.resolve();
  #stopped = true;

  constructor(ports: { readonly clock: Clock; readonly wait: Timers }, task: () => Promise<void>) {
    this.#ports = ports;
    this.#task = task;
  }

  start(): void {
    this.#stopped = false;
  }

  /** Resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    this.#dueAt = Number.POSITIVE_INFINITY;
    await this.#running;
  }

  in(delayMs: number): void {
    const dueAt = this.#ports.clock.nowMs() + delayMs;
    if (this.#stopped || dueAt >= this.#dueAt) return;
    this.#cancel();
    this.#dueAt = dueAt;
    this.#cancel = this.#ports.wait.after(delayMs, () => {
      this.#dueAt = Number.POSITIVE_INFINITY;
      this.#running = this.#running.then(() => (this.#stopped ? undefined : this.#task()));
    });
  }
}
