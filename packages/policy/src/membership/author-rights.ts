import type { AccountId, MemberId, RoleId, TimestampMs } from '@baton/kernel';
import type { EntryOp, Job } from '@baton/wire';
import { ADMIN_JOBS, CHARGE_JOBS, CLINICAL_JOBS, hasJob, STAFF_JOBS } from '../job-groups.ts';
import { mayAgentWrite } from './agent-writes.ts';
import type { ConversationState, MemberState } from './conversation-state.ts';
import { callsFor } from './duty-reason.ts';
import { MEMBERSHIP_TABLE, type Right } from './membership-table.ts';
import type { MembershipView } from './membership-view.ts';

/** Who writes an entry, as the same view shows it (`authorOf`). */
export interface EntryAuthor {
  readonly account: AccountId;
  readonly kind: 'user' | 'agent' | 'patient';
  readonly active: boolean;
  readonly jobs: readonly Job[];
  /** Roles held at that time (`findHeldRoles`). */
  readonly holds: readonly RoleId[];
}

/** The author's facts from a view; an account that the view does not know is an inactive one without jobs. */
export function authorOf(
  view: MembershipView,
  account: AccountId,
  holds: readonly RoleId[] = [],
): EntryAuthor {
  const facts = view.account(account);
  if (facts === null) return { account, kind: 'user', active: false, jobs: [], holds: [] };
  return { account, kind: facts.kind, active: facts.active, jobs: facts.jobs, holds };
}

/** In person, or through a role that the author holds. A pending invitation is no member yet. */
export function isAuthorAmong(author: EntryAuthor, members: ReadonlyMap<MemberId, MemberState>): boolean {
  const inPerson = members.get(author.account);
  if (inPerson !== undefined && inPerson.invitation === null) return true;
  return author.holds.some((role) => members.has(role));
}

export interface RightsQuestion {
  readonly state: ConversationState;
  readonly author: EntryAuthor;
  readonly op: EntryOp;
  readonly view: MembershipView;
  /** Author's time of the entry. */
  readonly ts: TimestampMs;
}

/** Whether the table gives the author this operation, on `target` where it concerns one member. */
export function hasRightTo(question: RightsQuestion, target: MemberId | null = null): boolean {
  const rights = MEMBERSHIP_TABLE[question.state.kind].rights[question.op.op] ?? [];
  return rights.some((right) => holdsRight(right, question, target));
}

/** Rights that follow from the author alone: all that `create` may ask for. */
export function holdsPersonalRight(right: Right, author: EntryAuthor): boolean {
  if (author.kind !== 'user') return false;
  switch (right) {
    case 'staff':
      return hasJob(author.jobs, STAFF_JOBS);
    case 'clinical':
      return hasJob(author.jobs, CLINICAL_JOBS);
    case 'front-desk':
      return hasJob(author.jobs, ['front-desk']);
    case 'charge':
      return hasJob(author.jobs, CHARGE_JOBS);
    case 'admin':
      return hasJob(author.jobs, ADMIN_JOBS);
    case 'holder':
    case 'owner':
    case 'adder':
    case 'open':
    case 'duty-agent':
      return false;
  }
}

function holdsRight(right: Right, question: RightsQuestion, target: MemberId | null): boolean {
  const { state, author } = question;
  const own = state.members.get(author.account);
  switch (right) {
    case 'holder':
      return author.kind === 'user' && own !== undefined;
    case 'owner':
      return author.kind === 'user' && own?.standing === 'owner';
    case 'adder':
      return (
        author.kind === 'user' && target !== null && state.members.get(target)?.addedBy === author.account
      );
    case 'open':
      return author.kind === 'user' && state.policy.openInvite;
    case 'duty-agent':
      return isDutyAgent(question, target);
    case 'staff':
    case 'clinical':
    case 'front-desk':
    case 'charge':
    case 'admin':
      return holdsPersonalRight(right, author);
  }
}

/** An agent that changes a keyring names the record that calls for it, member by member (docs/protocol/membership.md §3). */
function isDutyAgent({ state, author, op, view, ts }: RightsQuestion, target: MemberId | null): boolean {
  if (author.kind !== 'agent' || state.kind !== 'keyring' || state.role === null) return false;
  const hash = view.account(author.account)?.manifest ?? null;
  const manifest = hash === null ? null : view.manifest(hash);
  if (manifest === null || !mayAgentWrite(manifest, { conversationKind: state.kind, kind: 'members' }))
    return false;
  if ((op.op !== 'add' && op.op !== 'remove') || op.because === null) return false;
  if (view.trustsDutyAgents) return true;
  const record = view.schedule(op.because);
  if (record === null || record.body.role !== state.role) return false;
  const targets = op.op === 'add' ? op.members.map(({ m }) => m) : target === null ? op.members : [target];
  return targets.every((member) => callsFor(record, { change: op.op, member, atMs: ts }));
}
