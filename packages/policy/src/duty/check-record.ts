import { isId, isTimeZone, type LadderId, type MemberId, type OwnerId, type RoleId } from '@baton/kernel';
import type { RecordBody } from '@baton/wire';
import { isMemberActive } from '../membership/membership-view.ts';
import { defaultLadders } from './default-ladders.ts';
import { type DutyOrg, isActivePerson } from './duty-org.ts';
import { ladderOf, type RecordBook } from './record-book.ts';
import { type Finding, findShapeProblem, notice, problem } from './record-shape.ts';

/**
 * What a person should know before a record is committed; with a `problem` the server refuses it (`duty.record`). `book` is what it would follow:
 * given, references to other records are looked up; records of the same batch must have been applied to it.
 */
export function checkRecordBody(body: RecordBody, org: DutyOrg, book?: RecordBook): Finding[] {
  const shape = findShapeProblem(body);
  return [...(shape === null ? [] : [shape]), ...checkReferences(body, org, book ?? null)];
}

function checkReferences(body: RecordBody, org: DutyOrg, book: RecordBook | null): Finding[] {
  switch (body.kind) {
    case 'policy':
      return [
        ...checkRole(body.supervisor, org, 'supervisor-gone'),
        ...(org.keyringMembers(body.supervisor).length === 0
          ? [notice('supervisor-without-holder', 'Nobody holds the duty supervisor role yet.')]
          : []),
        ...checkLadders(Object.values(body.ladders), book),
      ];
    case 'ladder':
      return body.steps.flatMap(({ target }) =>
        isId('account', target) || isId('role', target) ? checkMember(target, org, 'target-gone') : [],
      );
    case 'unit':
      return [
        ...[body.backup, body.charge].flatMap((role) =>
          role === null ? [] : checkRole(role, org, 'role-gone'),
        ),
        ...checkLadders(
          Object.values(body.ladders).filter((id) => id !== null),
          book,
        ),
      ];
    case 'queue':
      return [
        ...body.roles.flatMap((role) => checkRole(role, org, 'role-gone')),
        ...checkMember(body.defaultOwner, org, 'default-owner-gone'),
      ];
    case 'schedule':
      return [
        ...checkRole(body.role, org, 'role-gone'),
        ...(isTimeZone(body.timeZone) ? [] : [problem('time-zone', 'This time zone is not known.')]),
        ...(body.active ? body.weekly : []).flatMap(({ account }) =>
          checkMember(account, org, 'account-gone'),
        ),
        ...(body.active && body.weekly.length === 0
          ? [notice('schedule-empty', 'Nobody is on duty by this schedule; messages go to the supervisor.')]
          : []),
      ];
    case 'cover':
      return [
        ...checkRole(body.role, org, 'role-gone'),
        ...(body.active ? checkMember(body.account, org, 'account-gone') : []),
      ];
    case 'availability':
      return body.duty === 'off' && body.cover !== null ? checkMember(body.cover, org, 'cover-gone') : [];
  }
}

const SENTENCES = {
  'supervisor-gone': 'The duty supervisor role does not exist or is not in use.',
  'target-gone': 'A step names somebody who is not in use any more.',
  'role-gone': 'A role named here does not exist or is not in use.',
  'default-owner-gone': 'The default owner is not in use any more.',
  'account-gone': 'A person named here has no active account.',
  'cover-gone': 'Whoever should stand in is not in use any more.',
} as const;
type Gone = keyof typeof SENTENCES;

function checkRole(role: RoleId, org: DutyOrg, code: Gone): Finding[] {
  return isMemberActive(org.view, role) ? [] : [problem(code, SENTENCES[code])];
}

function checkMember(member: MemberId, org: DutyOrg, code: Gone): Finding[] {
  const owner: OwnerId = member;
  if (isId('role', owner)) return checkRole(owner, org, code);
  return isId('account', owner) && isActivePerson(org, owner) ? [] : [problem(code, SENTENCES[code])];
}

function checkLadders(ids: readonly LadderId[], book: RecordBook | null): Finding[] {
  if (book === null) return [];
  const builtIn = Object.values(defaultLadders()).map(({ ladder }) => ladder);
  const isKnown = (id: LadderId): boolean => ladderOf(book, id)?.active === true || builtIn.includes(id);
  return ids.every(isKnown)
    ? []
    : [problem('ladder-gone', 'A ladder named here does not exist or is not in use.')];
}
