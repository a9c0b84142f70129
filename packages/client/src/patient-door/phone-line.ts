import type { TimestampMs } from '@baton/kernel';
import type { ErrorCode } from '@baton/wire';
import type { ConnectionState } from '../api/session.ts';
import { isClientError } from '../failure.ts';
import { LiveCell } from '../live/cell.ts';
import type { Rest } from '../rest/rest.ts';
import { Backoff } from '../sync/backoff.ts';
import { Connection, type Push, type Welcome } from '../sync/connection.ts';
import type { ProfileVault } from '../vault/profile-secrets.ts';
import type { PhoneParts } from './assemble-phone.ts';
import type { PhonePlatform } from './phone-ports.ts';

/** A clock that is further off than this is shown, never trusted. */
const CLOCK_LIMIT_MS = 2 * 60_000;
/** Statements by which the log must have grown before the vault takes note. */
const SEEN_STEP = 10;

export interface PhoneLinePorts {
  readonly platform: PhonePlatform;
  readonly rest: Rest;
  readonly saved: ProfileVault;
  /** Made after the line, which they speak over. */
  readonly parts: () => PhoneParts;
  /** Signs in by this phone's key; false where the account has no such credential. */
  readonly signInAgain: () => Promise<boolean>;
  readonly failed: (error: unknown) => void;
}

/** The one connection of a patient's session: greets, catches up, and says how it stands. */
export class PhoneLine {
  readonly state: LiveCell<ConnectionState>;
  readonly link: Connection;
  readonly #ports: PhoneLinePorts;
  #cursor = 0;
  #atHello = { batch: 0, keylog: 0 };
  #offlineSince: TimestampMs;
  #ended: ErrorCode | null = null;
  #stopped = false;

  constructor(ports: PhoneLinePorts) {
    const { platform, rest, failed } = ports;
    const { soon, clock, transport, timers, rng } = platform;
    this.#ports = ports;
    this.#offlineSince = clock.nowMs();
    this.state = new LiveCell<ConnectionState>(soon, { state: 'connecting' });
    this.link = new Connection({
      transport,
      timers,
      backoff: new Backoff(rng),
      token: () => rest.token,
      cursor: () => {
        const { streams, keyLog } = ports.parts();
        this.#atHello = { batch: Math.max(this.#cursor, streams.newestBatch), keylog: keyLog.size };
        return this.#cursor;
      },
      events: {
        welcomed: (welcome) => void this.#welcome(welcome),
        push: (frame) => this.#push(frame),
        lost: () => this.#lost(),
        ended: (code) => void this.#signedOut(code).catch(failed),
      },
    });
  }

  /** How far this phone has stored what the server committed. */
  readonly cursor = {
    read: (): number => this.#cursor,
    save: async (batch: number): Promise<void> => {
      this.#cursor = Math.max(this.#cursor, batch);
      await this.#ports.saved.saveCursor(this.#cursor);
    },
  };

  get hasEnded(): boolean {
    return this.#ended !== null;
  }

  async load(): Promise<void> {
    this.#cursor = await this.#ports.saved.loadCursor();
  }

  stop(): void {
    this.#stopped = true;
    this.link.stop();
  }

  end(code: ErrorCode): void {
    this.#ended ??= code;
    this.link.stop();
    this.#ports.parts().sync.stop();
    this.show();
  }

  show(): void {
    if (this.#ended) return this.state.set({ state: 'ended', code: this.#ended });
    const shown = this.state.read();
    if (this.link.isOnline) {
      if (shown.state !== 'online') this.state.set({ state: 'online' });
      return;
    }
    const { unsent } = this.#ports.parts().outbox;
    if (shown.state === 'offline' && shown.unsent === unsent && shown.sinceMs === this.#offlineSince) return;
    this.state.set({ state: 'offline', sinceMs: this.#offlineSince, unsent });
  }

  /** Keeps in the vault how far the server has shown its log, so that no phone of this account accepts less later (threat T9). */
  async noteSeen(): Promise<void> {
    const { vault, keyLog } = this.#ports.parts();
    const seen = { keylog: keyLog.size, batch: this.#cursor };
    const before = vault.vault.seen;
    if (seen.keylog - before.keylog < SEEN_STEP && seen.batch - before.batch < 10 * SEEN_STEP) return;
    await vault.change((current) => ({
      ...current,
      seen: {
        keylog: Math.max(current.seen.keylog, seen.keylog),
        batch: Math.max(current.seen.batch, seen.batch),
      },
    }));
  }

  async #welcome(welcome: Welcome): Promise<void> {
    const { platform, failed } = this.#ports;
    const { alarms, keyLog, sync, outbox, marks, serverClock, vault } = this.#ports.parts();
    serverClock.note(welcome.ts);
    this.show();
    const offMs = Math.abs(platform.clock.nowMs() - welcome.ts);
    if (offMs > CLOCK_LIMIT_MS)
      alarms.raise({
        code: 'request.invalid',
        severity: 'notice',
        about: 'clock',
        sentence: `The clock of this device is off by ${Math.round(offMs / 60_000)} minutes. Set it, so that times are right.`,
      });
    // Compared with what was known when the greeting went out: own writes may have overtaken the answer.
    const { seen } = vault.vault;
    const isBehind =
      welcome.batch < Math.max(this.#atHello.batch, seen.batch) ||
      welcome.keylog < Math.max(this.#atHello.keylog, seen.keylog);
    if (isBehind) alarms.raise({ code: 'ledger.rollback', severity: 'danger', about: 'welcome' });
    // Each of these goes on by itself later; none keeps the others from starting.
    await keyLog.catchUp(welcome.keylog).catch(failed);
    outbox.kickAll();
    marks.resend();
    await sync.catchUp().catch(failed);
  }

  #push(frame: Push): void {
    const { failed } = this.#ports;
    const { sync, marks, keyLog } = this.#ports.parts();
    switch (frame.t) {
      case 'items':
      case 'missed':
        return sync.push(frame);
      case 'mark':
        return void marks.take(frame.conv, frame.mark).catch(failed);
      case 'keylog':
        return void keyLog.catchUp(frame.size).catch(failed);
      case 'records':
      case 'batons':
        return;
    }
  }

  #lost(): void {
    if (this.state.read().state === 'online') this.#offlineSince = this.#ports.platform.clock.nowMs();
    this.show();
  }

  /** The server's session ran out. A phone with a PIN goes on by its own key; what opens the messages has not left it. */
  async #signedOut(code: ErrorCode): Promise<void> {
    const canGoOn = code === 'auth.expired' || code === 'auth.required';
    if (canGoOn && !this.#stopped && (await this.#ports.signInAgain().catch(isOffline))) {
      if (!this.#stopped) this.link.start();
      return;
    }
    this.end(code);
  }
}

/** Without a connection nothing is over: the next try is the connection's. */
function isOffline(error: unknown): boolean {
  return isClientError(error, 'limit.busy');
}
