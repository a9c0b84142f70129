import {
  type AccountId,
  type Bytes,
  type ConversationId,
  encodeHex,
  type InvitationId,
  isId,
  type MemberId,
  type RoleId,
  type TimestampMs,
} from '@baton/kernel';
import {
  findAccount,
  findCustodian,
  findInvitationAt,
  findRole,
  findRoleKey,
  type KeyLogState,
  keyLogSize,
} from '@baton/ledger';
import type { Cover, Job, Manifest, Schedule } from '@baton/wire';
import { type RecordBook, recordByHash, replacedAt } from '../duty/record-book.ts';
import { hasJob } from '../job-groups.ts';
import { type ConversationState, wasMember } from './conversation-state.ts';
import type { MemberType } from './membership-table.ts';

/** What membership decisions need to know of an account. */
export interface AccountFacts {
  readonly kind: 'user' | 'agent' | 'patient';
  readonly active: boolean;
  readonly jobs: readonly Job[];
  /** null: no key to seal to. */
  readonly boxKeyGen: number | null;
  /** Hash of the agent's manifest. */
  readonly manifest: Bytes | null;
  /** Position of the newest device revocation in the key log; -1 for none. */
  readonly revokedAt: number;
}

/** An invitation of the key log. */
export interface InvitationFacts {
  readonly account: AccountId;
  /** Signing key that its holder has. */
  readonly pub: Bytes;
  readonly notAfter: TimestampMs;
  /** Nobody has claimed it. */
  readonly open: boolean;
}

export interface RoleFacts {
  readonly kind: 'team' | 'duty';
  readonly active: boolean;
  readonly keyring: ConversationId;
  /** null: no key to seal to. */
  readonly keyGen: number | null;
}

/** A schedule or cover record as a duty agent's entries name it. */
export interface DutyRecord {
  readonly body: Schedule | Cover;
  /** Commit time, and that of the version that replaced it; null: none has. */
  readonly at: TimestampMs;
  readonly replacedAt: TimestampMs | null;
}

/** The organisation as membership decisions see it, at one size of the key log. */
export interface MembershipView {
  account(account: AccountId): AccountFacts | null;
  role(role: RoleId): RoleFacts | null;
  invitation(invitation: InvitationId): InvitationFacts | null;
  readonly custodianGen: number | null;
  /** What the organisation has allowed an agent; its hash is in the invitation or grant that OE signed. */
  manifest(hash: Bytes): Manifest | null;
  /** The schedule or cover record of that hash; null where it is another kind or not known. */
  schedule(hash: Bytes): DutyRecord | null;
  /** A duty agent's reasons are not looked up: whoever is not told of schedules takes its manifest for enough. */
  readonly trustsDutyAgents: boolean;
}

export interface ViewOptions {
  /** Size of the key log; left out: now. */
  readonly size?: number;
  /** Those known, by hexadecimal hash. */
  readonly manifests?: ReadonlyMap<string, Manifest>;
  /** Where a duty agent's reasons are looked up; without it an agent changes no keyring. */
  readonly records?: RecordBook;
  readonly trustsDutyAgents?: boolean;
}

/** The view that a verified key log gives. */
export function viewKeyLog(state: KeyLogState, options: ViewOptions = {}): MembershipView {
  const size = options.size ?? keyLogSize(state);
  return {
    account(id) {
      const account = findAccount(state, id, size);
      if (account === null) return null;
      const { kind, active, jobs, manifest } = account;
      return {
        kind,
        active,
        jobs,
        manifest,
        boxKeyGen: account.boxKey?.gen ?? null,
        revokedAt: account.revocations.at(-1)?.index ?? -1,
      };
    },
    role(id) {
      const role = findRole(state, id, size);
      if (role === null) return null;
      return {
        kind: role.kind,
        active: role.active,
        keyring: role.keyring,
        keyGen: role.key?.statement.gen ?? null,
      };
    },
    invitation(id) {
      const found = findInvitationAt(state, id, size);
      if (found === null) return null;
      const { account, pub, notAfter } = found.statement;
      return { account, pub, notAfter, open: found.open };
    },
    custodianGen: findCustodian(state, size)?.statement.gen ?? null,
    manifest: (hash) => options.manifests?.get(encodeHex(hash)) ?? null,
    schedule: (hash) => (options.records === undefined ? null : findDutyRecord(options.records, hash)),
    trustsDutyAgents: options.trustsDutyAgents === true,
  };
}

function findDutyRecord(records: RecordBook, hash: Bytes): DutyRecord | null {
  const placed = recordByHash(records, hash);
  const body = placed?.record.body;
  if (placed === null || (body?.kind !== 'schedule' && body?.kind !== 'cover')) return null;
  return { body, at: placed.at, replacedAt: replacedAt(records, placed) };
}

export interface HeldRolesQuery {
  readonly keylog: KeyLogState;
  /** Size of the key log to judge by: an entry's own for history, left out for now. */
  readonly size?: number;
  readonly account: AccountId;
  readonly roles: Iterable<RoleId>;
  /** State of a role's keyring, as far as the caller has verified it. */
  keyring(role: RoleId): ConversationState | null;
}

/**
 * Those of `roles` that the account holds: it is a member of the role's keyring in the generation of the role's box key. A removal makes a
 * new generation and a new box key, so this answers for the past as exactly as for now.
 */
export function findHeldRoles(query: HeldRolesQuery): RoleId[] {
  const size = query.size ?? keyLogSize(query.keylog);
  return [...query.roles].filter((role) => {
    const keyring = query.keyring(role);
    const key = findRoleKey(query.keylog, role, { size });
    if (keyring === null || key === null || keyring.conv !== key.statement.keyring) return false;
    if (keyring.kind !== 'keyring' || keyring.role !== role) return false;
    // Removed a moment ago, and the new role key is not out yet: for new things the keyring itself decides.
    if (query.size === undefined && !keyring.members.has(query.account)) return false;
    return wasMember(keyring, query.account, key.statement.gen);
  });
}

/** What kind of member an id would be; null where the organisation does not know it, or where it is neither account nor role. */
export function memberTypeOf(view: MembershipView, member: MemberId): MemberType | null {
  if (isId('role', member)) {
    const role = view.role(member);
    return role === null ? null : `${role.kind}-role`;
  }
  if (!isId('account', member)) return null;
  const account = view.account(member);
  if (account === null) return null;
  if (account.kind === 'agent') return 'agent';
  if (account.kind === 'patient') return 'patient';
  return hasJob(account.jobs, ['outside-clinician']) ? 'outside' : 'person';
}

/** Whether the organisation still counts the member: an active account, an active role. */
export function isMemberActive(view: MembershipView, member: MemberId): boolean {
  if (isId('role', member)) return view.role(member)?.active === true;
  return isId('account', member) && view.account(member)?.active === true;
}

/** Newest box-key generation of an account or a role; null where there is none. */
export function boxKeyGenOf(view: MembershipView, member: MemberId): number | null {
  if (isId('role', member)) return view.role(member)?.keyGen ?? null;
  return isId('account', member) ? (view.account(member)?.boxKeyGen ?? null) : null;
}
