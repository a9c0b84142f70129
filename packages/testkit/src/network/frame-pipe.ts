import { setTimeout as pause } from 'node:timers/promises';
import type { Bytes } from '@baton/kernel';
import type { SeededRng } from '../chance/seeded-rng.ts';
import { delayOf, type Faults, fateOfFrame, type ProxiedFrame } from './faults.ts';

const LONGEST_HOLD_MS = 200;

export interface FramePipePorts {
  readonly direction: ProxiedFrame['direction'];
  readonly connection: number;
  readonly rng: SeededRng;
  readonly faults: () => Faults;
  readonly deliver: (bytes: Bytes) => void;
  readonly cut: () => void;
  readonly noted: (what: string) => void;
}

/** One direction of one socket: frames leave in the order they came, unless their fate is another. */
export class FramePipe {
  readonly #ports: FramePipePorts;
  #tail: Promise<void> = Promise.resolve();
  #index = 0;
  #held: { readonly bytes: Bytes; readonly timer: NodeJS.Timeout } | null = null;

  constructor(ports: FramePipePorts) {
    this.#ports = ports;
  }

  push(bytes: Bytes): void {
    const { direction, connection, rng, faults } = this.#ports;
    const frame: ProxiedFrame = { direction, connection, index: this.#index, bytes };
    this.#index += 1;
    // Decided as it comes, so that the same order of events draws the same fates however long the delays are.
    const fate = fateOfFrame(faults(), frame, rng);
    const delayMs = delayOf(faults(), rng);
    this.#tail = this.#tail.then(async () => {
      if (delayMs > 0) await pause(delayMs);
      this.#meet(fate, bytes);
    });
  }

  /** Resolves when everything that came so far has met its fate. */
  async drained(): Promise<void> {
    await this.#tail;
    this.#releaseHeld();
  }

  #meet(fate: ReturnType<typeof fateOfFrame>, bytes: Bytes): void {
    const { deliver, cut, noted } = this.#ports;
    if (fate !== 'pass') noted(typeof fate === 'string' ? fate : 'alter');
    switch (fate) {
      case 'drop':
        return;
      case 'cut':
        return cut();
      case 'hold': {
        this.#releaseHeld();
        const timer = setTimeout(() => this.#releaseHeld(), LONGEST_HOLD_MS);
        this.#held = { bytes, timer };
        return;
      }
      case 'duplicate':
        deliver(bytes);
        deliver(bytes);
        break;
      default:
        deliver(fate === 'pass' ? bytes : fate.alter);
    }
    this.#releaseHeld();
  }

  #releaseHeld(): void {
    if (!this.#held) return;
    const { bytes, timer } = this.#held;
    this.#held = null;
    clearTimeout(timer);
    this.#ports.deliver(bytes);
  }
}
