import type { AccountId, Bytes, InvitationId, OrgId, RoleId, TimestampMs } from '@baton/kernel';
import type { Job, StatementOf } from '@baton/wire';
import { logRoot } from '../merkle/log-tree.ts';
import { sparseRoot } from '../merkle/sparse-map.ts';
import { getPersistent, persistentValues } from './persistent-map.ts';
import type {
  AccountRecord,
  BoxKeyRecord,
  InvitationRecord,
  KeyLogState,
  PlacedStatement,
  RevocationRecord,
  RoleRecord,
} from './state.ts';

// Every lookup takes the size of the log that it should answer for; left out, the newest. An entry made a year ago is judged by the log
// that its author saw (docs/protocol/membership.md §6).

export interface OrgView {
  readonly org: OrgId;
  readonly name: string;
  /** Hash of the first org statement: what invitations pin. */
  readonly root: Bytes;
  /** Authority key (OA). */
  readonly pub: Bytes;
  /** Key that signs receipts and heads. */
  readonly server: Bytes;
}

/** An account as the log shows it. */
export interface AccountView {
  readonly account: AccountId;
  readonly kind: 'user' | 'agent' | 'patient';
  /** Identity generation; 0 while no invitation was claimed. */
  readonly gen: number;
  /** Identity signing key; null while unclaimed. */
  readonly uik: Bytes | null;
  /** Hash of the newest account statement; null while unclaimed. */
  readonly hash: Bytes | null;
  /** null for patients. */
  readonly name: string | null;
  readonly jobs: readonly Job[];
  /** Hash of the agent's manifest; null for people. */
  readonly manifest: Bytes | null;
  readonly claimed: boolean;
  /** Claimed and not deactivated. */
  readonly active: boolean;
  /** Number of grants so far: the next has `n` one higher. */
  readonly grants: number;
  /** The box key to seal to; null where the current identity has published none. */
  readonly boxKey: BoxKeyRecord | null;
  /** Every box key, oldest first. */
  readonly boxKeys: readonly BoxKeyRecord[];
  readonly revocations: readonly RevocationRecord[];
}

export interface RoleView {
  readonly role: RoleId;
  readonly n: number;
  readonly name: string;
  readonly unit: string | null;
  readonly kind: 'team' | 'duty';
  readonly keyring: StatementOf<'role'>['keyring'];
  readonly active: boolean;
  readonly hash: Bytes;
  /** Newest box key; null before the first. */
  readonly key: PlacedStatement<StatementOf<'rolekey'>> | null;
}

export function keyLogSize(state: KeyLogState): number {
  return state.tree.size;
}

/** Root of the first `size` statements (RFC 9162); null where the log is shorter. */
export function keyLogRoot(state: KeyLogState, size: number = state.tree.size): Bytes | null {
  return logRoot(state.digest, state.tree, size);
}

/** Root of the map subject -> newest statement. */
export function keyLogMapRoot(state: KeyLogState): Bytes {
  return sparseRoot(state.digest, state.map);
}

export function findOrg(state: KeyLogState, size?: number): OrgView | null {
  const first = state.orgs[0];
  const newest = newestBefore(state.orgs, size);
  if (first === undefined || newest === undefined) return null;
  const { org, name, pub, server } = newest.statement;
  return { org, name, root: first.hash, pub, server };
}

/** Every server key so far, oldest first: old receipts stay evidence. */
export function serverKeys(state: KeyLogState): readonly Bytes[] {
  return state.orgs.map((version) => version.statement.server);
}

/** The newest enrolment signer, expired or not. */
export function findEnroller(
  state: KeyLogState,
  size?: number,
): PlacedStatement<StatementOf<'enroller'>> | null {
  return newestBefore(state.enrollers, size) ?? null;
}

export function findCustodian(
  state: KeyLogState,
  size?: number,
): PlacedStatement<StatementOf<'custodian'>> | null {
  return newestBefore(state.custodians, size) ?? null;
}

export function findInvitation(state: KeyLogState, invitation: InvitationId): InvitationRecord | null {
  return getPersistent(state.invitations, invitation) ?? null;
}

/** An invitation as the log of a size shows it: `open` while nobody had claimed it. Null where that log does not have it. */
export function findInvitationAt(
  state: KeyLogState,
  invitation: InvitationId,
  size: number = state.tree.size,
): (InvitationRecord & { readonly open: boolean }) | null {
  const record = getPersistent(state.invitations, invitation);
  if (record === undefined || record.index >= size) return null;
  return { ...record, open: record.claimedAt === null || record.claimedAt >= size };
}

export function listInvitations(state: KeyLogState): InvitationRecord[] {
  return [...persistentValues(state.invitations)].sort((a, b) => a.index - b.index);
}

export function findAccount(state: KeyLogState, account: AccountId, size?: number): AccountView | null {
  const record = getPersistent(state.accounts, account);
  if (record === undefined || record.index >= (size ?? state.tree.size)) return null;
  return viewAccount(record, size);
}

