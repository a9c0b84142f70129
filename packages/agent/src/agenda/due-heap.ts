import type { TimestampMs } from '@baton/kernel';

interface Entry {
  readonly key: string;
  dueAt: TimestampMs;
  index: number;
}

/** Keys by when they are due; each key once. Every act costs the logarithm of how many there are. */
export class DueHeap {
  readonly #entries: Entry[] = [];
  readonly #byKey = new Map<string, Entry>();

  get size(): number {
    return this.#entries.length;
  }

  nextAt(): TimestampMs | null {
    return this.#entries[0]?.dueAt ?? null;
  }

  dueAt(key: string): TimestampMs | null {
    return this.#byKey.get(key)?.dueAt ?? null;
  }

  /** Replaces what the key was due at before. */
  set(key: string, dueAt: TimestampMs): void {
    const known = this.#byKey.get(key);
    if (known) {
      known.dueAt = dueAt;
      this.#up(known.index);
      this.#down(known.index);
      return;
    }
    const entry: Entry = { key, dueAt, index: this.#entries.length };
    this.#entries.push(entry);
    this.#byKey.set(key, entry);
    this.#up(entry.index);
  }

  /** Takes the first key that is due by then; null where none is. */
  take(byMs: TimestampMs): string | null {
    const first = this.#entries[0];
    if (first === undefined || first.dueAt > byMs) return null;
    const last = this.#entries.pop();
    this.#byKey.delete(first.key);
    if (last !== undefined && last !== first) {
      this.#place(last, 0);
      this.#down(0);
    }
    return first.key;
  }

  clear(): void {
    this.#entries.length = 0;
    this.#byKey.clear();
  }

  #place(entry: Entry, index: number): void {
    this.#entries[index] = entry;
    entry.index = index;
  }

  #up(from: number): void {
    const entry = this.#entries[from];
    if (entry === undefined) return;
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = this.#entries[above];
      if (parent === undefined || parent.dueAt <= entry.dueAt) break;
      this.#place(parent, at);
      at = above;
    }
    this.#place(entry, at);
  }

  #down(from: number): void {
    const entry = this.#entries[from];
    if (entry === undefined) return;
    let at = from;
    for (;;) {
      const left = this.#entries[2 * at + 1];
      const right = this.#entries[2 * at + 2];
      const child = right !== undefined && left !== undefined && right.dueAt < left.dueAt ? right : left;
      if (child === undefined || child.dueAt >= entry.dueAt) break;
      const below = child.index;
      this.#place(child, at);
      at = below;
    }
    this.#place(entry, at);
  }
}
