import type { RoleId } from '@baton/kernel';
import type { Schedule } from '@baton/wire';
import { awaitLive } from './await-live.ts';
import type { PracticePlan } from './practice-plan.ts';
import type { StaffMember } from './staff.ts';

const LIMIT_MS = 30_000;

export interface DutyInput {
  readonly duty: PracticePlan['duty'];
  readonly admin: StaffMember;
  readonly staff: ReadonlyMap<string, StaffMember>;
  readonly roles: ReadonlyMap<string, RoleId>;
}

/** Says who is on call when, who stands behind whom, and where requests end that nobody answers. */
export async function planDuty({ duty: plan, admin, staff, roles }: DutyInput): Promise<void> {
  const { duty, people } = admin.session;
  const role = (key: string): RoleId => found(roles.get(key), key);
  const account = (name: string) => found(staff.get(name), name).session.me.read().account;
  const noLadders = { reply: null, talk: null, stat: null };
  for (const { name, backup, charge, callback } of plan.units)
    await duty.saveUnit({
      kind: 'unit',
      unit: duty.newUnitId(),
      name,
      backup: role(backup),
      charge: role(charge),
      ladders: noLadders,
      callback,
      showSender: { reply: false, talk: true, stat: true },
      active: true,
    });
  for (const { name, roles: takers, defaultOwner } of plan.queues)
    await duty.saveQueue({
      kind: 'queue',
      queue: duty.newQueueId(),
      name,
      roles: takers.map(role),
      defaultOwner: role(defaultOwner),
      active: true,
    });
  for (const { role: key, slots } of plan.schedules)
    await duty.saveSchedule({
      kind: 'schedule',
      role: role(key),
      timeZone: plan.timeZone,
      weekly: slots.flatMap(({ days, from, to, name }): Schedule['weekly'] =>
        days.map((day) => ({ day, from: minutesOf(from), to: minutesOf(to), account: account(name) })),
      ),
      active: true,
    });
  const policy = await awaitLive(duty.policy, (known) => known !== null, {
    what: 'the duty policy',
    limitMs: LIMIT_MS,
  });
  if (policy === null) throw new Error('There is no duty policy.');
  await duty.savePolicy({ ...policy, callback: plan.callback });
  for (const name of plan.supervisors) await people.addHolder(policy.supervisor, account(name));
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`The demo's plan knows nothing of "${name}".`);
  return value;
}
