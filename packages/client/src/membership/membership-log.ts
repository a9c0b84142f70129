import {
  type AccountId,
  type ConversationId,
  encodeHex,
  isId,
  type MemberId,
  type RoleId,
} from '@baton/kernel';
import { findHeldRoles, type ConversationState, wasMember } from '@baton/policy';
import type { KeyLogState } from '@baton/ledger';
import type { EntryRow } from '../tables/records.ts';

/** A conversation's verified membership log: every entry, and the state after the newest. Immutable. */
export interface MembershipLog {
  readonly conv: ConversationId;
  readonly rows: readonly EntryRow[];
  readonly state: ConversationState;
}

/** Answers the verified log of a role's keyring, as far as it is loaded. */
export type KeyringLookup = (role: RoleId) => ConversationState | null;

/** The newest entry at or before a stream position: what was in force when the item there was committed. */
export function entryInForce(log: MembershipLog, seq: number): EntryRow | null {
  return log.rows.findLast((row) => row.seq <= seq) ?? null;
}

/** Whether a header's `logN` and `logHead` name an entry of this log. */
export function knowsHead(log: MembershipLog, n: number, head: Uint8Array): 'yes' | 'newer' | 'fork' {
  const row = log.rows[n];
  if (!row) return 'newer';
  return encodeHex(row.hash) === encodeHex(head) ? 'yes' : 'fork';
}

export function rolesOf(state: ConversationState): RoleId[] {
  return [...state.members.keys()].filter((id): id is RoleId => isId('role', id));
}

/** Member in person or through a role, in the generation given. */
export function mayWriteIn(input: {
  readonly log: MembershipLog;
  readonly keyLog: KeyLogState;
  readonly size: number;
  readonly author: AccountId;
  readonly gen: number;
  readonly keyring: KeyringLookup;
}): boolean {
  const { log, author, gen } = input;
  if (wasMember(log.state, author, gen)) return true;
  const roles = [...log.state.members.keys(), ...log.state.past.keys()].filter(
    (id): id is RoleId => isId('role', id) && wasMember(log.state, id, gen),
  );
  return heldRoles({ ...input, roles }).length > 0;
}

/** Whether the account wrote for a role that was a member in that generation and that it held. */
export function mayWriteAs(input: Parameters<typeof mayWriteIn>[0], role: RoleId): boolean {
  return wasMember(input.log.state, role, input.gen) && heldRoles({ ...input, roles: [role] }).length > 0;
}

/** Whether the conversation had been closed before this place of its stream. */
export function isClosedAt(log: MembershipLog, seq: number): boolean {
  return log.state.closed !== null && log.rows.some((row) => row.entry.op.op === 'close' && row.seq < seq);
}

export function heldRoles(input: {
  readonly keyLog: KeyLogState;
  readonly size: number;
  readonly author: AccountId;
  readonly roles: Iterable<RoleId>;
  readonly keyring: KeyringLookup;
}): RoleId[] {
  return findHeldRoles({
    keylog: input.keyLog,
    size: input.size,
    account: input.author,
    roles: input.roles,
    keyring: input.keyring,
  });
}

/** Whether an item at this place was sealed under a generation that none of the account's memberships reaches. */
export function isBeforeJoining(
  log: MembershipLog,
  seq: number,
  isMine: (member: MemberId) => boolean,
): boolean {
  const gen = entryInForce(log, seq)?.entry.gen ?? 0;
  const own = [...log.state.members].filter(([id]) => isMine(id));
  return own.length > 0 && own.every(([, member]) => !member.hist && gen < member.since);
}
