import {
  type AccountId,
  type ConversationId,
  equalBytes,
  type MemberId,
  ok,
  type Result,
  type RoleId,
  type TimestampMs,
} from '@baton/kernel';
import type { EntryOp } from '@baton/wire';
import { hasJob } from '../job-groups.ts';
import { deny, type PolicyError } from '../policy-error.ts';
import { type EntryAuthor, hasRightTo, holdsPersonalRight, isAuthorAmong } from './author-rights.ts';
import type { ConversationState, MemberState } from './conversation-state.ts';
import { MEMBERSHIP_TABLE } from './membership-table.ts';
import { isMemberActive, type MembershipView, memberTypeOf } from './membership-view.ts';

/** An operation about to be applied: to nothing yet (`create`) or to a conversation. */
export interface Proposal<Op extends EntryOp = EntryOp> {
  readonly conv: ConversationId;
  readonly op: Op;
  /** Generation after the entry. */
  readonly gen: number;
  readonly ts: TimestampMs;
  readonly author: EntryAuthor;
  /** Role that the author acts for. */
  readonly as: RoleId | null;
  readonly view: MembershipView;
}

export type OpOf<T extends EntryOp['op']> = Extract<EntryOp, { op: T }>;

/** Members after the operation, and those whom it seals to without a new generation. */
export interface MemberChange {
  readonly members: ReadonlyMap<MemberId, MemberState>;
  readonly joined: readonly MemberId[];
}
type ChangeResult = Result<MemberChange, PolicyError>;

/** Checks the table and gives the members after the operation. Rights come first, so that a stranger learns nothing from the rest. */
export function changeMembers(state: ConversationState, proposal: Proposal): ChangeResult {
  const { op, author } = proposal;
  if (!author.active) return deny('policy.forbidden', 'author');
  if (proposal.as !== null && !author.holds.includes(proposal.as)) return deny('policy.forbidden', 'as');
  // A claim is the one entry of somebody who is invited and no member yet.
  if (op.op === 'claim') return claim(state, { ...proposal, op });
  if (!isAuthorAmong(author, state.members)) return deny('policy.not_a_member', 'author');
  switch (op.op) {
    case 'create':
      return deny('policy.kind', 'op');
    case 'add':
      return add(state, { ...proposal, op });
    case 'remove':
      return remove(state, { ...proposal, op });
    case 'rotate':
      return keep(state);
    case 'role':
      return changeStanding(state, { ...proposal, op });
    case 'policy':
    case 'close':
      return hasRightTo({ ...proposal, state }) ? keep(state) : deny('policy.forbidden', 'op');
    case 'invite':
      return invite(state, { ...proposal, op });
    case 'agent-grant':
      return grantAgent(state, { ...proposal, op });
    case 'agent-revoke':
      return revokeAgent(state, { ...proposal, op });
  }
}

/** Members of a new conversation. */
export function createMembers(proposal: Proposal<OpOf<'create'>>): ChangeResult {
  const { op, author, view, conv } = proposal;
  if (!author.active) return deny('policy.forbidden', 'author');
  if (proposal.as !== null && !author.holds.includes(proposal.as)) return deny('policy.forbidden', 'as');
  const rules = MEMBERSHIP_TABLE[op.kind];
  if (!(rules.rights.create ?? []).some((right) => holdsPersonalRight(right, author)))
    return deny('policy.forbidden', 'op');
  if (op.members.length < rules.size.min || op.members.length > rules.size.max)
    return deny('policy.kind', 'op.members');
  if ((op.kind === 'keyring') !== (op.role !== null)) return deny('policy.kind', 'op.role');
  const role = op.role === null ? null : view.role(op.role);
  if (op.role !== null && (role?.keyring !== conv || !role.active)) return deny('policy.kind', 'op.role');
  if (op.kind !== 'referral' && (op.kind === 'sidebar') !== (op.parent !== null))
    return deny('policy.kind', 'op.parent');
  const members = new Map<MemberId, MemberState>();
  for (const [index, { m, hist }] of op.members.entries()) {
    const at = `op.members.${index}`;
    if (members.has(m)) return deny('policy.already_member', at);
    const type = memberTypeOf(view, m);
    if (type === null || !rules.members.includes(type)) return deny('policy.kind', at);
    if (!isMemberActive(view, m)) return deny('policy.recipients', at);
    if (rules.history === 'all' && !hist) return deny('policy.kind', `${at}.hist`);
    members.set(m, newMember(proposal, hist, m === author.account ? 'owner' : 'member'));
  }
  // Whoever makes the first key is seen among those who can read.
  if (!isAuthorAmong(author, members)) return deny('policy.not_a_member', 'author');
  return ok({ members, joined: [...members.keys()] });
}

