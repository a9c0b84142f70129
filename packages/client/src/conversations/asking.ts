import { isId, type AccountId, type TimestampMs } from '@baton/kernel';
import type { OrgPolicy } from '@baton/wire';
import type { AskDefaults, Baton, Owner } from '../api/batons.ts';
import type { Member } from '../api/directory.ts';
import type { ConversationRow } from '../tables/records.ts';

/** After so long without a message the next one opens an exchange anew. */
const EXCHANGE_MS = 60 * 60_000;

export const NOTHING_TO_ASK: AskDefaults = {
  available: false,
  suggested: 'fyi',
  replyWithinMs: [],
  talkWithinMs: 0,
  statWithinMs: 0,
  owners: [],
  answers: [],
};

/** What is written to a patient, noted about them or kept beside a queue asks nothing of anybody unless somebody says so. */
const BESIDE: ReadonlySet<ConversationRow['kind']> = new Set(['patient', 'sidebar', 'queue']);

export interface AskingInput {
  readonly row: ConversationRow;
  readonly members: readonly Member[];
  readonly me: AccountId;
  /** null: no duty supervisor is named. */
  readonly policy: OrgPolicy | null;
  readonly answers: readonly Baton[];
  readonly nowMs: TimestampMs;
}

/** What the composer offers: the suggested contract, whom it can be addressed to, and what the next message answers. Pure. */
export function describeAsking(input: AskingInput): AskDefaults {
  const { row, me, policy, answers } = input;
  if (!policy) return { ...NOTHING_TO_ASK, answers };
  const owners = ownersOf(row, input.members, me);
  const isRunning = row.last !== null && input.nowMs - row.lastAt < EXCHANGE_MS;
  const isFyi = owners.length === 0 || answers.length > 0 || isRunning || BESIDE.has(row.kind);
  return {
    available: true,
    suggested: isFyi ? 'fyi' : policy.opening,
    replyWithinMs: policy.replyWithinMs,
    talkWithinMs: policy.talkWithinMs,
    statWithinMs: policy.statWithinMs,
    owners,
    answers,
  };
}

/** In a conversation with a role the role comes first: whoever holds it answers for it. */
function ownersOf(row: ConversationRow, members: readonly Member[], me: AccountId): readonly Owner[] {
  const others = members.filter(
    (member) => member.id !== me && (member.kind === 'role' || (member.kind === 'person' && member.active)),
  );
  const roles = others.filter(({ id }) => isId('role', id));
  return row.kind === 'direct' ? others : [...roles, ...others.filter(({ kind }) => kind === 'person')];
}
