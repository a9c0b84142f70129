import type { Timers } from '@baton/kernel';

/** A process says so often that it lives. */
export const PULSE_MS = 5000;
/** Silent for so long, it hangs: no step of an assistant keeps its process busy for two minutes. */
export const SILENT_MS = 120_000;

/** Tells when a process has said nothing for too long: one that spins holds its lease for ever and answers nobody. */
export class PulseWatch {
  readonly #timers: Timers;
  readonly #silentMs: number;
  readonly #onSilent: () => void;
  #cancel: () => void = () => {};

  constructor(timers: Timers, silentMs: number, onSilent: () => void) {
    this.#timers = timers;
    this.#silentMs = silentMs;
    this.#onSilent = onSilent;
  }

  /** At its start, and at every sign of life. */
  beat(): void {
    this.#cancel();
    this.#cancel = this.#timers.after(this.#silentMs, this.#onSilent);
  }

  stop(): void {
    this.#cancel();
  }
}
