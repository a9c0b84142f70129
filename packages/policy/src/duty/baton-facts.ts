import { type AccountId, isId, type MemberId, makeId, type OwnerId, type RoleId } from '@baton/kernel';
import type { Ladder, Queue } from '@baton/wire';
import type { AskContract, BatonFacts, BatonState } from '../baton/baton-state.ts';
import { ADMIN_JOBS, hasJob } from '../job-groups.ts';
import { mayAgentWrite } from '../membership/agent-writes.ts';
import { boxKeyGenOf, isMemberActive } from '../membership/membership-view.ts';
import { defaultLadders } from './default-ladders.ts';
import { type DutyOrg, isActivePerson } from './duty-org.ts';
import { findOnDuty, findStandIns, nextDutyChange } from './on-duty.ts';
import { possibleUnits, unitOfMember } from './owner-unit.ts';
import {
  coversOf,
  ladderOf,
  policyOf,
  queueOf,
  type RecordBook,
  scheduleOf,
  unitNamed,
} from './record-book.ts';

/** The supervisor before one is named: no role, so that administrators are reached. */
const NOBODY: RoleId = makeId('role', new Uint8Array(16));

/** The organisation as batons see it. Throws nothing, whatever the records say; missing parts are empty. */
export function createBatonFacts(book: RecordBook, org: DutyOrg): BatonFacts {
  const context = { book, org };
  const activeQueue = (owner: OwnerId): Queue | null => {
    const queue = isId('queue', owner) ? queueOf(book, owner) : null;
    return queue?.active === true ? queue : null;
  };
  const memberOf = (owner: OwnerId): MemberId | null =>
    isId('queue', owner) ? (activeQueue(owner)?.defaultOwner ?? null) : owner;
  const holdsKeys = (account: AccountId, role: RoleId): boolean => org.keyringMembers(role).includes(account);
  const facts: BatonFacts = {
    holders(owner, atMs) {
      const member = memberOf(owner);
      if (member === null) return [];
      return isId('role', member) ? findOnDuty(member, atMs, context) : findStandIns(member, atMs, context);
    },
    allHolders(owner) {
      if (!isId('role', owner)) return [];
      const schedule = scheduleOf(book, owner);
      const people = new Set<AccountId>(org.keyringMembers(owner));
      if (schedule?.active === true) for (const { account } of schedule.weekly) people.add(account);
      for (const { account, active } of coversOf(book, owner)) if (active) people.add(account);
      return [...people].filter((account) => isActivePerson(org, account));
    },
    nextDutyChange(owner, atMs) {
      const member = memberOf(owner);
      return member === null ? null : nextDutyChange(member, atMs, context);
    },
    memberOf,
    actsFor(account, owner, atMs) {
      if (!isActivePerson(org, account)) return false;
      if (account === owner || facts.holders(owner, atMs).includes(account)) return true;
      if (isId('role', owner)) return org.view.role(owner)?.active === true && holdsKeys(account, owner);
      const queue = activeQueue(owner);
      if (queue === null) return false;
      if (account === queue.defaultOwner) return true;
      const standing = isId('role', queue.defaultOwner) ? [...queue.roles, queue.defaultOwner] : queue.roles;
      return standing.some((role) => facts.actsFor(account, role, atMs));
    },
    isOwner(owner) {
      if (isId('queue', owner)) return activeQueue(owner) !== null;
      return isId('role', owner) ? isMemberActive(org.view, owner) : isActivePerson(org, owner);
    },
    isActive: (account) => org.view.account(account)?.active === true,
    isAdmin: (account) =>
      isActivePerson(org, account) && hasJob(org.view.account(account)?.jobs ?? [], ADMIN_JOBS),
    settles: (agent, asked) => mayEndAnswers(org, agent) && isPatientsAsk(org, agent, asked),
    admins: () => org.accounts().filter((account) => facts.isAdmin(account)),
    hasSupervisor: () => policyOf(book) !== null,
    supervisor: () => policyOf(book)?.supervisor ?? NOBODY,
    boxKeyGen: (member) => (isMemberActive(org.view, member) ? boxKeyGenOf(org.view, member) : null),
    opens: (account, member) => account === member || (isId('role', member) && holdsKeys(account, member)),
    unitOf(owner, atMs) {
      const member = memberOf(owner);
      return member === null ? null : unitOfMember(member, atMs, context);
    },
    inChargeOf(account, role, atMs) {
      const unit = unitOfMember(role, atMs, context);
      const charge = unit === null ? null : facts.target('charge', unit);
      return charge !== null && facts.holders(charge, atMs).includes(account);
    },
    possibleUnits(owner) {
      const member = memberOf(owner);
      return member === null ? [] : possibleUnits(member, context);
    },
    ladder: (contract, unit) => ladderInForce(book, contract, unit),
    target(target, unit) {
      if (target === 'supervisor') return facts.supervisor();
      const named = unit === null ? null : unitNamed(book, unit);
      if (target === 'backup') return named?.backup ?? null;
      return target === 'charge' ? (named?.charge ?? null) : target;
    },
  };
  return facts;
}

/** An active agent whose manifest lists `settle` for patient conversations. One that is not known lists nothing. */
function mayEndAnswers({ view }: DutyOrg, agent: AccountId): boolean {
  const account = view.account(agent);
  if (account?.active !== true || account.kind !== 'agent' || account.manifest === null) return false;
  const manifest = view.manifest(account.manifest);
  return manifest !== null && mayAgentWrite(manifest, { conversationKind: 'patient', kind: 'settle' });
}

/**
 * What a patient asked, in person or by a text that an agent wrote down, in a patient conversation of which this agent is a member. What the caller
 * cannot see of the conversation does not speak against it.
 */
function isPatientsAsk(
  org: DutyOrg,
  agent: AccountId,
  { conv, opener }: Pick<BatonState, 'conv' | 'opener'>,
): boolean {
  if (conv === null || !isId('account', opener)) return false;
  const kind = org.view.account(opener)?.kind;
  if (kind !== 'patient' && kind !== 'agent') return false;
  const place = org.conversation?.(conv) ?? null;
  return place === null || (place.kind === 'patient' && place.hasMember(agent));
}

/** The unit's own where it names an active one, else the organisation's, else what the product starts with. */
function ladderInForce(book: RecordBook, contract: AskContract, unit: string | null): Ladder {
  const own = unit === null ? null : (unitNamed(book, unit)?.ladders[contract] ?? null);
  for (const id of [own, policyOf(book)?.ladders[contract] ?? null]) {
    const ladder = id === null ? null : ladderOf(book, id);
    if (ladder?.active === true) return ladder;
  }
  return defaultLadders()[contract];
}
