import { createHash } from 'node:crypto';
import {
  type AccountId,
  type Bytes,
  encodeHex,
  type Id,
  type IdKind,
  makeId,
  type OrgId,
  type QueueId,
  type RoleId,
} from '@baton/kernel';
import {
  type AccountFacts,
  applyRecord,
  type BatonFacts,
  createBatonFacts,
  defaultLadders,
  defaultPolicy,
  type DutyOrg,
  emptyRecordBook,
  newestRecord,
  type RecordBook,
  type RoleListing,
} from '@baton/policy';
import { type Job, type RecordBody, recordSubject, type Schedule } from '@baton/wire';

export const TIME_ZONE = 'America/Chicago';
export const ORG: OrgId = idOf('org', 'synthetic');

function digestOf(text: string): Bytes {
  return new Uint8Array(createHash('sha256').update(text).digest());
}

export function idOf<Kind extends IdKind>(kind: Kind, name: string): Id<Kind> {
  return makeId(kind, digestOf(`${kind}:${name}`).slice(0, 16));
}

export interface Unit {
  readonly name: string;
  readonly setting: 'inpatient' | 'outpatient';
  readonly onCall: RoleId;
  readonly charge: RoleId;
  readonly backup: RoleId;
  readonly queue: QueueId;
  readonly people: Readonly<Record<'nurse' | 'physician' | 'assistant' | 'other', readonly AccountId[]>>;
}

const SHIFTS = ['day', 'night'] as const;
const SIZES = { nurse: 14, physician: 8, assistant: 6, other: 6 } as const;
const JOB_OF = {
  nurse: 'nurse',
  physician: 'physician',
  assistant: 'medical-assistant',
  other: 'social-worker',
} as const satisfies Record<keyof Unit['people'], Job>;

/** Units with their staff, roles, schedules and records; changes as days go by. */
export class Staff {
  readonly units: readonly Unit[];
  readonly supervisor = idOf('role', 'duty supervisor');
  /** When a person works: half of them by night. */
  readonly shiftOf = new Map<AccountId, (typeof SHIFTS)[number]>();
  readonly unitOf = new Map<AccountId, Unit>();
  readonly #accounts = new Map<AccountId, AccountFacts>();
  readonly #keyrings = new Map<RoleId, AccountId[]>();
  readonly #roles: RoleListing[] = [];
  readonly #administrator = idOf('account', 'administrator');
  #book: RecordBook = emptyRecordBook();
  #facts: BatonFacts | null = null;

