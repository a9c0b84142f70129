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
  /** Of the opening or of the newest `reopen`. */
  readonly deadline: TimestampMs;
  /** From opening to deadline, as asked. */
  readonly withinMs: number;
  /** The one accountable owner. */
  readonly owner: OwnerId;
  readonly status: 'open' | 'acknowledged' | 'answered' | 'closed';
  readonly acknowledged: {
    readonly by: AccountId;
    readonly at: TimestampMs;
    readonly readBack: boolean;
  } | null;
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
  /** When the ladder's clock began: the opening, or the newest `reopen`, follow-up or `reassign` of an acknowledged baton. */
  readonly clockFrom: TimestampMs;
  /** Steps fired since the clock began. */
  readonly steps: FiredSteps;
  /** Whom an escalation box was made for later. */
  readonly boxes: readonly { readonly to: MemberId; readonly g: number; readonly event: number }[];
}

export interface FiredSteps {
  readonly count: number;
  /** Of the last one. 0 stands for the owner, whom the opening reaches; -1 after `reopen`, which reaches nobody itself. */
  readonly offsetMs: number;
  readonly at: TimestampMs;
  /** Target of the last one; null before the first. */
  readonly target: MemberId | null;
  /** The last one found nobody: the next one is due in the same moment. */
  readonly skipped: boolean;
}

/** The organisation as batons see it at one moment; made from records, key log and keyrings (`duty/`). All functions are pure. */
export interface BatonFacts {
  /** Persons for whom the owner stands at `atMs`, on duty and active (§2); empty where there is nobody. */
  holders(owner: OwnerId, atMs: TimestampMs): readonly AccountId[];
  /** All active persons who hold the role, on duty or not; empty for a person or queue. */
  allHolders(owner: OwnerId): readonly AccountId[];
  /** When `holders` may change by the passing of time alone, after `atMs`; null: not in sight. May be too early, never too late. */
  nextDutyChange(owner: OwnerId, atMs: TimestampMs): TimestampMs | null;
  /** The member an owner means: itself, or the queue's default owner; null for a queue that is not in use. */
  memberOf(owner: OwnerId): MemberId | null;
  /** Whether the account may act for the owner: is it, holds the role (on duty, or a member of its keyring), or holds a role of the queue. */
  actsFor(account: AccountId, owner: OwnerId, atMs: TimestampMs): boolean;
  /** An active account that is no agent and no patient, an active role, an active queue. */
  isOwner(owner: OwnerId): boolean;
  isActive(account: AccountId): boolean;
  isAdmin(account: AccountId): boolean;
  /**
   * Whether the agent may end, by itself, what that one asked there: an active agent that is a member of a patient conversation, whose manifest
   * lists `settle` for such; the opener is a patient, or an agent that writes down what a patient texted (docs/protocol/programmes.md §3).
   */
  settles(agent: AccountId, asked: Pick<BatonState, 'conv' | 'opener'>): boolean;
  /** Active administrators: whom a supervisor role without any holder falls back on. */
  admins(): readonly AccountId[];
  /** Whether a duty supervisor is named: before that nobody can ask for anything. */
  hasSupervisor(): boolean;
  /** The role in which every ladder ends; before one is named an id that no role has, so that administrators are reached. */
  supervisor(): RoleId;
  /** Newest box-key generation of an active member; null where nothing can be sealed to it. */
  boxKeyGen(member: MemberId): number | null;
  /** Whether the account opens a box made for the member: it is the member, or has the role's keys. */
  opens(account: AccountId, member: MemberId): boolean;
  /** Unit of the owner's role, by name; a person's is that of the role they are on duty for then, or hold (§3). */
  unitOf(owner: OwnerId, atMs: TimestampMs): string | null;
  /** Whether the account is on duty in the charge role of that role's unit. */
  inChargeOf(account: AccountId, role: RoleId, atMs: TimestampMs): boolean;
  /** Every unit that `unitOf` can have answered at some time, as far as the newest records tell. */
  possibleUnits(owner: OwnerId): readonly string[];
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
