import { type MemberId, ok, type Result } from '@baton/kernel';
import { CUSTODIAN, type Entry, type EntryOp, type Recipient } from '@baton/wire';
import { deny, type PolicyError } from '../policy-error.ts';
import type { MemberState } from './conversation-state.ts';
import type { MemberChange } from './member-changes.ts';
import { boxKeyGenOf, isMemberActive, type MembershipView } from './membership-view.ts';

/** A recipient before its box is made: who, which box key, whether with the history-link key. */
export type RequiredRecipient = Omit<Recipient, 'b'>;

/** What an operation does to the key generation (docs/protocol/membership.md §4). */
export type GenerationNeed = 'keep' | 'new' | 'either';

export function generationNeedOf(op: EntryOp): GenerationNeed {
  switch (op.op) {
    case 'create':
    case 'remove':
    case 'rotate':
    case 'agent-revoke':
      return 'new';
    case 'role':
    case 'policy':
    case 'claim':
    case 'close':
      return 'keep';
    case 'add':
      return op.members.every(({ hist }) => hist) ? 'either' : 'new';
    case 'invite':
    case 'agent-grant':
      // Who may not read what was written before must not get the key it was written under.
      return op.hist ? 'either' : 'new';
  }
}

/**
 * Exactly whom an entry seals to: with a new generation every member after the operation and the custodian, without one those who
 * joined. An inactive member is an error and not left out: it must be removed first, in the open.
 */
export function requiredRecipients(
  change: MemberChange,
  view: MembershipView,
  makesGeneration: boolean,
): Result<RequiredRecipient[], PolicyError> {
  const recipients: RequiredRecipient[] = [];
  const ids = makesGeneration ? [...change.members.keys()] : change.joined;
  for (const m of ids) {
    const member = change.members.get(m);
    const g = member === undefined ? null : boxGenerationFor(view, m, member);
    if (member === undefined || g === null) return deny('policy.recipients', `members.${m}`);
    recipients.push({ m, g, h: member.hist });
  }
  if (makesGeneration) {
    if (view.custodianGen === null) return deny('policy.recipients', CUSTODIAN);
    recipients.push({ m: CUSTODIAN, g: view.custodianGen, h: true });
  }
  return ok(recipients);
}

/** Box-key generation to seal to: 0 for an invitation's own key, null where there is none to seal to. */
function boxGenerationFor(view: MembershipView, m: MemberId, member: MemberState): number | null {
  if (member.invitation !== null) return 0;
  return isMemberActive(view, m) ? boxKeyGenOf(view, m) : null;
}

/** Whether the entry's recipients are the required ones: none missing, none extra, none twice, each at its newest key. Order is free. */
export function checkRecipients(
  entry: Entry,
  required: readonly RequiredRecipient[],
): Result<null, PolicyError> {
  if (entry.recipients.length !== required.length) return deny('policy.recipients', 'recipients');
  const open = new Map(required.map((recipient) => [recipient.m, recipient]));
  for (const [index, { m, g, h }] of entry.recipients.entries()) {
    const expected = open.get(m);
    if (expected === undefined) return deny('policy.recipients', `recipients.${index}.m`);
    if (expected.g !== g) return deny('policy.recipients', `recipients.${index}.g`);
    if (expected.h !== h) return deny('policy.recipients', `recipients.${index}.h`);
    open.delete(m);
  }
  return ok(null);
}
