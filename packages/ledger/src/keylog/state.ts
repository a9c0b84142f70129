import type { AccountId, Bytes, DeviceId, InvitationId, OrgId, RoleId, TimestampMs } from '@baton/kernel';
import type { Job, StatementOf } from '@baton/wire';
import { emptyLogTree, type LogTree } from '../merkle/log-tree.ts';
import { EMPTY_MAP, type SparseMap } from '../merkle/sparse-map.ts';
import type { Digest } from '../ports.ts';
import { emptyPersistentMap, type PersistentMap } from './persistent-map.ts';

/** Where in the log a fact stands. Facts are kept with their positions, so that an old entry can be judged by what was known then. */
export interface Placed {
  /** Position of the statement, from 0. */
  readonly index: number;
  /** Hash of the statement. */
  readonly hash: Bytes;
  readonly ts: TimestampMs;
}

export type PlacedStatement<T extends StatementOf<'org' | 'enroller' | 'custodian' | 'role' | 'rolekey'>> =
  Placed & { readonly statement: T };

/** What an invitation offers to whoever claims it, in whichever of the two forms it was signed. */
export type InvitationOffer = Pick<
  StatementOf<'invitation'>,
  'invitation' | 'account' | 'kind' | 'gen' | 'name' | 'jobs' | 'pub' | 'notAfter' | 'manifest'
>;

export interface InvitationRecord extends Placed {
  readonly statement: InvitationOffer;
  /** Who signed it with a device of theirs (`patient-invitation`); null where the enrolment signer did. */
  readonly author: AccountId | null;
  /** Position of the account statement that claimed it; null while open. */
  readonly claimedAt: number | null;
}

export interface IdentityRecord extends Placed {
  readonly gen: number;
  /** Identity signing key (UIK). */
  readonly pub: Bytes;
  /** The invitation that it claimed. */
  readonly invitation: InvitationId;
}
export interface TitleRecord {
  readonly index: number;
  readonly name: string | null;
  readonly jobs: readonly Job[];
}
export interface StandingRecord extends Placed {
  readonly n: number;
  readonly active: boolean;
}
export interface BoxKeyRecord extends Placed {
  readonly accountGen: number;
  readonly gen: number;
  readonly pub: Bytes;
  readonly chain: Bytes | null;
}
export interface RevocationRecord extends Placed {
  /** null: every device certified up to then. */
  readonly device: DeviceId | null;
  readonly accountGen: number;
  readonly reason: StatementOf<'revocation'>['reason'];
}

export interface AccountRecord {
  readonly account: AccountId;
  readonly kind: 'user' | 'agent' | 'patient';
  /** Position of the first invitation. */
  readonly index: number;
  readonly identities: readonly IdentityRecord[];
  /** Names and jobs, in the order in which they came into force. */
  readonly titles: readonly TitleRecord[];
  readonly manifests: readonly { readonly index: number; readonly manifest: Bytes | null }[];
  readonly standings: readonly StandingRecord[];
  readonly boxKeys: readonly BoxKeyRecord[];
  readonly revocations: readonly RevocationRecord[];
}

export interface RoleRecord {
  readonly role: RoleId;
  readonly versions: readonly PlacedStatement<StatementOf<'role'>>[];
  readonly keys: readonly PlacedStatement<StatementOf<'rolekey'>>[];
}

/**
 * Everything that the statements so far establish. Immutable: applying a statement gives a new state, and a refused one leaves nothing
 * behind. Read it through the lookups of this package.
 */
export interface KeyLogState {
  readonly digest: Digest;
  readonly tree: LogTree;
  readonly map: SparseMap;
  readonly orgs: readonly PlacedStatement<StatementOf<'org'>>[];
  readonly enrollers: readonly PlacedStatement<StatementOf<'enroller'>>[];
  readonly custodians: readonly PlacedStatement<StatementOf<'custodian'>>[];
  readonly accounts: PersistentMap<AccountRecord>;
  readonly invitations: PersistentMap<InvitationRecord>;
  /** Invitation id by the hexadecimal hash of its statement. */
  readonly invitationIds: PersistentMap<InvitationId>;
  readonly roles: PersistentMap<RoleRecord>;
  /** Role by its keyring: no keyring serves two roles. */
  readonly keyrings: PersistentMap<RoleId>;
}

export function emptyKeyLog(digest: Digest): KeyLogState {
  return {
    digest,
    tree: emptyLogTree(),
    map: EMPTY_MAP,
    orgs: [],
    enrollers: [],
    custodians: [],
    accounts: emptyPersistentMap(),
    invitations: emptyPersistentMap(),
    invitationIds: emptyPersistentMap(),
    roles: emptyPersistentMap(),
    keyrings: emptyPersistentMap(),
  };
}

/** The organisation that the log belongs to; null while it is empty. */
export function keyLogOrg(state: KeyLogState): OrgId | null {
  return state.orgs[0]?.statement.org ?? null;
}
