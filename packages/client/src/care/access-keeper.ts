import type { AccountId, ConversationId, EventId, Timers } from '@baton/kernel';
import type { Consent } from '@baton/wire';
import { isClientError } from '../failure.ts';
import type { CareAgents } from './care-agents.ts';
import type { CarePorts } from './care-ports.ts';
import { isOver } from './is-over.ts';
import type { ReachKeeper } from './reach-keeper.ts';
import type { TextingBook } from './texting-book.ts';

const LOOK_MS = 60_000;
/** At most so many changes of members in one look: what is left comes with the next. */
const MOST_AT_ONCE = 50;

type KeeperPorts = Pick<CarePorts, 'may' | 'mayAdmit' | 'clock' | 'rng' | 'isOnline' | 'failed'>;

interface KeeperParts {
  readonly texting: TextingBook;
  readonly agents: CareAgents;
  readonly endPerson: (ref: string, account: AccountId) => Promise<void>;
  readonly unknown: ConversationId;
  readonly reach: Pick<ReachKeeper, 'look'>;
}

/**
 * What has to happen in patients' conversations although nobody does it by hand: proxies leave when their time is over or their consent is
 * revoked; assistants that came to the organisation later, or whose admission broke off, come in. Every device of staff with the right looks;
 * the first one does it.
 */
export class AccessKeeper {
  readonly #ports: KeeperPorts;
  readonly #parts: KeeperParts;
  readonly #timers: Timers;
  #cancel: () => void = () => {};
  #running: Promise<void> | null = null;
  #stopped = false;

  constructor(ports: KeeperPorts, parts: KeeperParts, timers: Timers) {
    this.#ports = ports;
    this.#parts = parts;
    this.#timers = timers;
  }

  /** Not at the same moment on every device of the practice. */
  start(): void {
    const [byte = 0] = this.#ports.rng.bytes(1);
    this.#later((byte / 256) * LOOK_MS);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  async idle(): Promise<void> {
    await this.#running;
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
    this.#cancel = this.#timers.after(afterMs, () => {
      void this.look().then(() => this.#later(LOOK_MS));
    });
  }

  async #look(): Promise<void> {
    const { may, isOnline } = this.#ports;
    if (!isOnline() || !this.#parts.texting.loaded || !may('people.invite.patient')) return;
    await this.#endOverdue();
    await this.#parts.reach.look();
    await this.#admitMissing();
  }

  async #endOverdue(): Promise<void> {
    const nowMs = this.#ports.clock.nowMs();
    const { texting } = this.#parts;
    for (const reach of [...texting.reaches()])
      for (const person of reach.people) {
        if (person.ended || this.#stopped) continue;
        const consentOf = (id: EventId): Consent | null => texting.consent(reach.ref, id);
        if (isOver(person, { nowMs, consentOf })) await this.#parts.endPerson(reach.ref, person.account);
      }
  }

  /** A consent was revoked: whoever was let in by it is out at once, not with the next look. */
  async endBy(ref: string, consent: EventId): Promise<void> {
    const people = this.#parts.texting.reach(ref)?.people ?? [];
    for (const person of people)
      if (person.consent === consent && !person.ended) await this.#parts.endPerson(ref, person.account);
  }

  async #admitMissing(): Promise<void> {
    const { texting, agents, unknown } = this.#parts;
    if (!this.#ports.mayAdmit()) return;
    const found = await agents.find();
    if (found.length === 0) return;
    await agents.admitToGround(unknown, found);
    let left = MOST_AT_ONCE;
    for (const { conversation, confidential, sidebar } of [...texting.reaches()])
      for (const conv of [conversation, confidential]) {
        if (conv === null || this.#stopped || left === 0) continue;
        if (await agents.admitTo(conv, sidebar, found)) left -= 1;
      }
  }
}
