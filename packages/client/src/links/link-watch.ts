import type { AccountId, InvitationId, Rng, Timers, TimestampMs } from '@baton/kernel';
import { type KeyLogState, listInvitations } from '@baton/ledger';
import { type PatientLinkState, patientLinksPage } from '@baton/wire';
import type { Alarms } from '../alarms/alarms.ts';
import { isClientError } from '../failure.ts';
import type { Rest } from '../rest/rest.ts';

const LOOK_MS = 60_000;
/** What any of the staff may do is done after a pause of one's own, at most so long: not everybody at once. */
const MOST_PAUSE_MS = 8000;

export interface LinkWatchPorts {
  readonly rest: Rest;
  readonly timers: Timers;
  readonly clock: { nowMs(): TimestampMs };
  readonly alarms: Alarms;
  readonly keyLog: { readonly state: KeyLogState };
  readonly may: (action: string) => boolean;
  readonly isOnline: () => boolean;
  /** As staff know whose link it is; null where this device does not. */
  readonly nameOf: (account: AccountId) => string | null;
  /** What `find` answers is another. */
  readonly changed: () => void;
  readonly rng: Rng;
  /** After each look, while there are links. `pause` answers false where the session ends meanwhile. */
  readonly looked: (pause: () => Promise<boolean>) => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/**
 * How patients' links stand at the server, asked once a minute while any is in its time. A link that was tried after its use, and one whose tries
 * are gone, is an alarm: somebody else may have it (threat T15).
 */
export class LinkWatch {
  readonly #ports: LinkWatchPorts;
  readonly #known = new Map<InvitationId, PatientLinkState>();
  #pos = 0;
  #cancel: () => void = () => {};
  #running: Promise<void> | null = null;
  #tending: Promise<void> | null = null;
  #stopped = false;
  #wake: () => void = () => {};

  constructor(ports: LinkWatchPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#later(0);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
    this.#wake();
  }

  async idle(): Promise<void> {
    await this.#running;
    await this.#tending;
  }

  find(invitation: InvitationId): PatientLinkState | null {
    return this.#known.get(invitation) ?? null;
  }

  /** Looks now. */
  look(): Promise<void> {
    this.#running ??= this.#look()
      .catch((error: unknown) => {
        if (!isClientError(error)) this.#ports.failed(error);
      })
      .finally(() => {
        this.#running = null;
      });
    return this.#running;
  }

  #later(afterMs: number): void {
    if (this.#stopped) return;
    this.#cancel = this.#ports.timers.after(afterMs, () => {
      void this.look().then(() => this.#later(LOOK_MS));
    });
  }

  async #look(): Promise<void> {
    const { may, isOnline } = this.#ports;
    if (!isOnline() || !may('people.invite.patient') || !this.#isAnyInTime()) return;
    await this.#fetch();
    // It takes its time; another look does not wait for it.
    if (!this.#stopped) this.#tending ??= this.#tend();
  }

  async #tend(): Promise<void> {
    const { looked, failed } = this.#ports;
    try {
      await looked(() => this.#pause());
    } catch (error) {
      if (!isClientError(error)) failed(error);
    } finally {
      this.#tending = null;
    }
  }

  #pause(): Promise<boolean> {
    const { rng, timers } = this.#ports;
    if (this.#stopped) return Promise.resolve(false);
    const [draw = 0] = rng.bytes(1);
    return new Promise((resolve) => {
      const cancel = timers.after((draw * MOST_PAUSE_MS) / 255, () => resolve(true));
      this.#wake = () => {
        cancel();
        resolve(false);
      };
    });
  }

  #isAnyInTime(): boolean {
    const { keyLog, clock } = this.#ports;
    const nowMs = clock.nowMs();
    return listInvitations(keyLog.state).some(
      ({ statement }) => statement.kind === 'patient' && statement.notAfter > nowMs,
    );
  }

  async #fetch(): Promise<void> {
    for (;;) {
      const page = await this.#ports.rest.call({
        method: 'GET',
        path: '/patient-links',
        query: { after: this.#pos },
        answer: patientLinksPage,
      });
      for (const link of page.links) this.#take(link);
      if (page.links.length > 0) this.#ports.changed();
      const isFurther = page.pos > this.#pos;
      this.#pos = Math.max(this.#pos, page.pos);
      if (!page.more || !isFurther) return;
    }
  }

  #take(link: PatientLinkState): void {
    const { alarms, clock, nameOf } = this.#ports;
    this.#known.set(link.invitation, link);
    const name = nameOf(link.account) ?? 'a patient';
    if (link.secondClaims > 0)
      alarms.raise({
        code: 'conflict.claimed',
        severity: 'danger',
        about: `link.${link.invitation}.second`,
        sentence: `Somebody tried the link of ${name} after it had been used. Call ${name} on a known number and ask whether it was they who used it.`,
      });
    const isOpen = link.claimedAt === null && !link.replaced && link.notAfter > clock.nowMs();
    if (link.triesLeft === 0 && isOpen)
      alarms.raise({
        code: 'auth.locked',
        severity: 'danger',
        about: `link.${link.invitation}.tries`,
        sentence: `Five wrong codes were tried with the link of ${name}. Call ${name} on a known number before you send a new one.`,
      });
  }
}
