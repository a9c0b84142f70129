import type {
  AccountId,
  EventId,
  LadderId,
  MemberId,
  OwnerId,
  QueueId,
  RoleId,
  TimestampMs,
  UnitId,
} from '@baton/kernel';
import type { Availability, Contract, Cover, Ladder, OrgPolicy, Queue, Schedule, Unit } from '@baton/wire';
import type { LadderPreview, Owner } from './batons.ts';
import type { Person, Role } from './directory.ts';
import type { Live } from './live.ts';

export interface DutyRow {
  readonly role: Role;
  /** On duty now. */
  readonly onDuty: readonly Person[];
  /** The same persons, each with their own time: until when (null: until changed), and how it is known. */
  readonly spans: readonly {
    readonly person: Person;
    readonly until: TimestampMs | null;
    readonly by: 'schedule' | 'cover' | 'keyring';
  }[];
  /** When others are on duty, as far as schedule and covers say; null: until changed. */
  readonly until: TimestampMs | null;
  readonly next: readonly Person[];
  /** How it is known: by schedule, by a cover record, or because they hold the keyring. */
  readonly by: 'schedule' | 'cover' | 'keyring';
  /** On duty by schedule but without the role's keys yet. */
  readonly withoutKeys: readonly Person[];
  /** Holds the keys but is not on duty any more. */
  readonly leaving: readonly Person[];
  readonly schedule: Schedule | null;
  readonly covers: readonly Cover[];
  readonly mine: boolean;
  readonly can: { readonly take: boolean; readonly give: boolean; readonly schedule: boolean };
  /** The assistant that makes the entries of the schedule here; null: switched off. */
  readonly agent: Person | null;
}

/** One change of hands ahead, for the plot of a week. */
export interface DutySpan {
  readonly account: AccountId;
  readonly name: string;
  readonly from: TimestampMs;
  readonly until: TimestampMs;
  readonly by: 'schedule' | 'cover';
}

export interface Finding {
  readonly severity: 'problem' | 'notice';
  /** English sentence; `code` is for translation. */
  readonly sentence: string;
  readonly code: string;
}

export interface Duty {
  readonly roles: Live<readonly DutyRow[]>;
  readonly me: Live<Availability | null>;
  readonly policy: Live<OrgPolicy | null>;
  readonly ladders: Live<readonly Ladder[]>;
  readonly units: Live<readonly Unit[]>;
  readonly queues: Live<readonly Queue[]>;
  /** Everybody or everything that can be addressed. */
  owner(id: OwnerId): Owner | null;
  spans(role: RoleId, from: TimestampMs, until: TimestampMs): readonly DutySpan[];
  /** Who would be reached when for a message sent at `at` to `to`; what does not work is a finding. */
  preview(input: {
    readonly to: OwnerId;
    readonly contract: Exclude<Contract, 'fyi'>;
    readonly withinMs: number;
    readonly at: TimestampMs;
    /** Instead of the one in force: a ladder being edited. */
    readonly ladder?: Ladder;
  }): { readonly steps: readonly LadderPreview[]; readonly findings: readonly Finding[] };
  setAvailability(input: {
    readonly duty: 'on' | 'off';
    readonly cover: MemberId | null;
    readonly until: TimestampMs | null;
  }): Promise<void>;
  /** Asks whoever holds the role (or the charge role of its unit where nobody does) to hand it over to me. */
  askToTake(role: RoleId): Promise<void>;
  /** Hands a role that I hold, or am in charge of, to somebody: keyring and cover record. `until` null: 12 hours at most. */
  giveRole(input: {
    readonly role: RoleId;
    readonly to: AccountId;
    readonly instead: AccountId | null;
    readonly until: TimestampMs | null;
  }): Promise<void>;
  saveSchedule(schedule: Schedule): Promise<void>;
  endCover(cover: EventId): Promise<void>;
  saveLadder(ladder: Ladder): Promise<void>;
  saveUnit(unit: Unit): Promise<void>;
  saveQueue(queue: Queue): Promise<void>;
  savePolicy(policy: OrgPolicy): Promise<void>;
  newLadderId(): LadderId;
  newUnitId(): UnitId;
  newQueueId(): QueueId;
  /** Makes what an organisation starts with: a Duty supervisor role held by me, three ladders and the policy. Does nothing where there is one. */
  establish(): Promise<void>;
}
