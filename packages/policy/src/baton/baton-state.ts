import type {
  AccountId,
  BatonId,
  Bytes,
  ConversationId,
  IntegrationId,
  MemberId,
  MessageId,
  OrgId,
  OwnerId,
  RoleId,
  TimestampMs,
} from '@baton/kernel';
import type { BatonEvent, CloseReason, Contract, Ladder, StepTarget } from '@baton/wire';

/** Contracts that make a baton. */
export type AskContract = Exclude<Contract, 'fyi'>;

/** What a baton's events establish (docs/protocol/batons.md §3). Immutable; `applyBatonEvent` gives the next one. */
export interface BatonState {
  readonly org: OrgId;
  readonly baton: BatonId;
  /** Position, hash and commit time of the newest event. */
  readonly n: number;
  readonly head: Bytes;
  readonly at: TimestampMs;
  readonly conv: ConversationId | null;
  readonly message: MessageId | null;
  readonly opener: AccountId | IntegrationId;
  readonly reference: string | null;
  readonly contract: AskContract;
  readonly addressed: OwnerId;
  readonly unit: string | null;
  readonly openedAt: TimestampMs;
  readonly deadline: TimestampMs;
  /** The one accountable owner. */
  readonly owner: OwnerId;
  readonly status: 'open' | 'acknowledged' | 'answered' | 'closed';
  readonly acknowledged: { readonly by: AccountId; readonly at: TimestampMs; readonly readBack: boolean } | null;
  readonly ended: {
    readonly by: AccountId;
    readonly at: TimestampMs;
    /** null: answered. */
    readonly reason: CloseReason | null;
    readonly answer: { readonly conv: ConversationId; readonly message: MessageId } | null;
  } | null;
  readonly offer: { readonly to: OwnerId; readonly by: AccountId; readonly at: TimestampMs } | null;
  /** Everybody reached so far, and by which event last. */
  readonly reached: ReadonlyMap<AccountId, number>;
  /** Reached by the newest event that reached anybody. */
  readonly reachedLast: readonly AccountId[];
  /** When the ladder's clock began: the opening, or the newest `reopen` or follow-up. */
  readonly clockFrom: TimestampMs;
  /** Fired steps since the clock began; `offsetMs` of the last one, -1 before the first. */
  readonly steps: { readonly count: number; readonly offsetMs: number; readonly at: TimestampMs };
  /** Whom an escalation box was made for later. */
  readonly boxes: readonly { readonly to: MemberId; readonly g: number; readonly event: number }[];
}

/** The organisation as batons see it at one moment; made from records, key log and keyrings (`duty/`). All functions are pure. */
export interface BatonFacts {
  /** Persons for whom the owner stands at `atMs`, on duty and active (§2); empty where there is nobody. */
  holders(owner: OwnerId, atMs: TimestampMs): readonly AccountId[];
  /** Whether the account may act for the owner: is it, holds the role (on duty, or a member of its keyring), or holds a role of the queue. */
  actsFor(account: AccountId, owner: OwnerId, atMs: TimestampMs): boolean;
  /** An active account that is no agent and no patient, an active role, an active queue. */
  isOwner(owner: OwnerId): boolean;
  isActive(account: AccountId): boolean;
  isAdmin(account: AccountId): boolean;
  /** Active administrators: whom a supervisor role without any holder falls back on. */
  admins(): readonly AccountId[];
  supervisor(): RoleId;
  /** Unit of the owner's role, by name. */
  unitOf(owner: OwnerId): string | null;
  /** The ladder in force for this contract and unit. */
  ladder(contract: AskContract, unit: string | null): Ladder;
  /** Whom a step means: null where the unit names no backup or charge role. `owner` is resolved by the caller. */
  target(target: Exclude<StepTarget, 'owner'>, unit: string | null): MemberId | null;
}

/** An event with its place: hash of its Signed bytes' body, commit time. */
export interface PlacedEvent {
  readonly event: BatonEvent;
  readonly hash: Bytes;
  readonly at: TimestampMs;
}
