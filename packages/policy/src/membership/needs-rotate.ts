import { isId, type MemberId, type TimestampMs } from '@baton/kernel';
import { CUSTODIAN } from '@baton/wire';
import type { ConversationState, MemberState } from './conversation-state.ts';
import { boxKeyGenOf, isMemberActive, type MembershipView } from './membership-view.ts';

const MAX_GENERATION_AGE_MS = 7 * 86_400_000;
const MAX_GENERATION_MESSAGES = 1000;

/**
 * Why a conversation needs a new generation (docs/protocol/membership.md §5). `deactivated` is answered by `remove`, all others by
 * `rotate` with the reason of that name.
 */
export type RotateReason = 'revoked' | 'deactivated' | 'role-key' | 'left' | 'policy' | 'age' | 'count';

export interface RotateFacts {
  /** The organisation now. */
  readonly view: MembershipView;
  readonly nowMs: TimestampMs;
  /** Envelopes and puts under the current generation. */
  readonly messagesInGeneration: number;
}

/** Every reason that holds, most pressing first; empty where the current keys are good. */
export function needsRotate(state: ConversationState, facts: RotateFacts): RotateReason[] {
  const reasons = new Set<RotateReason>();
  for (const [m, member] of state.members) {
    const reason = reasonOfMember(state, facts.view, m, member);
    if (reason !== null) reasons.add(reason);
  }
  if (state.outsiderHoldsKey) reasons.add('left');
  if ((facts.view.custodianGen ?? 0) > (state.boxed.get(CUSTODIAN) ?? 0)) reasons.add('policy');
  if (facts.nowMs - state.rotated.ts > MAX_GENERATION_AGE_MS) reasons.add('age');
  if (facts.messagesInGeneration > MAX_GENERATION_MESSAGES) reasons.add('count');
  return ORDER.filter((reason) => reasons.has(reason));
}

const ORDER: readonly RotateReason[] = [
  'deactivated',
  'revoked',
  'left',
  'role-key',
  'policy',
  'count',
  'age',
];

/** Whether sending waits for the rotation: somebody who should not read could. Age and count only ask for one soon. */
export function isRotationUrgent(reasons: readonly RotateReason[]): boolean {
  return reasons.some((reason) => reason !== 'age' && reason !== 'count' && reason !== 'policy');
}

function reasonOfMember(
  state: ConversationState,
  view: MembershipView,
  m: MemberId,
  member: MemberState,
): RotateReason | null {
  if (member.invitation !== null) return null;
  if (!isMemberActive(view, m)) return 'deactivated';
  const isRole = isId('role', m);
  const outdated = boxKeyGenOf(view, m) !== (state.boxed.get(m) ?? null);
  if (outdated) return isRole ? 'role-key' : 'revoked';
  // The rotation's author had not seen the revocation, even where the box key stayed the same.
  if (isId('account', m) && (view.account(m)?.revokedAt ?? -1) >= state.rotated.keylogSize) return 'revoked';
  return null;
}
