import type { Live } from '@baton/client';

/** A value that can be set; what a client of the gallery reads. */
export class LiveCell<T> implements Live<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  read(): T {
    return this.#value;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    queueMicrotask(() => {
      for (const listener of this.#listeners) listener();
    });
  }

  change(edit: (value: T) => T): void {
    this.set(edit(this.#value));
  }
}
