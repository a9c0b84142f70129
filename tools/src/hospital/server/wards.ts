import type { AccountId, RoleId } from '@baton/kernel';
import { createPractice, type Device, type Practice, until } from '@baton/testkit';
import type { Job, Schedule } from '@baton/wire';
import { TIME_ZONE, type Unit } from '../staff.ts';
import type { Wards } from '../traffic.ts';
import type { World } from './world.ts';

/** Twelve make a unit. */
const UNIT_SIZE = 12;
/** Conversations are between two of a group, and some of groups are two. */
const LEAST = { nurse: 2, physician: 2, assistant: 2, other: 2 } as const;
export const LEAST_PEOPLE = 8;
const FILLED_BY = ['nurse', 'physician', 'nurse', 'nurse'] as const;
const JOB_OF = {
  nurse: 'nurse',
  physician: 'physician',
  assistant: 'medical-assistant',
  other: 'social-worker',
} as const satisfies Record<keyof Unit['people'], Job>;

/** A small hospital of real accounts, each signed in on a device of its own. */
export interface LiveWards extends Wards {
  readonly practice: Practice;
  readonly supervisor: RoleId;
  /** Everybody, the administrator too, who is the duty supervisor. */
  readonly devices: ReadonlyMap<AccountId, Device>;
  readonly unitOf: ReadonlyMap<AccountId, Unit>;
  readonly worksByDay: (account: AccountId) => boolean;
}

export async function openWards(world: World, people: number): Promise<LiveWards> {
  const plan = planUnits(people);
  const practice = await createPractice(world.server, {
    platform: { clock: world.clock },
    people: plan.flatMap(({ name, sizes }) =>
      KINDS.flatMap((kind) =>
        Array.from({ length: sizes[kind] }, (_, index) => ({
          name: `${name} ${kind} ${index + 1}`,
          jobs: [JOB_OF[kind]],
        })),
      ),
    ),
  });
  const rest = practice.people.map(({ account }) => account);
  const units: Unit[] = [];
  for (const { name, setting, sizes } of plan) {
    const group = (kind: keyof Unit['people']): AccountId[] => rest.splice(0, sizes[kind]);
    const groups = {
      nurse: group('nurse'),
      physician: group('physician'),
      assistant: group('assistant'),
      other: group('other'),
    };
    units.push(await openUnit(practice, { name, setting, people: groups }));
  }
  const devices = new Map([practice.admin, ...practice.people].map((device) => [device.account, device]));
  const policy = await until(practice.admin.session.duty.policy, (found) => found !== null);
  const roles = units.flatMap(({ onCall, charge, backup }) => [onCall, charge, backup]);
  for (const { session } of devices.values())
    await until(
      session.directory.roles,
      (known) => roles.every((role) => known.some(({ id }) => id === role)),
      {
        withinMs: 30_000,
      },
    );
  const places = [...devices.keys()];
  return {
    units,
    practice,
    supervisor: policy?.supervisor as RoleId,
    devices,
    unitOf: new Map(
      units.flatMap((unit) =>
        Object.values(unit.people)
          .flat()
          .map((id) => [id, unit]),
      ),
    ),
    worksByDay: (account) => places.indexOf(account) % 2 === 0,
  };
}

const KINDS = ['nurse', 'physician', 'assistant', 'other'] as const;

interface UnitPlan {
  readonly name: string;
  readonly setting: Unit['setting'];
  readonly sizes: Record<keyof Unit['people'], number>;
}

function planUnits(people: number): UnitPlan[] {
  const count = Math.max(1, Math.floor(people / UNIT_SIZE));
  return Array.from({ length: count }, (_, index) => {
    const size = Math.floor(people / count) + (index < people % count ? 1 : 0);
    const sizes = { ...LEAST } as UnitPlan['sizes'];
    for (let extra = 0; extra < size - LEAST_PEOPLE; extra += 1)
      sizes[FILLED_BY[extra % FILLED_BY.length] ?? 'nurse'] += 1;
    const setting = index % 3 === 2 ? 'outpatient' : 'inpatient';
    return { name: `${setting === 'inpatient' ? 'Ward' : 'Clinic'} ${index + 1}`, setting, sizes };
  });
}

/** Roles, rota, queue and unit, made by the administrator's own client. */
async function openUnit(practice: Practice, of: Pick<Unit, 'name' | 'setting' | 'people'>): Promise<Unit> {
  const { session } = practice.admin;
  const define = async (what: string, holders: readonly AccountId[]): Promise<RoleId> => {
    const role = await session.people.defineRole({
      name: `${of.name} ${what}`,
      unit: of.name,
      use: 'duty',
      holders,
    });
    await session.people.removeHolder(role, practice.admin.account);
    return role;
  };
  const onCall = await define('on call', of.people.physician);
  const charge = await define('charge', of.people.nurse.slice(0, 2));
  const backup = await define('backup', of.people.other);
  const queue = session.duty.newQueueId();
  await session.duty.saveUnit({
    kind: 'unit',
    unit: session.duty.newUnitId(),
    name: of.name,
    backup,
    charge,
    ladders: { reply: null, talk: null, stat: null },
    callback: null,
    showSender: { reply: false, talk: false, stat: true },
    active: true,
  });
  await session.duty.saveSchedule(rota(onCall, of.people.physician));
  const name = `${of.name} requests`;
  await session.duty.saveQueue({
    kind: 'queue',
    queue,
    name,
    roles: [charge],
    defaultOwner: charge,
    active: true,
  });
  return { ...of, onCall, charge, backup, queue };
}

/** Twelve hours each by turns, so that every change of shift changes who it is. */
function rota(role: RoleId, holders: readonly AccountId[]): Schedule {
  const weekly = [1, 2, 3, 4, 5, 6, 7].flatMap((day) =>
    [0, 1].map((shift) => {
      const account = holders[(2 * day + shift) % holders.length] as AccountId;
      const from = (shift === 0 ? 7 : 19) * 60;
      const to = (shift === 0 ? 19 : 7) * 60;
      return { day, from, to, account };
    }),
  );
  return { kind: 'schedule', role, timeZone: TIME_ZONE, weekly, active: true };
}
