import { type ConversationId, isId, type MemberId, type TimestampMs } from '@baton/kernel';
import { type ConversationState, type MembershipView, needsRotate, type RotateReason } from '@baton/policy';
import type { EntryOp } from '@baton/wire';
import type { MembershipLog } from '../membership/membership-log.ts';
import type { EntryWriter } from './entry-writer.ts';

type Rotate = Extract<EntryOp, { op: 'rotate' }>;

/** Why the conversation needs new keys before the next message, judged by the newest key log. */
export function rotationReasons(
  log: MembershipLog,
  facts: { readonly view: MembershipView; readonly nowMs: TimestampMs; readonly newestSeq: number },
): RotateReason[] {
  return needsRotate(log.state, {
    view: facts.view,
    nowMs: facts.nowMs,
    messagesInGeneration: Math.max(0, facts.newestSeq - generationStart(log)),
  });
}

function generationStart(log: MembershipLog): number {
  return log.rows.find((row) => row.entry.gen === log.state.gen)?.seq ?? 0;
}

/** Makes the keys that are due: members whose accounts have ended are removed in the open, for all else the keys rotate. In the lane. */
export async function rotateInLane(
  conv: ConversationId,
  ports: {
    readonly writer: EntryWriter;
    readonly reasons: (state: ConversationState) => readonly RotateReason[];
    readonly view: () => MembershipView;
  },
): Promise<void> {
  await ports.writer.appendInLane(conv, (state) => {
    const reasons = ports.reasons(state);
    const ended = endedMembers(state, ports.view());
    if (reasons.includes('deactivated') && ended.length > 0 && ended.length < state.members.size)
      return { op: 'remove', members: ended, because: null };
    const reason = reasons.find((candidate): candidate is Rotate['reason'] => candidate !== 'deactivated');
    return reason === undefined ? null : { op: 'rotate', reason };
  });
}

function endedMembers(state: ConversationState, view: MembershipView): MemberId[] {
  return [...state.members].flatMap(([m, member]) => {
    if (member.invitation !== null) return [];
    const facts = isId('role', m) ? view.role(m) : isId('account', m) ? view.account(m) : null;
    const isAgent = isId('account', m) && view.account(m)?.kind === 'agent';
    return facts?.active === true || (isAgent && facts?.active !== false) ? [] : [m];
  });
}
