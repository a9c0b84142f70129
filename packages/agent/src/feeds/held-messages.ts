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
/** For a person to look at; what comes beyond them is refused, so that junk fills no storage. */
const MOST_UNUSABLE = 500;
/** Visits of patients who are not known (yet), which junk must not push out: as many as a large hospital registers in a day. */
const MOST_UNKNOWN = 5000;
const LOOK_MS = 5 * 60_000;
const SOON_MS = 500;

/** `full`: it is not kept, and whoever sent it has to hear so. */
export type Held = 'new' | 'known' | 'full';

/**
 * Takes a held message up again: `used` where it is now in its place, or of no more use; `waits` where its patient is still not known. What it throws
 * leaves the message for the next look.
 */
export type TakeAgain = (held: HeldMessage) => Promise<'used' | 'waits'>;

/** Messages that could not be used yet, or at all, sealed, for a person to look at; taken up again when patients become known. */
export class HeldMessages {
  readonly #ports: FeedPorts;
  readonly #again: TakeAgain;
  /** What may lie there, by id. */
  readonly #codes = new Map<string, HeldMessage['code']>();
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
   * `name`: what the message is about; a newer one about the same takes its place.
   */
  async hold(name: string, code: HeldMessage['code'], raw: string): Promise<Held> {
    const { context, values, feed } = this.#ports;
    const id = await idOf(feed, name);
    const at = context.clock.nowMs();
    const kept = raw.slice(0, LONGEST_RAW);
    if (!this.#codes.has(id) && this.#isFull(code)) return 'full';
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
    this.#codes.set(id, code);
    return isNew ? 'new' : 'known';
  }

  #isFull(code: HeldMessage['code']): boolean {
    const isUnknown = code === 'unknown-patient';
    const alike = [...this.#codes.values()].filter((held) => (held === 'unknown-patient') === isUnknown);
    return alike.length >= (isUnknown ? MOST_UNKNOWN : MOST_UNUSABLE);
  }

  async drop(name: string): Promise<void> {
    const id = await idOf(this.#ports.feed, name);
    if (this.#codes.has(id)) await this.#remove(id);
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
    if (isOfUse && this.#codes.size > 0) this.lookSoon();
  }

  #note(value: AppointmentsValue): void {
    if (value.t === 'held' && value.feed === this.#ports.feed) this.#codes.set(value.id, value.code);
  }

  async #look(): Promise<void> {
    const { context, values } = this.#ports;
    for (const id of [...this.#codes.keys()]) {
      if (!this.#acting || !context.lease.isHeld) return;
      const kept = (await values.get(`held:${id}`))?.value;
      if (kept?.t !== 'held') {
        this.#codes.delete(id);
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
    this.#codes.delete(id);
  }
}

/** Of names that are made of anything. */
async function idOf(feed: string, name: string): Promise<string> {
  const text = new Uint8Array(encodeUtf8(`sg/held/v1\0${feed}\0${name}`));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  return encodeBase64Url(digest.slice(0, 16));
}