  constructor(unitCount: number, startMs: number) {
    this.#admit(this.#administrator, 'it-admin', 0);
    const supervisors = Array.from({ length: 6 }, (_, index) => idOf('account', `supervisor ${index}`));
    for (const [index, id] of supervisors.entries()) this.#admit(id, 'charge-nurse', index);
    this.#define(this.supervisor, { name: 'Duty supervisor', unit: null, holders: supervisors });
    this.units = Array.from({ length: unitCount }, (_, index) => this.#makeUnit(index));
    for (const body of Object.values(defaultLadders())) this.save(body, startMs);
    this.save(defaultPolicy(this.supervisor), startMs);
    this.save(this.#schedule(this.supervisor, supervisors), startMs);
    for (const unit of this.units) this.#saveUnit(unit, startMs);
  }

  get size(): number {
    return this.#accounts.size;
  }

  get facts(): BatonFacts {
    this.#facts ??= createBatonFacts(this.#book, this.#org());
    return this.#facts;
  }

  save(body: RecordBody, atMs: number): void {
    const before = newestRecord(this.#book, recordSubject(body));
    const version = (before?.record.version ?? 0) + 1;
    const author = this.#administrator;
    const dk = digestOf('device');
    const prev = before?.hash ?? null;
    const record = { v: 1, t: 'record', org: ORG, version, prev, author, dk, ts: atMs, body } as const;
    const nowhere = { onDutyIn: () => false, inChargeOf: () => false };
    const actor = { account: author, jobs: ['it-admin'], active: true, ...nowhere } as const;
    const hash = digestOf(`record ${this.#book.size + 1}`);
    const saved = applyRecord(this.#book, { record, hash, at: atMs, pos: this.#book.size + 1 }, actor);
    if (!saved.ok) throw new Error(`${body.kind}: ${saved.error.code} at ${saved.error.at}`);
    this.#book = saved.value;
    this.#facts = null;
  }

  deactivate(account: AccountId): void {
    const facts = this.#accounts.get(account);
    if (facts !== undefined) this.#accounts.set(account, { ...facts, active: false });
    this.#facts = null;
  }

  /** A role's schedule without anybody: a rota that somebody forgot to fill. */
  emptySchedule(role: RoleId): Schedule {
    return { ...this.#schedule(role, []), role };
  }

  #makeUnit(index: number): Unit {
    const setting = index % 3 === 2 ? 'outpatient' : 'inpatient';
    const name = `${setting === 'inpatient' ? 'Ward' : 'Clinic'} ${index + 1}`;
    const group = (kind: keyof Unit['people']): AccountId[] =>
      Array.from({ length: SIZES[kind] }, (_, place) => {
        const id = idOf('account', `${name} ${kind} ${place}`);
        this.#admit(id, JOB_OF[kind], setting === 'inpatient' ? place : 0);
        return id;
      });
    const people = {
      nurse: group('nurse'),
      physician: group('physician'),
      assistant: group('assistant'),
      other: group('other'),
    };
    const unit: Unit = {
      name,
      setting,
      people,
      onCall: idOf('role', `${name} on call`),
      charge: idOf('role', `${name} charge`),
      backup: idOf('role', `${name} backup`),
      queue: idOf('queue', `${name} requests`),
    };
    this.#define(unit.onCall, { name: `${name} on call`, unit: name, holders: people.physician.slice(0, 4) });
    this.#define(unit.backup, { name: `${name} backup`, unit: name, holders: people.physician.slice(4) });
    this.#define(unit.charge, { name: `${name} charge`, unit: name, holders: people.nurse.slice(0, 4) });
    for (const id of Object.values(people).flat()) this.unitOf.set(id, unit);
    return unit;
  }

  #saveUnit(unit: Unit, atMs: number): void {
    this.save(
      {
        kind: 'unit',
        unit: idOf('unit', unit.name),
        name: unit.name,
        backup: unit.backup,
        charge: unit.charge,
        ladders: { reply: null, talk: null, stat: null },
        callback: null,
        showSender: { reply: false, talk: false, stat: true },
        active: true,
      },
      atMs,
    );
    for (const role of [unit.onCall, unit.backup, unit.charge])
      this.save(this.#schedule(role, this.#keyrings.get(role) ?? []), atMs);
    const { queue, charge } = unit;
    const roles = [unit.charge];
    this.save(
      { kind: 'queue', queue, name: `${unit.name} requests`, roles, defaultOwner: charge, active: true },
      atMs,
    );
  }

  /** Twelve hours each, by turns through the week: those of the day by day, those of the night by night. */
  #schedule(role: RoleId, holders: readonly AccountId[]): Schedule {
    const weekly =
      holders.length === 0
        ? []
        : [1, 2, 3, 4, 5, 6, 7].flatMap((day) =>
            SHIFTS.flatMap((shift) => {
              const able = holders.filter((id) => this.shiftOf.get(id) === shift);
              const account = (able.length > 0 ? able : holders)[
                day % (able.length > 0 ? able : holders).length
              ];
              if (account === undefined) return [];
              const [from, to] = shift === 'day' ? [7 * 60, 19 * 60] : [19 * 60, 7 * 60];
              return [{ day, from, to, account }];
            }),
          );
    return { kind: 'schedule', role, timeZone: TIME_ZONE, weekly, active: true };
  }

  #define(
    role: RoleId,
    { name, unit, holders }: { name: string; unit: string | null; holders: readonly AccountId[] },
  ): void {
    this.#roles.push({
      role,
      name,
      unit,
      active: true,
      keyring: idOf('conversation', encodeHex(digestOf(role))),
    });
    this.#keyrings.set(role, [...holders]);
  }

  #admit(id: AccountId, job: Job, place: number): void {
    const jobs = [job];
    this.#accounts.set(id, { kind: 'user', active: true, jobs, boxKeyGen: 1, manifest: null, revokedAt: -1 });
    this.shiftOf.set(id, place % 2 === 0 ? 'day' : 'night');
  }

  #org(): DutyOrg {
    const roles = new Map(this.#roles.map((listing) => [listing.role, listing]));
    return {
      view: {
        account: (id) => this.#accounts.get(id) ?? null,
        role: (id) => {
          const listing = roles.get(id);
          return listing === undefined
            ? null
            : { kind: 'duty', active: listing.active, keyring: listing.keyring, keyGen: 1 };
        },
        custodianGen: 1,
        manifest: () => null,
        schedule: () => null,
        invitation: () => null,
        trustsDutyAgents: false,
      },
      roles: () => this.#roles,
      keyringMembers: (role) => this.#keyrings.get(role) ?? [],
      accounts: () => [...this.#accounts.keys()],
    };
  }
}
