import type { KeptValue, NamedValues } from './named-values.ts';

export interface ValueFeedPorts<V> {
  readonly values: Pick<NamedValues<V>, 'get' | 'list' | 'refresh' | 'subscribe'>;
  readonly keyOf: (value: V) => string;
  /** The newest value of a key, and what is known of its put. */
  readonly apply: (value: V, kept: KeptValue<V>) => void;
  /** Whether a value of this kind is worth keeping. */
  readonly isWanted: (value: V) => boolean;
  /** Something is to be read: `current` does it. */
  readonly stirred: () => void;
}

/**
 * Follows a collection without reading all of it for each change: once whole, then the keys that were told. What counts under a key is what lies there,
 * not what was told.
 */
export class ValueFeed<V> {
  readonly #ports: ValueFeedPorts<V>;
  readonly #dirty = new Set<string>();
  #off: () => void = () => {};
  #reading: Promise<void> | null = null;
  #refreshing: Promise<void> | null = null;

  constructor(ports: ValueFeedPorts<V>) {
    this.#ports = ports;
  }

  async load(): Promise<void> {
    const { values, keyOf, isWanted, stirred, apply } = this.#ports;
    this.#off();
    this.#dirty.clear();
    this.#off = values.subscribe((stored) => {
      const wanted = stored.filter(isWanted);
      for (const value of wanted) this.#dirty.add(keyOf(value));
      if (wanted.length > 0) stirred();
    });
    const seen = new Set<string>();
    for (const kept of await values.list()) {
      const { value } = kept;
      if (!isWanted(value)) continue;
      const key = keyOf(value);
      // Two values that name one key: what lies under it counts.
      if (seen.has(key)) this.#dirty.add(key);
      else if (!this.#dirty.has(key)) apply(value, kept);
      seen.add(key);
    }
    await this.current();
  }

  stop(): void {
    this.#off();
  }

  /** Resolves when everything that this device was told is applied. */
  async current(): Promise<void> {
    while (this.#dirty.size > 0) {
      this.#reading ??= this.#readDirty().finally(() => {
        this.#reading = null;
      });
      await this.#reading;
    }
    await this.#reading;
  }

  /** Everything that the server has now. Throws while it cannot be reached. Those who ask at the same time are answered at once. */
  async newest(): Promise<void> {
    // One that is under way may have asked before what matters to this caller was committed.
    const before = this.#refreshing;
    if (before) await before.catch(() => {});
    this.#refreshing ??= this.#ports.values.refresh().finally(() => {
      this.#refreshing = null;
    });
    await this.#refreshing;
    await this.current();
  }

  async #readDirty(): Promise<void> {
    const { values, apply } = this.#ports;
    for (const key of [...this.#dirty]) {
      this.#dirty.delete(key);
      try {
        const kept = await values.get(key);
        if (kept) apply(kept.value, kept);
      } catch (error) {
        this.#dirty.add(key);
        throw error;
      }
    }
  }
}
