import { type Reach, textingCodec } from '@baton/wire';
import type { CarePorts } from './care-ports.ts';
import { newReach } from './new-reach.ts';
import { practitionersOf } from './routing.ts';
import type { TextingBook } from './texting-book.ts';

/** At most so many writes in one look: what is left comes with the next. */
const MOST_AT_ONCE = 50;

type KeeperPorts = Pick<CarePorts, 'sealed' | 'record' | 'sharing' | 'registryAsOf'>;

/**
 * What the texting assistant has to know of the registry, which it cannot read (docs/protocol/patients.md §3): to whose team a patient's texts go, and who
 * else has the number of somebody whose conversation was begun. Without the second a text about one child lands in the conversation of another.
 */
export class ReachKeeper {
  readonly #ports: KeeperPorts;
  readonly #texting: TextingBook;
  /** Counts changes of how patients are reached. */
  #changes = 0;
  /** What was last compared. */
  #done: string | null = null;

  constructor(ports: KeeperPorts, texting: TextingBook) {
    this.#ports = ports;
    this.#texting = texting;
  }

  /** How a patient is reached changed. */
  changed(): void {
    this.#changes += 1;
  }

  /** Compares every patient; nothing where neither the registry nor who is reached has changed. */
  async look(): Promise<void> {
    if (this.#texting.settings === null) return;
    const asOf = `${this.#ports.registryAsOf()} ${this.#changes}`;
    if (asOf === this.#done) return;
    let left = MOST_AT_ONCE;
    for (const { ref } of [...this.#texting.reaches()]) {
      left -= await this.keep(ref);
      if (left <= 0) return;
    }
    this.#done = asOf;
  }

  /** Compares one; answers how much was written. */
  async keep(ref: string): Promise<number> {
    const reach = this.#texting.reach(ref);
    const record = this.#ports.record(ref);
    if (reach === null || record === null) return 0;
    let written = 0;
    const practitioners = practitionersOf(record);
    if (!isSame(practitioners, reach.practitioners ?? [])) {
      await this.#put(ref, (known) =>
        known && !isSame(practitioners, known.practitioners ?? []) ? { ...known, practitioners } : null,
      );
      written += 1;
    }
    for (const other of this.#othersAt(reach)) {
      await this.#put(other.ref, (known) => (known ? null : other));
      written += 1;
    }
    return written;
  }

  /** Patients with one of the same numbers, of whom the collection says nothing yet. */
  #othersAt({ ref, conversation, confidential, phones }: Reach): readonly Reach[] {
    const { settings } = this.#texting;
    if (settings === null || (conversation === null && confidential === null)) return [];
    const { sharing, record } = this.#ports;
    const others = new Set(phones.flatMap(({ number }) => sharing(number)));
    return [...others].flatMap((one) => {
      if (one === ref || this.#texting.reach(one) !== null) return [];
      const reach = newReach(one, record(one), settings);
      const isShared = reach.phones.some(({ number }) => phones.some((phone) => phone.number === number));
      return isShared ? [reach] : [];
    });
  }

  async #put(ref: string, decide: (known: Reach | null) => Reach | null): Promise<void> {
    const collection = await this.#ports.sealed.named('texting');
    await collection.put(`reach:${ref}`, (newest) => {
      const decoded = newest?.value ? textingCodec.decode(newest.value) : null;
      const next = decide(decoded?.ok && decoded.value.t === 'reach' ? decoded.value : null);
      return next && textingCodec.encode(next);
    });
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((word, index) => word === other[index]);
}
