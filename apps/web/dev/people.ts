import type { Directory, Member, Person, Role } from '@baton/client';
import type { MemberId } from '@baton/kernel';
import type { Job } from '@baton/wire';
import { dice } from './dice.ts';
import { LiveCell } from './live-cell.ts';
import { now, scenario } from './scenario.ts';

const DAY = 86_400_000;

function fingerprint(): string {
  return Array.from({ length: 6 }, () => String(dice.below(100_000)).padStart(5, '0')).join(' ');
}

function person(name: string, jobs: readonly Job[], more: Partial<Person> = {}): Person {
  return {
    kind: 'person',
    id: dice.id('account'),
    name,
    jobs,
    active: true,
    keysChanged: null,
    verified: true,
    problem: null,
    fingerprint: fingerprint(),
    ...more,
  };
}

export const PERSONAS = {
  physician: person('Dr. Adaeze Okonkwo', ['physician']),
  nurse: person('Maria Lopez', ['charge-nurse', 'nurse']),
  manager: person('Priya Raghunathan', ['practice-manager']),
  compliance: person('Helen Whitcombe', ['compliance-officer', 'practice-manager']),
} as const;

export const REMINDERS = person('Reminder assistant', ['agent'], { kind: 'agent' });

export const OTHERS: readonly Person[] = [
  person('Dr. Wolfgang-Sebastian Freiherr von Hohenstein-Papadopoulos', ['physician']),
  person('Sam Oduya', ['nurse']),
  person('Dr. Jin Park', ['physician'], {
    keysChanged: { at: now() - 8 * DAY, reason: 'Got a new phone. Confirmed by Priya Raghunathan.' },
  }),
  person('Beatriz Álvarez Núñez', ['medical-assistant']),
  person('Tomás Rivera', ['transport']),
  person('Grace Kim', ['pharmacist']),
  person('Noor Haddad', ['social-worker']),
  person('Liam O’Sullivan', ['therapist']),
  person('Chinwe Eze', ['case-manager']),
  person('Hannah Weiss', ['front-desk']),
  person('Devon Carter', ['it-admin']),
  person('Aiko Tanaka', ['app']),
  person('Ruth Goldberg', ['nurse']),
  person('Marcus Bell', ['nurse'], {
    verified: false,
    problem:
      'His new device has not been confirmed yet. Ask him to open Baton once on a device he already uses.',
  }),
  person('Elena Petrova', ['nurse']),
  person('José María Fernández de la Vega', ['medical-assistant']),
  person('Olivia Brandt', ['nurse'], { active: false }),
];

export const PEOPLE: readonly Person[] = [...Object.values(PERSONAS), ...OTHERS, REMINDERS];
export const ME: Person = PERSONAS[scenario.as];

function role(
  name: string,
  unit: string | null,
  use: Role['use'],
  holders: readonly (Person | undefined)[],
): Role {
  const held = holders.filter((holder) => holder !== undefined);
  return {
    kind: 'role',
    id: dice.id('role'),
    name,
    unit,
    use,
    keyring: dice.id('conversation'),
    holders: held,
    heldByMe: held.some((holder) => holder.id === ME.id),
  };
}

export const ROLES: readonly Role[] = [
  role('Charge nurse 4 West', '4 West', 'duty', [PERSONAS.nurse]),
  role('Cardiology on call', 'Cardiology', 'duty', [OTHERS[0], OTHERS[2]]),
  role('Care team', null, 'team', [...Object.values(PERSONAS), OTHERS[1], OTHERS[3], OTHERS[11]]),
  role('Pharmacy', 'Pharmacy', 'team', [OTHERS[5]]),
  role('Front desk', 'Reception', 'team', [OTHERS[9], OTHERS[3], PERSONAS.manager]),
  role('Night float', '4 West', 'duty', []),
];

export const peopleCell = new LiveCell<readonly Person[]>(PEOPLE);
export const rolesCell = new LiveCell<readonly Role[]>(ROLES);

export function findMember(id: MemberId): Member | null {
  return (
    peopleCell.read().find((someone) => someone.id === id) ??
    rolesCell.read().find((someRole) => someRole.id === id) ??
    null
  );
}

function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

export const directory: Directory = {
  people: peopleCell,
  roles: rolesCell,
  member: findMember,
  search(query) {
    const words = fold(query).split(/\s+/);
    const all: readonly Member[] = [...rolesCell.read(), ...peopleCell.read().filter(({ active }) => active)];
    return all.filter((member) => {
      const about = fold(
        member.kind === 'role'
          ? `${member.name} ${member.unit ?? ''}`
          : `${member.name} ${member.jobs.join(' ')}`,
      );
      return words.every((word) => about.includes(word));
    });
  },
};
