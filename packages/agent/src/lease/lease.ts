import type { Clock, Timers, TimestampMs } from '@baton/kernel';
import { z } from 'zod';
import { AgentError } from '../agent-error.ts';
import type { AgentState, Shelf } from '../state/agent-state.ts';

const leaseRow = z.strictObject({
  /** null: given back. */
  holder: z.string().nullable(),
  forMs: z.number().int().positive(),
  /** Counts the turns of holding; a fence for whoever wants to tell an old holder from a new one. */
  term: z.number().int().positive(),
});
type LeaseRow = z.infer<typeof leaseRow>;

const KEY = 'act';
const RETRY_MS = 2000;
/** A burst of changes is looked at once. */
const LOOK_MS = 250;

export interface LeasePorts {
  readonly state: Pick<AgentState, 'shelf' | 'refresh' | 'subscribe'>;
  /** One run of one station: nobody else ever has this name. */
  readonly holder: string;
  /** A clock that never goes back; only differences are taken. */
  readonly monotonic: Clock;
  readonly timers: Timers;
  /** What the server's clock shows at least now. */
  readonly serverNow: () => Promise<TimestampMs>;
  readonly forMs: number;
  readonly changed: (held: boolean) => void;
}

/** What a program sees of it. */
export interface Lease {
  readonly isHeld: boolean;
  /** Throws AgentError `lease` unless this station may act now. Called right before every effect. */
  requireHeld(): void;
  subscribe(listener: (held: boolean) => void): () => void;
}

/**
 * Of several stations with the same agent, one acts (docs/protocol/agents.md §4). The lease lies in the state collection; it ends `forMs`
 * after the server's commit time of its newest renewal. The holder counts from before it asked for the renewal and stops a sixth early, the
 * others wait for the server's clock: no error of a clock of theirs makes two holders.
 */
export class StateLease {
  readonly #ports: LeasePorts;
  readonly #shelf: Shelf<LeaseRow>;
  /** By the monotonic clock; 0 while not held. */
  #heldUntil = 0;
  #term = 0;
  #told = false;
  #running = false;
  #stopped = false;
  #cancel: () => void = () => {};
  #cancelEnd: () => void = () => {};
  #unsubscribe: () => void = () => {};

  constructor(ports: LeasePorts) {
    this.#ports = ports;
    this.#shelf = ports.state.shelf('lease', leaseRow);
  }

  get isHeld(): boolean {
    return this.#ports.monotonic.nowMs() < this.#heldUntil;
  }

  /** Which turn of holding this is. */
  get term(): number {
    return this.#term;
  }

  /** Throws AgentError `lease` unless this station may act now. Called right before every effect. */
  requireHeld(): void {
    if (!this.isHeld) throw new AgentError('lease', 'act');
  }

  start(): void {
    this.#unsubscribe = this.#ports.state.subscribe(() => {
      if (!this.isHeld && !this.#running) this.#soon(LOOK_MS);
    });
    this.#soon(0);
  }

  /** Gives it back, so that another station need not wait. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    this.#cancelEnd();
    this.#unsubscribe();
    const wasHeld = this.isHeld;
    this.#heldUntil = 0;
    if (!wasHeld) return;
    const { holder } = this.#ports;
    await this.#shelf.update(KEY, (newest) =>
      newest?.value.holder === holder ? { ...newest.value, holder: null } : undefined,
    );
  }

  #soon(delayMs: number): void {
    this.#cancel();
    if (this.#stopped) return;
    this.#cancel = this.#ports.timers.after(delayMs, () => void this.#turn());
  }

  async #turn(): Promise<void> {
    if (this.#running || this.#stopped) return;
    this.#running = true;
    let next = RETRY_MS;
    try {
      next = await this.#tryOnce();
    } catch {
      // Offline, or the state does not open now: what is held runs out by itself.
      next = Math.min(RETRY_MS, this.#ports.forMs / 4);
    } finally {
      this.#running = false;
    }
    this.#tell();
    this.#soon(next);
  }

  /** Takes or renews it where that is right. Answers when to look again, in milliseconds. */
  async #tryOnce(): Promise<number> {
    const { state, forMs, serverNow, holder } = this.#ports;
    await state.refresh();
    const found = await this.#shelf.get(KEY);
    const serverMs = await serverNow();
    if (found && !isFree(found, holder, serverMs)) {
      this.#heldUntil = 0;
      return Math.min(Math.max(found.at + found.value.forMs - serverMs, 200), forMs) + 200;
    }
    const askedAt = this.#ports.monotonic.nowMs();
    let term = 0;
    const taken = await this.#shelf.update(KEY, (newest) => {
      if (this.#stopped || (newest && !isFree(newest, holder, serverMs))) return undefined;
      term = newest?.value.holder === holder ? newest.value.term : (newest?.value.term ?? 0) + 1;
      return { holder, forMs, term };
    });
    if (!taken || this.#stopped) return RETRY_MS;
    this.#term = term;
    this.#heldUntil = askedAt + forMs - forMs / 6;
    this.#cancelEnd();
    this.#cancelEnd = this.#ports.timers.after(forMs, () => this.#tell());
    return forMs / 2;
  }

  #tell(): void {
    const held = this.isHeld;
    if (held === this.#told) return;
    this.#told = held;
    this.#ports.changed(held);
  }
}

function isFree(
  found: { readonly value: LeaseRow; readonly at: TimestampMs },
  me: string,
  serverMs: TimestampMs,
): boolean {
  const { holder, forMs } = found.value;
  return holder === null || holder === me || serverMs > found.at + forMs;
}
