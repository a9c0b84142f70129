import {
  type EventId,
  type LadderId,
  newId,
  type OwnerId,
  type QueueId,
  type Rng,
  type UnitId,
} from '@baton/kernel';
import type { Availability, Ladder, OrgPolicy, Queue, Unit } from '@baton/wire';
import type { Owner } from '../api/batons.ts';
import type { Duty, DutyRow } from '../api/duty.ts';
import { ClientError } from '../failure.ts';
import { LiveView, type Soon } from '../live/cell.ts';
import type { Names } from '../timeline/fold.ts';
import { isId } from '@baton/kernel';

export interface DutyPorts {
  readonly rng: Rng;
  readonly soon: Soon;
  readonly names: Names;
}

/** Roles, schedules, ladders and who is on duty. */
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
    this.roles = new LiveView(ports.soon, () => []);
    this.me = new LiveView<Availability | null>(ports.soon, () => null);
    this.policy = new LiveView<OrgPolicy | null>(ports.soon, () => null);
    this.ladders = new LiveView(ports.soon, () => []);
    this.units = new LiveView(ports.soon, () => []);
    this.queues = new LiveView(ports.soon, () => []);
  }

  owner(id: OwnerId): Owner | null {
    return isId('queue', id) ? null : this.#ports.names.member(id as Parameters<Names['member']>[0]);
  }

  spans() {
    return [];
  }

  preview() {
    return { steps: [], findings: [] };
  }

  setAvailability() {
    return notYet();
  }

  askToTake() {
    return notYet();
  }

  giveRole() {
    return notYet();
  }

  saveSchedule() {
    return notYet();
  }

  endCover(_cover: EventId) {
    return notYet();
  }

  saveLadder() {
    return notYet();
  }

  saveUnit() {
    return notYet();
  }

  saveQueue() {
    return notYet();
  }

  savePolicy() {
    return notYet();
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

  establish() {
    return notYet();
  }
}

function notYet(): Promise<void> {
  return Promise.reject(new ClientError('server.not_ready', 'duty'));
}
