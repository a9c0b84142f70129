import type {
  AccountId,
  Bytes,
  ConversationId,
  InvitationId,
  MemberId,
  OrgId,
  RoleId,
  TimestampMs,
} from '@baton/kernel';
import type { ConversationKind, EntryOp, RecipientId } from '@baton/wire';

export interface MemberState {
  /** May read what was written before joining. */
  readonly hist: boolean;
  /** Key generation in which the member joined. */
  readonly since: number;
  readonly addedBy: AccountId;
  readonly standing: 'member' | 'owner';
  /** An invitation that nobody has claimed yet: its box key stands in for the account's. */
  readonly invitation: PendingInvitation | null;
}

export interface PendingInvitation {
  readonly invitation: InvitationId;
  readonly sigPub: Bytes;
  readonly boxPub: Bytes;
  readonly notAfter: TimestampMs;
}

/** A time as a member that has ended: generations since <= g < until. */
export interface PastMembership {
  readonly since: number;
  readonly until: number;
}

/** What a conversation's membership log establishes. Immutable; `applyEntry` gives the next one. */
export interface ConversationState {
  readonly org: OrgId;
  readonly conv: ConversationId;
  readonly kind: ConversationKind;
  /** The role whose keyring this is. */
  readonly role: RoleId | null;
  readonly parent: ConversationId | null;
  /** Position and hash of the newest entry. */
  readonly n: number;
  readonly head: Bytes;
  readonly gen: number;
  /** Hash of the entry that made each generation; generation g at index g - 1. */
  readonly generations: readonly Bytes[];
  /** Key-log size that the newest entry's author saw. */
  readonly keylogSize: number;
  readonly members: ReadonlyMap<MemberId, MemberState>;
  readonly past: ReadonlyMap<MemberId, readonly PastMembership[]>;
  /** Box-key generation to which the current generation was sealed, per recipient. */
  readonly boxed: ReadonlyMap<RecipientId, number>;
  /** What the newest generation was made with: the author's time and key-log size. */
  readonly rotated: { readonly ts: TimestampMs; readonly keylogSize: number };
  /** The maker of the current generation is no member any more, or an invitation's key still opens it. */
  readonly outsiderHoldsKey: boolean;
  readonly closed: Extract<EntryOp, { op: 'close' }>['reason'] | null;
  readonly policy: { readonly retentionDays: number | null; readonly openInvite: boolean };
}

/** Whether the member was one while generation `gen` was current. Removal always makes a new generation, so this is exact. */
export function wasMember(state: ConversationState, member: MemberId, gen: number): boolean {
  if (gen < 1 || gen > state.gen) return false;
  const now = state.members.get(member);
  if (now !== undefined && now.since <= gen) return true;
  return (state.past.get(member) ?? []).some(({ since, until }) => since <= gen && gen < until);
}