function add(state: ConversationState, proposal: Proposal<OpOf<'add'>>): ChangeResult {
  const { op, view } = proposal;
  const rules = MEMBERSHIP_TABLE[state.kind];
  if (rules.rights.add === undefined) return deny('policy.kind', 'op');
  if (!hasRightTo({ ...proposal, state })) return deny('policy.forbidden', 'op');
  const members = new Map(state.members);
  for (const [index, { m, hist }] of op.members.entries()) {
    const at = `op.members.${index}`;
    if (members.has(m)) return deny('policy.already_member', at);
    const type = memberTypeOf(view, m);
    if (type === null || !rules.members.includes(type)) return deny('policy.kind', at);
    if (!isMemberActive(view, m)) return deny('policy.recipients', at);
    if (rules.history === 'all' && !hist) return deny('policy.kind', `${at}.hist`);
    // Somebody who speaks for a patient is let in on a consent record only.
    if (type === 'patient' && op.because === null && isProxy(view, m as AccountId))
      return deny('policy.forbidden', 'op.because');
    members.set(m, newMember(proposal, hist, 'member'));
  }
  if (members.size > rules.size.max) return deny('policy.kind', 'op.members');
  return ok({ members, joined: op.members.map(({ m }) => m) });
}

function remove(state: ConversationState, proposal: Proposal<OpOf<'remove'>>): ChangeResult {
  const { op, author, view } = proposal;
  const members = new Map(state.members);
  for (const [index, m] of op.members.entries()) {
    const at = `op.members.${index}`;
    const member = members.get(m);
    if (member === undefined) return deny('policy.not_a_member', at);
    if (!mayRemove(state, proposal, m)) return deny('policy.forbidden', at);
    if (memberTypeOf(view, m) === 'agent' && m !== author.account && isMemberActive(view, m))
      return deny('policy.kind', at);
    members.delete(m);
  }
  if (members.size === 0) return deny('policy.kind', 'op.members');
  return ok({ members, joined: [] });
}

function mayRemove(state: ConversationState, proposal: Proposal<OpOf<'remove'>>, target: MemberId): boolean {
  if (target === proposal.author.account) {
    return MEMBERSHIP_TABLE[state.kind].leave || proposal.author.kind === 'agent';
  }
  // An administrator has decided already, by a signed grant; whoever writes next carries it out.
  const pending = state.members.get(target)?.invitation !== null;
  if (!pending && !isMemberActive(proposal.view, target)) return true;
  return hasRightTo({ ...proposal, state }, target);
}

function changeStanding(state: ConversationState, proposal: Proposal<OpOf<'role'>>): ChangeResult {
  const { op } = proposal;
  if (MEMBERSHIP_TABLE[state.kind].rights.role === undefined) return deny('policy.kind', 'op');
  if (!hasRightTo({ ...proposal, state })) return deny('policy.forbidden', 'op');
  const member = state.members.get(op.member);
  if (member === undefined) return deny('policy.not_a_member', 'op.member');
  const members = new Map(state.members).set(op.member, { ...member, standing: op.standing });
  return ok({ members, joined: [] });
}