/** Every account, in the order of their first invitations. */
export function listAccounts(state: KeyLogState, size: number = state.tree.size): AccountView[] {
  return [...persistentValues(state.accounts)]
    .filter((record) => record.index < size)
    .sort((a, b) => a.index - b.index)
    .map((record) => viewAccount(record, size));
}

/**
 * Size of the log up to which nothing was said about the account after `atMs`: where its first new identity, grant or revocation of a later
 * time stands, else the whole log. Statements carry their authors' clocks, so this is for judging the past, never for accepting anew.
 */
export function accountSizeAt(state: KeyLogState, account: AccountId, atMs: TimestampMs): number {
  const record = getPersistent(state.accounts, account);
  if (record === undefined) return state.tree.size;
  const later = [...record.identities.slice(1), ...record.standings, ...record.revocations]
    .filter((fact) => fact.ts > atMs)
    .map((fact) => fact.index);
  return Math.min(state.tree.size, ...later);
}

/** The account as the log showed it at a moment (see `accountSizeAt`). */
export function findAccountAt(state: KeyLogState, account: AccountId, atMs: TimestampMs): AccountView | null {
  return findAccount(state, account, accountSizeAt(state, account, atMs));
}

/** Standing and jobs by which an act of the past is judged. */
export interface Authority {
  readonly kind: AccountView['kind'];
  readonly active: boolean;
  readonly jobs: readonly Job[];
}

/**
 * What the account could do at a moment or can do now: who may do a thing now gains nothing by having done it earlier, and a clock that runs
 * ahead makes nobody's first act foul.
 */
export function findAuthority(state: KeyLogState, account: AccountId, atMs: TimestampMs): Authority | null {
  const now = findAccount(state, account);
  if (now === null) return null;
  const then = findAccountAt(state, account, atMs) ?? now;
  const views = [then, now].filter((view) => view.active);
  return {
    kind: now.kind,
    active: views.length > 0,
    jobs: [...new Set(views.flatMap((view) => view.jobs))],
  };
}

function viewAccount(record: AccountRecord, size: number | undefined): AccountView {
  const identity = newestBefore(record.identities, size);
  const title = newestBefore(record.titles, size);
  const boxKey = newestBefore(record.boxKeys, size);
  const standing = newestBefore(record.standings, size);
  return {
    account: record.account,
    kind: record.kind,
    gen: identity?.gen ?? 0,
    uik: identity?.pub ?? null,
    hash: identity?.hash ?? null,
    name: title?.name ?? null,
    jobs: title?.jobs ?? [],
    manifest: newestBefore(record.manifests, size)?.manifest ?? null,
    claimed: identity !== undefined,
    active: identity !== undefined && standing?.active !== false,
    grants: standing?.n ?? 0,
    // A key that an earlier identity published may be in foreign hands: a re-invitation is the answer to exactly that.
    boxKey: boxKey !== undefined && boxKey.accountGen === identity?.gen ? boxKey : null,
    boxKeys: allBefore(record.boxKeys, size),
    revocations: allBefore(record.revocations, size),
  };
}

export function findRole(state: KeyLogState, role: RoleId, size?: number): RoleView | null {
  const record = getPersistent(state.roles, role);
  return record === undefined ? null : viewRole(record, size);
}

/** Every role, in the order of their first statements. */
export function listRoles(state: KeyLogState, size: number = state.tree.size): RoleView[] {
  return [...persistentValues(state.roles)]
    .sort((a, b) => (a.versions[0]?.index ?? 0) - (b.versions[0]?.index ?? 0))
    .flatMap((record) => viewRole(record, size) ?? []);
}

/** The role whose keyring this conversation is. */
export function findRoleOfKeyring(
  state: KeyLogState,
  keyring: StatementOf<'role'>['keyring'],
): RoleId | null {
  return getPersistent(state.keyrings, keyring) ?? null;
}

function viewRole(record: RoleRecord, size: number | undefined): RoleView | null {
  const version = newestBefore(record.versions, size);
  if (version === undefined) return null;
  const { role, n, name, unit, kind, keyring, active } = version.statement;
  const key = newestBefore(record.keys, size) ?? null;
  return { role, n, name, unit, kind, keyring, active, hash: version.hash, key };
}

/** A role's box key: of generation `gen`, or the newest. */
export function findRoleKey(
  state: KeyLogState,
  role: RoleId,
  options: { readonly gen?: number; readonly size?: number } = {},
): PlacedStatement<StatementOf<'rolekey'>> | null {
  const keys = allBefore(getPersistent(state.roles, role)?.keys ?? [], options.size);
  if (options.gen === undefined) return keys.at(-1) ?? null;
  return keys.find((key) => key.statement.gen === options.gen) ?? null;
}

function newestBefore<T extends { readonly index: number }>(
  list: readonly T[],
  size: number | undefined,
): T | undefined {
  if (size === undefined) return list.at(-1);
  return list.findLast((record) => record.index < size);
}

function allBefore<T extends { readonly index: number }>(
  list: readonly T[],
  size: number | undefined,
): readonly T[] {
  if (size === undefined || (list.at(-1)?.index ?? -1) < size) return list;
  return list.filter((record) => record.index < size);
}
