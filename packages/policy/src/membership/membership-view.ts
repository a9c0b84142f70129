import {
  type AccountId,
  type Bytes,
  type ConversationId,
  encodeHex,
  isId,
  type MemberId,
  type RoleId,
} from '@baton/kernel';
import {
  findAccount,
  findCustodian,
  findRole,
  findRoleKey,
  type KeyLogState,
  keyLogSize,
} from '@baton/ledger';
import type { ConversationKind, Job } from '@baton/wire';
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

export interface RoleFacts {
  readonly kind: 'team' | 'duty';
  readonly active: boolean;
  readonly keyring: ConversationId;
  /** null: no key to seal to. */
  readonly keyGen: number | null;
}

/** What an agent's signed manifest allows (its hash is in the invitation that OE signed). */
export interface AgentManifest {
  readonly kinds: readonly ConversationKind[];
  readonly history: boolean;
  /** May enter and remove holders of roles as the signed schedule says. */
  readonly duty: boolean;
}

/** The organisation as membership decisions see it, at one size of the key log. */
export interface MembershipView {
  account(account: AccountId): AccountFacts | null;
  role(role: RoleId): RoleFacts | null;
  readonly custodianGen: number | null;
  manifest(hash: Bytes): AgentManifest | null;
}

/** The view that a verified key log gives at `size` (left out: now). `manifests` are those known, by hexadecimal hash. */
export function viewKeyLog(
  state: KeyLogState,
  options: { readonly size?: number; readonly manifests?: ReadonlyMap<string, AgentManifest> } = {},
): MembershipView {
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
    custodianGen: findCustodian(state, size)?.statement.gen ?? null,
    manifest: (hash) => options.manifests?.get(encodeHex(hash)) ?? null,
  };
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
