import {
  type AccountId,
  type EventId,
  isId,
  type LadderId,
  newId,
  type OwnerId,
  type QueueId,
  type Rng,
  type RoleId,
  type TimestampMs,
  type UnitId,
} from '@baton/kernel';
import {
  availabilityOf,
  defaultLadders,
  defaultPolicy,
  dutySpans,
  laddersOf,
  policyOf,
  previewLadder,
  queueOf,
  queuesOf,
  scheduleOf,
  unitsOf,
} from '@baton/policy';
import type { Availability, Cover, Ladder, OrgPolicy, Queue, Schedule, Unit } from '@baton/wire';
import type { Owner } from '../api/batons.ts';
import type { Role } from '../api/directory.ts';
import type { Duty, DutyRow } from '../api/duty.ts';
import type { People } from '../api/people.ts';
import type { DirectoryBook } from '../directory/directory-book.ts';
import { ClientError } from '../failure.ts';
import { LiveView, type Soon } from '../live/cell.ts';
import type { RoleKeeper } from '../roles/role-keeper.ts';
import type { ServerClock } from '../sync/server-clock.ts';
import { callbackOf } from './callback.ts';
import { describeDuty } from './duty-row.ts';
import type { OrgFacts } from './org-facts.ts';
import type { RecordLog } from './record-log.ts';
import type { RecordWriter } from './record-writer.ts';

/** A role that is handed over without a time is held so long. */
const LONGEST_HAND_OVER_MS = 12 * 3_600_000;
const SUPERVISOR_NAME = 'Duty supervisor';

export interface DutyPorts {
  readonly me: AccountId;
  readonly rng: Rng;
  readonly clock: ServerClock;
  readonly soon: Soon;
  readonly directory: DirectoryBook;
  readonly records: RecordLog;
  readonly writer: RecordWriter;
  readonly facts: OrgFacts;
  readonly roleKeeper: RoleKeeper;
  readonly people: Pick<People, 'defineRole'>;
  readonly may: (action: string) => boolean;
  /** Writes to the conversation of `to`: who writes asks to take over `role`. */
  readonly askFor: (input: {
    readonly role: Role;
    readonly to: RoleId;
    readonly withinMs: number;
  }) => Promise<void>;
}

/** Roles, schedules, ladders and who is on duty, from the organisation's verified records. */
export class DutyDesk implements Duty {
  readonly roles: LiveView<readonly DutyRow[]>;
  readonly me: LiveView<Availability | null>;
  readonly policy: LiveView<OrgPolicy | null>;
  readonly ladders: LiveView<readonly Ladder[]>;
  readonly units: LiveView<readonly Unit[]>;
  readonly queues: LiveView<readonly Queue[]>;
  readonly #ports: DutyPorts;

