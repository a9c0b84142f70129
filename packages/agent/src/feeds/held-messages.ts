import { encodeBase64Url, encodeUtf8 } from '@baton/kernel';
import type { AppointmentsValue, HeldMessage } from '@baton/wire';
import type { KeptValue } from '../session/named-values.ts';
import type { FeedPorts } from './feed-ports.ts';
import { Soonest } from './soonest.ts';

const HOUR_MS = 3_600_000;
/** An unknown patient may become known within this time (docs/protocol/programmes.md §1). */
const UNKNOWN_MS = 24 * HOUR_MS;
/** What cannot be used at all waits for a person. */
const UNUSABLE_MS = 14 * 24 * HOUR_MS;
const LONGEST_RAW = 60_000;
const MOST_HELD = 1000;
const LOOK_MS = 5 * 60_000;
const SOON_MS = 500;

/**
 * Takes a held message up again: `used` where it is now in its place, or of no more use; `waits` where its patient is still not known. What it throws
 * leaves the message for the next look.
 */
export type TakeAgain = (held: HeldMessage) => Promise<'used' | 'waits'>;

/** Messages that could not be used yet, or at all, sealed, for a person to look at; taken up again when patients become known. */
export class HeldMessages {
  readonly #ports: FeedPorts;
  readonly #again: TakeAgain;
  /** Ids that may lie there. */
  readonly #ids = new Set<string>();
  readonly #next: Soonest;
  #off: () => void = () => {};
  #acting = false;

  constructor(ports: FeedPorts, again: TakeAgain) {
    this.#ports = ports;
    this.#again = again;
    this.#next = new Soonest(ports.context, async () => {
      await this.#look();
      this.#next.in(LOOK_MS);
    });
  }

  /**
   * `name`: what the message is about; a newer one about the same takes its place. Answers whether it was not held before. More than MOST_HELD are
   * not kept: whoever sends junk fills no storage with it.
   */
  async hold(name: string, code: HeldMessage['code'], raw: string): Promise<boolean> {
    const { context, values, feed } = this.#ports;
    const id = await idOf(feed, name);
    const at = context.clock.nowMs();
    const kept = raw.slice(0, LONGEST_RAW);
    if (this.#ids.size >= MOST_HELD && !this.#ids.has(id)) return false;
    context.lease.requireHeld();
    const isNew = await values.update(`held:${id}`, (newest) => {
      const known = newest?.value.t === 'held' ? newest.value : null;
      if (known?.code === code && known.raw === kept) return null;
      return {
        t: 'held',
        id,
        feed,
        at,
        until: at + (code === 'unknown-patient' ? UNKNOWN_MS : UNUSABLE_MS),
        code,
        raw: kept,
        // Whose it is has been said of the visit, not of one message about it.
        ref: known?.ref ?? null,
      };
    });
    this.#ids.add(id);
    return isNew;
  }

  async drop(name: string): Promise<void> {
    const id = await idOf(this.#ports.feed, name);
    if (this.#ids.has(id)) await this.#remove(id);
  }

  /** While this station acts. `known`: all values, read after this was called. */
  async start(known: Promise<readonly KeptValue<AppointmentsValue>[]>): Promise<void> {
    this.#acting = true;
    this.#next.start();
    this.#off = this.#ports.values.subscribe((stored) => this.#stored(stored));
    for (const { value } of await known) this.#note(value);
    this.lookSoon();
  }

  async stop(): Promise<void> {
    this.#acting = false;
    this.#off();
    await this.#next.stop();
  }

  /** More patients may be known now. */
  lookSoon(): void {
    this.#next.in(SOON_MS);
  }

  #stored(stored: readonly AppointmentsValue[]): void {
    let isOfUse = false;
    for (const value of stored) {
      this.#note(value);
      isOfUse ||= value.t === 'patient-map' || (value.t === 'held' && value.ref !== null);
    }
    if (isOfUse && this.#ids.size > 0) this.lookSoon();
  }

  #note(value: AppointmentsValue): void {
    if (value.t === 'held' && value.feed === this.#ports.feed) this.#ids.add(value.id);
  }

  async #look(): Promise<void> {
    const { context, values } = this.#ports;
    for (const id of [...this.#ids]) {
      if (!this.#acting || !context.lease.isHeld) return;
      const kept = (await values.get(`held:${id}`))?.value;
      if (kept?.t !== 'held') {
        this.#ids.delete(id);
        continue;
      }
      try {
        const mayBeUsed = kept.ref !== null || kept.code === 'unknown-patient';
        const isDone = mayBeUsed && (await this.#again(kept)) === 'used';
        if (isDone || kept.until <= context.clock.nowMs()) await this.#remove(id);
      } catch {
        void context.activity.note('held.again', [], 'failed');
      }
    }
  }

  async #remove(id: string): Promise<void> {
    this.#ports.context.lease.requireHeld();
    await this.#ports.values.remove(`held:${id}`);
    this.#ids.delete(id);
  }
}

/** Of names that are made of anything. */
async function idOf(feed: string, name: string): Promise<string> {
  const text = new Uint8Array(encodeUtf8(`sg/held/v1\0${feed}\0${name}`));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  return encodeBase64Url(digest.slice(0, 16));
}
