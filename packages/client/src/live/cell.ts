import type { Live } from '../api/live.ts';
import { reuse } from './reuse.ts';

export type Soon = (task: () => void) => void;

abstract class Announcer {
  readonly #soon: Soon;
  readonly #listeners = new Set<() => void>();
  #announced = true;

  constructor(soon: Soon) {
    this.#soon = soon;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  protected announce(): void {
    if (!this.#announced || this.#listeners.size === 0) return;
    this.#announced = false;
    this.#soon(() => {
      this.#announced = true;
      for (const listener of [...this.#listeners]) listener();
    });
  }
}

/** A value that its owner sets. */
export class LiveCell<T> extends Announcer implements Live<T> {
  #value: T;

  constructor(soon: Soon, value: T) {
    super(soon);
    this.#value = value;
  }

  read(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    this.announce();
  }
}

/** A value that is computed when it is read and kept until its owner says that something below it changed. */
export class LiveView<T> extends Announcer implements Live<T> {
  readonly #compute: () => T;
  #value: { readonly of: T } | null = null;
  #isStale = true;

  constructor(soon: Soon, compute: () => T) {
    super(soon);
    this.#compute = compute;
  }

  read(): T {
    if (this.#isStale || this.#value === null) {
      const computed = this.#compute();
      this.#value = { of: this.#value ? reuse(this.#value.of, computed) : computed };
      this.#isStale = false;
    }
    return this.#value.of;
  }

  invalidate(): void {
    this.#isStale = true;
    this.announce();
  }
}
