import type { Drawer } from '@baton/agent';
import { type Clock, decodeUtf8, encodeUtf8 } from '@baton/kernel';

const PREFIX = 'replays/';
/** Carriers repeat for a day at most; what comes later is known by its message id. */
const KEPT_MS = 8 * 24 * 3_600_000;
/** Looked through for what is too old once in so many. */
const SWEEP_EVERY = 500;

/** Which of a carrier's requests were taken: one that comes again does nothing. On this station; a restart does not forget. */
export class ReplayBook {
  readonly #drawer: Drawer;
  readonly #clock: Clock;
  #since = 0;

  constructor(drawer: Drawer, clock: Clock) {
    this.#drawer = drawer;
    this.#clock = clock;
  }

  /** `key`: the carrier's name and id of what it says. */
  async isKnown(key: string): Promise<boolean> {
    return (await this.#drawer.get(PREFIX + (await opaque(key)))) !== null;
  }

  async take(key: string): Promise<void> {
    await this.#drawer.put(PREFIX + (await opaque(key)), encodeUtf8(String(this.#clock.nowMs())));
    this.#since += 1;
    if (this.#since % SWEEP_EVERY === 1) await this.#sweep();
  }

  async #sweep(): Promise<void> {
    const oldest = this.#clock.nowMs() - KEPT_MS;
    for (const { key, value } of await this.#drawer.list(PREFIX))
      if (Number(decodeUtf8(value) ?? 0) < oldest) await this.#drawer.remove(key);
  }
}

async function opaque(key: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', Buffer.from(key));
  return Buffer.from(hash).toString('base64url').replace(/^[-_]/, '0');
}
