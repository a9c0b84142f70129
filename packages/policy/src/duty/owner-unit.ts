import { type AccountId, isId, type MemberId, type TimestampMs } from '@baton/kernel';
import type { RoleListing } from './duty-org.ts';
import { type DutyContext, findOnDuty } from './on-duty.ts';
import { coversOf, scheduleOf } from './record-book.ts';

// The unit whose ladder a baton climbs (docs/protocol/batons.md §3).

/**
 * A role's own unit. A person's: that of the duty roles for which they are on duty at that moment, where it is one; else that of the roles
 * whose keys they hold, where it is one; else none.
 */
export function unitOfMember(member: MemberId, atMs: TimestampMs, context: DutyContext): string | null {
  if (isId('role', member)) return context.org.roles().find(({ role }) => role === member)?.unit ?? null;
  const { view, keyringMembers } = context.org;
  const person = member;
  const roles = rolesWithUnit(context);
  const onDuty = roles.filter(
    ({ role }) => view.role(role)?.kind === 'duty' && findOnDuty(role, atMs, context).includes(person),
  );
  return onlyUnit(onDuty) ?? onlyUnit(roles.filter(({ role }) => keyringMembers(role).includes(person)));
}

/** Units that a person can have had at any moment, by records and keyrings as they are; for a role its own. */
export function possibleUnits(member: MemberId, context: DutyContext): string[] {
  const { book, org } = context;
  const names = rolesWithUnit(context)
    .filter(({ role }) => {
      if (role === member || org.keyringMembers(role).includes(member as AccountId)) return true;
      const slots = scheduleOf(book, role)?.weekly ?? [];
      return [...slots, ...coversOf(book, role)].some(({ account }) => account === member);
    })
    .map(({ unit }) => unit);
  return [...new Set(names)];
}

type PlacedRole = RoleListing & { readonly unit: string };

function rolesWithUnit({ org }: DutyContext): PlacedRole[] {
  return org.roles().filter((listing): listing is PlacedRole => listing.active && listing.unit !== null);
}

function onlyUnit(roles: readonly PlacedRole[]): string | null {
  const units = new Set(roles.map(({ unit }) => unit));
  const [only] = units;
  return units.size === 1 ? (only ?? null) : null;
}