  constructor(ports: DutyPorts) {
    this.#ports = ports;
    const { soon, records, me } = ports;
    this.roles = new LiveView(soon, () => this.#listRoles());
    this.me = new LiveView(soon, () => availabilityOf(records.book, me));
    this.policy = new LiveView(soon, () => policyOf(records.book));
    this.ladders = new LiveView(soon, () => laddersOf(records.book).filter(isActive));
    this.units = new LiveView(soon, () => unitsOf(records.book).filter(isActive));
    this.queues = new LiveView(soon, () => queuesOf(records.book).filter(isActive));
  }

  /** Records, roles or keyrings changed. */
  invalidate(): void {
    for (const view of [this.roles, this.me, this.policy, this.ladders, this.units, this.queues])
      view.invalidate();
  }

  /** Time passed: others may be on duty. */
  tick(): void {
    this.roles.invalidate();
  }

  owner(id: OwnerId): Owner | null {
    const { directory, records } = this.#ports;
    if (!isId('queue', id)) return directory.member(id);
    const queue = queueOf(records.book, id);
    if (!queue) return null;
    return { kind: 'queue', id, name: queue.name, defaultOwner: directory.member(queue.defaultOwner) };
  }

  /** Number to call: the unit's, else the organisation's. */
  callback(unit: string | null): string | null {
    return callbackOf(this.#ports.records.book, unit);
  }

  spans(role: RoleId, from: TimestampMs, until: TimestampMs) {
    const { records, facts, directory } = this.#ports;
    return dutySpans(role, from, until, { book: records.book, org: facts.org() }).flatMap((span) =>
      span.by === 'keyring' ? [] : [{ ...span, by: span.by, name: directory.person(span.account).name }],
    );
  }

  preview(input: Parameters<Duty['preview']>[0]) {
    const { facts, directory } = this.#ports;
    const { steps, findings } = previewLadder(input, facts.now());
    return {
      steps: steps.flatMap(({ target, reaches, ...step }) => {
        const owner = this.owner(target);
        return owner ? [{ ...step, target: owner, reaches: reaches.map(directory.person) }] : [];
      }),
      findings,
    };
  }

  setAvailability(input: Omit<Availability, 'kind' | 'account'>): Promise<void> {
    const { writer, me } = this.#ports;
    return writer.saveOver(() => ({ kind: 'availability', account: me, ...input }));
  }

  async askToTake(id: RoleId): Promise<void> {
    const { facts, clock, directory } = this.#ports;
    const role = directory.role(id);
    const policy = this.policy.read();
    if (!role) throw new ClientError('request.not_found', 'role');
    if (!policy) throw new ClientError('duty.no_supervisor', 'policy');
    const now = facts.now();
    const isHeld = now.holders(id, clock.nowMs()).length > 0;
    const to = isHeld ? id : (now.target('charge', role.unit) ?? now.supervisor());
    if (!isId('role', to)) throw new ClientError('request.not_found', 'role');
    await this.#ports.askFor({ role, to, withinMs: Math.min(...policy.replyWithinMs) });
  }

  async giveRole(input: Parameters<Duty['giveRole']>[0]): Promise<void> {
    const { roleKeeper, writer, clock, rng, directory } = this.#ports;
    const { role, to, instead } = input;
    const view = directory.role(role);
    if (!view) throw new ClientError('request.not_found', 'role');
    const from = clock.nowMs();
    const until = input.until ?? from + LONGEST_HAND_OVER_MS;
    const cover: Cover = {
      kind: 'cover',
      cover: newId('event', rng),
      role,
      account: to,
      instead: instead === to ? null : instead,
      from,
      until,
      active: true,
    };
    // Whoever gives it away can still sign for it; the keys follow, the leaving person's last.
    await writer.save(cover);
    // One in charge of the unit decides without holding the keys: whoever keeps them follows, and until then the board says who cannot read.
    if (!view.heldByMe) return;
    await roleKeeper.addHolder(role, to);
    if (instead !== null && instead !== to) await roleKeeper.removeHolder(role, instead);
  }

  saveSchedule(schedule: Schedule): Promise<void> {
    return this.#ports.writer.save(schedule);
  }

  async endCover(id: EventId): Promise<void> {
    const { records, writer } = this.#ports;
    const cover = this.roles
      .read()
      .flatMap(({ covers }) => covers)
      .find((candidate) => candidate.cover === id);
    if (!cover || records.size === 0) throw new ClientError('request.not_found', 'cover');
    await writer.save({ ...cover, active: false });
  }

  saveLadder(ladder: Ladder): Promise<void> {
    return this.#ports.writer.save(ladder);
  }

  saveUnit(unit: Unit): Promise<void> {
    return this.#ports.writer.save(unit);
  }

  saveQueue(queue: Queue): Promise<void> {
    return this.#ports.writer.save(queue);
  }

  savePolicy(policy: OrgPolicy): Promise<void> {
    return this.#ports.writer.save(policy);
  }

  newLadderId(): LadderId {
    return newId('ladder', this.#ports.rng);
  }

  newUnitId(): UnitId {
    return newId('unit', this.#ports.rng);
  }

  newQueueId(): QueueId {
    return newId('queue', this.#ports.rng);
  }

  async establish(): Promise<void> {
    const { records, people, directory, writer } = this.#ports;
    await records.catchUp();
    if (policyOf(records.book)) return;
    const made = directory.roles.read().find(({ name, use }) => name === SUPERVISOR_NAME && use === 'duty');
    const role =
      made?.id ?? (await people.defineRole({ name: SUPERVISOR_NAME, unit: null, use: 'duty', holders: [] }));
    await writer.save(...Object.values(defaultLadders()), defaultPolicy(role));
  }

  #listRoles(): readonly DutyRow[] {
    const { directory, records, facts, clock, me, may } = this.#ports;
    const { book } = records;
    const now = facts.now();
    const org = facts.org();
    const rights = { hold: may('role.hold'), schedule: may('duty.schedule') };
    return directory.roles
      .read()
      .filter((role) => role.use === 'duty' || scheduleOf(book, role.id)?.active === true)
      .map((role) =>
        describeDuty({
          role,
          book,
          org,
          facts: now,
          me,
          nowMs: clock.nowMs(),
          person: directory.person,
          may: rights,
        }),
      );
  }
}

function isActive({ active }: { readonly active: boolean }): boolean {
  return active;
}