function invite(state: ConversationState, proposal: Proposal<OpOf<'invite'>>): ChangeResult {
  const { op, view, ts } = proposal;
  const rules = MEMBERSHIP_TABLE[state.kind];
  if (rules.rights.invite === undefined) return deny('policy.kind', 'op');
  if (!hasRightTo({ ...proposal, state })) return deny('policy.forbidden', 'op');
  if (state.members.has(op.account)) return deny('policy.already_member', 'op.account');
  const type = memberTypeOf(view, op.account);
  if ((type !== 'patient' && type !== 'outside') || !rules.members.includes(type))
    return deny('policy.kind', 'op.account');
  // One who has keys already is added; the link's are for one who has none yet, or whose are to be replaced (a lost phone).
  const offered = view.invitation(op.invitation);
  if (offered === null || !offered.open || offered.account !== op.account)
    return deny('policy.forbidden', 'op.invitation');
  if (!equalBytes(offered.pub, op.sigPub)) return deny('policy.forbidden', 'op.sigPub');
  if (op.notAfter > offered.notAfter) return deny('policy.forbidden', 'op.notAfter');
  if (op.because === null && isProxy(view, op.account)) return deny('policy.forbidden', 'op.because');
  if (rules.history === 'all' && !op.hist) return deny('policy.kind', 'op.hist');
  if (op.notAfter <= ts) return deny('policy.forbidden', 'op.notAfter');
  const { invitation, sigPub, boxPub, notAfter } = op;
  const member = {
    ...newMember(proposal, op.hist, 'member'),
    invitation: { invitation, sigPub, boxPub, notAfter },
  };
  return ok({ members: new Map(state.members).set(op.account, member), joined: [op.account] });
}

function claim(state: ConversationState, proposal: Proposal<OpOf<'claim'>>): ChangeResult {
  const { op, author, view, ts } = proposal;
  const member = state.members.get(op.account);
  if (author.account !== op.account || member === undefined) return deny('policy.not_a_member', 'author');
  if (member.invitation?.invitation !== op.invitation) return deny('policy.forbidden', 'op.invitation');
  if (ts >= member.invitation.notAfter) return deny('policy.forbidden', 'op.invitation');
  if (!isMemberActive(view, op.account)) return deny('policy.recipients', 'op.account');
  const members = new Map(state.members).set(op.account, { ...member, invitation: null });
  return ok({ members, joined: [op.account] });
}

function grantAgent(state: ConversationState, proposal: Proposal<OpOf<'agent-grant'>>): ChangeResult {
  const { op, view } = proposal;
  if (MEMBERSHIP_TABLE[state.kind].rights['agent-grant'] === undefined) return deny('policy.kind', 'op');
  if (!hasRightTo({ ...proposal, state })) return deny('policy.forbidden', 'op');
  if (state.members.has(op.agent)) return deny('policy.already_member', 'op.agent');
  if (memberTypeOf(view, op.agent) !== 'agent') return deny('policy.kind', 'op.agent');
  if (!isMemberActive(view, op.agent)) return deny('policy.recipients', 'op.agent');
  // The organisation's consent is the manifest, whose hash OE signed; the member's is this entry.
  const signed = view.account(op.agent)?.manifest ?? null;
  if (signed === null || !equalBytes(signed, op.manifest)) return deny('policy.manifest', 'op.manifest');
  const manifest = view.manifest(op.manifest);
  const access = manifest?.access.find(({ kind }) => kind === state.kind);
  if (manifest === null || access === undefined) return deny('policy.manifest', 'op.manifest');
  if (op.hist && !access.history) return deny('policy.manifest', 'op.hist');
  if (state.kind === 'keyring' && !manifest.duty) return deny('policy.manifest', 'op.manifest');
  const members = new Map(state.members).set(op.agent, newMember(proposal, op.hist, 'member'));
  return ok({ members, joined: [op.agent] });
}

function revokeAgent(state: ConversationState, proposal: Proposal<OpOf<'agent-revoke'>>): ChangeResult {
  const { op, author, view } = proposal;
  if (!state.members.has(op.agent)) return deny('policy.not_a_member', 'op.agent');
  if (memberTypeOf(view, op.agent) !== 'agent') return deny('policy.kind', 'op.agent');
  if (author.kind !== 'user' && author.account !== op.agent) return deny('policy.forbidden', 'op');
  const members = new Map(state.members);
  members.delete(op.agent);
  if (members.size === 0) return deny('policy.kind', 'op.agent');
  return ok({ members, joined: [] });
}

function isProxy(view: MembershipView, account: AccountId): boolean {
  return hasJob(view.account(account)?.jobs ?? [], ['proxy']);
}

function keep(state: ConversationState): ChangeResult {
  return ok({ members: state.members, joined: [] });
}

function newMember(proposal: Proposal, hist: boolean, standing: MemberState['standing']): MemberState {
  return { hist, since: proposal.gen, addedBy: proposal.author.account, standing, invitation: null };
}
