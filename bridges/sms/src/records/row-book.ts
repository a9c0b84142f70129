import type { Lease, Shelf } from '@baton/agent';
import { Line } from '../line.ts';

/** What an answer to "what now" may be: a new value, null to take it away, undefined to leave it. */
type Change<T> = (newest: T | null) => T | null | undefined;

/**
 * One shelf of the state, in memory as well while this station acts: only the holder of the lease writes, so what it holds is what there is. Every write is
 * durable before it resolves, and refused (AgentError `lease`) once another station may act.
 */
export class RowBook<T> {
  readonly #shelf: Shelf<T>;
  readonly #lease: Lease;
  readonly #line = new Line();
  #rows = new Map<string, T>();

  constructor(shelf: Shelf<T>, lease: Lease) {
    this.#shelf = shelf;
    this.#lease = lease;
  }

  /** Reads what the last holder left. */
  async load(): Promise<void> {
    this.#rows = new Map((await this.#shelf.list()).map(({ key, value }) => [key, value]));
  }

  get(key: string): T | null {
    return this.#rows.get(key) ?? null;
  }

  entries(): readonly (readonly [string, T])[] {
    return [...this.#rows];
  }

  get size(): number {
    return this.#rows.size;
  }

  async put(key: string, value: T): Promise<void> {
    await this.change(key, () => value);
  }

  async remove(key: string): Promise<void> {
    await this.change(key, () => null);
  }

  /** One change of a key after the other, each from what the one before left. Answers the value that holds afterwards. */
  change(key: string, decide: Change<T>): Promise<T | null> {
    return this.#line.run(key, async () => {
      const known = this.get(key);
      const next = decide(known);
      if (next === undefined || (next === null && known === null)) return known;
      this.#lease.requireHeld();
      if (next === null) {
        await this.#shelf.remove(key);
        this.#rows.delete(key);
      } else {
        await this.#shelf.put(key, next);
        this.#rows.set(key, next);
      }
      return next;
    });
  }
}
