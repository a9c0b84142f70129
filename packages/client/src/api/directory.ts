import type { AccountId, ConversationId, MemberId, RoleId, TimestampMs } from '@baton/kernel';
import type { Job } from '@baton/wire';
import type { Live } from './live.ts';

export interface Person {
  readonly kind: 'person' | 'agent' | 'patient';
  readonly id: AccountId;
  readonly name: string;
  readonly jobs: readonly Job[];
  readonly active: boolean;
  /** Set when keys changed less than 30 days ago: who allowed it and when. */
  readonly keysChanged: { readonly at: TimestampMs; readonly reason: string } | null;
  /** Chained to the organisation's authority. A person who is not gets no key; `problem` says why. */
  readonly verified: boolean;
  readonly problem: string | null;
  /** Short fingerprint for the details panel. */
  readonly fingerprint: string;
}

export interface Role {
  readonly kind: 'role';
  readonly id: RoleId;
  readonly name: string;
  readonly unit: string | null;
  readonly use: 'team' | 'duty';
  readonly keyring: ConversationId;
  /** Who holds it now, from the keyring's verified log. */
  readonly holders: readonly Person[];
  readonly heldByMe: boolean;
}

export type Member = Person | Role;

/** People and roles of the organisation, from the verified key log. */
export interface Directory {
  readonly people: Live<readonly Person[]>;
  readonly roles: Live<readonly Role[]>;
  member(id: MemberId): Member | null;
  /** Name, job, role and unit; ranked; tolerant of typos. */
  search(query: string): readonly Member[];
}
