import type { AccountId, InvitationId, RoleId, TimestampMs } from '@baton/kernel';
import type { AuditEventBody, Job } from '@baton/wire';
import type { Live } from './live.ts';

export interface PendingInvitation {
  readonly invitation: InvitationId;
  readonly account: AccountId;
  readonly name: string | null;
  readonly jobs: readonly Job[];
  readonly notAfter: TimestampMs;
  readonly claimed: boolean;
}

/** Inviting, changing and deactivating people; defining roles. Works where this account's vault holds the enrolment key. */
export interface People {
  /** This device can sign for the organisation. */
  readonly canEnrol: Live<boolean>;
  readonly invitations: Live<readonly PendingInvitation[]>;
  /** Answers the link to hand over: it is shown once and the server never has its secret. */
  invite(input: {
    readonly name: string;
    readonly jobs: readonly Job[];
  }): Promise<{ readonly link: string; readonly notAfter: TimestampMs }>;
  /** New keys for an account that lost every device: a visible key change. */
  reinvite(account: AccountId): Promise<{ readonly link: string; readonly notAfter: TimestampMs }>;
  change(account: AccountId, input: { readonly name: string; readonly jobs: readonly Job[] }): Promise<void>;
  /** Ends every session at once; conversations get new keys with the next message. */
  deactivate(account: AccountId): Promise<void>;
  defineRole(input: {
    readonly name: string;
    readonly unit: string | null;
    readonly use: 'team' | 'duty';
    readonly holders: readonly AccountId[];
  }): Promise<RoleId>;
  addHolder(role: RoleId, account: AccountId): Promise<void>;
  removeHolder(role: RoleId, account: AccountId): Promise<void>;
}

export interface AuditRow extends AuditEventBody {
  /** Names from the directory, never from the server. */
  readonly actorName: string;
}

export interface AuditTrail {
  /** Newest first; verifies that the page belongs to the append-only log before answering. */
  page(input: {
    readonly before: number | null;
    readonly limit: number;
  }): Promise<{ readonly rows: readonly AuditRow[]; readonly size: number; readonly verified: boolean }>;
}
