import type { BatonId, ConversationId, IntegrationId, MessageId, OwnerId, TimestampMs } from '@baton/kernel';
import type { CloseReason, Contract, TemplateKind } from '@baton/wire';
import type { Member, Person } from './directory.ts';
import type { Live } from './live.ts';

/** A queue as an owner to address. */
export interface QueueOwner {
  readonly kind: 'queue';
  readonly id: OwnerId;
  readonly name: string;
  readonly defaultOwner: Member | null;
}
export type Owner = Member | QueueOwner;

/** One line of a baton's history, oldest first, in words' parts: the screen makes the sentence. */
export interface BatonLine {
  readonly at: TimestampMs;
  readonly what:
    | 'sent'
    | 'step'
    | 'acknowledged'
    | 'answered'
    | 'offered'
    | 'accepted'
    | 'declined'
    | 'returned'
    | 'taken'
    | 'reassigned'
    | 'reopened'
    | 'closed';
  /** null: the server, because time passed or the organisation changed. */
  readonly by: Person | null;
  readonly to: Owner | null;
  readonly reached: readonly Person[];
  /** Nobody was on duty for the target. */
  readonly empty: boolean;
  readonly reason: CloseReason | null;
}

/** A step of the ladder that has not fired: whom it would reach as things stand. */
export interface ComingStep {
  readonly at: TimestampMs;
  readonly target: Owner;
  readonly wouldReach: readonly Person[];
}

export interface Baton {
  readonly id: BatonId;
  readonly contract: Exclude<Contract, 'fyi'>;
  readonly status: 'open' | 'acknowledged' | 'answered' | 'closed';
  /** Accountable now. */
  readonly owner: Owner;
  /** Persons for whom the owner stands now. */
  readonly holders: readonly Person[];
  readonly opener:
    | Person
    | { readonly kind: 'integration'; readonly id: IntegrationId; readonly reference: string | null };
  readonly openedAt: TimestampMs;
  readonly deadline: TimestampMs;
  readonly overdue: boolean;
  /** Fired steps beyond the first notice. */
  readonly escalated: boolean;
  readonly acknowledgedBy: { readonly person: Person; readonly at: TimestampMs } | null;
  readonly ended: {
    readonly by: Person;
    readonly at: TimestampMs;
    readonly reason: CloseReason | null;
  } | null;
  readonly offer: {
    readonly to: Owner;
    readonly by: Person;
    readonly until: TimestampMs;
    /** Opened, where it is meant for me. */
    readonly note: string | null;
    readonly toMe: boolean;
  } | null;
  readonly lines: readonly BatonLine[];
  readonly coming: readonly ComingStep[];
  /** Number to call, from the context block, the unit or the organisation. */
  readonly callback: string | null;
  /** Role or unit that was addressed. */
  readonly addressed: Owner;
  readonly unit: string | null;
  /** Where the message is; null for one without a message or in a conversation that I cannot open. */
  readonly conversation: ConversationId | null;
  readonly message: MessageId | null;
  /** What was asked, as far as this device can read it. */
  readonly text: string | null;
  readonly patient: string | null;
  readonly quote: { readonly author: string; readonly text: string } | null;
  /** How the text came here: as a member, through an escalation box, or not (yet). */
  readonly readVia: 'member' | 'escalation' | 'none';
  /** What it is to me. `owe` counts on badges. */
  readonly mine: 'owe' | 'waiting' | 'reached' | 'none';
  readonly can: {
    readonly acknowledge: boolean;
    readonly answer: boolean;
    readonly take: boolean;
    readonly handOver: boolean;
    readonly accept: boolean;
    readonly close: boolean;
  };
  /** An act of mine that is on its way to the server. */
  readonly pending: boolean;
}

export interface Batons {
  /** Open batons that I owe, by clock; stat first. */
  readonly owe: Live<readonly Baton[]>;
  /** Open batons that I opened and wait for. */
  readonly waiting: Live<readonly Baton[]>;
  /** Open batons that reached me by escalation and are somebody else's. */
  readonly escalated: Live<readonly Baton[]>;
  /** Ended in the last 24 hours in which I had a part, newest first. */
  readonly ended: Live<readonly Baton[]>;
  /** What badge and title count. */
  readonly owed: Live<number>;
  /** Told once for each baton that newly reaches me: for sound and notification. */
  onReached(listener: (baton: Baton) => void): () => void;
  /** Batons that a message made, by index. */
  ofMessage(message: MessageId): readonly Baton[];
  get(id: BatonId): Baton | null;
  /** Changes whenever any baton changes. */
  readonly changes: Live<number>;
  acknowledge(id: BatonId, options?: { readonly readBack: boolean }): Promise<void>;
  take(id: BatonId): Promise<void>;
  handOver(id: BatonId, to: OwnerId, note: string | null): Promise<void>;
  accept(id: BatonId): Promise<void>;
  decline(id: BatonId): Promise<void>;
  close(id: BatonId, reason: CloseReason): Promise<void>;
  /** Opens (or makes) the conversation in which to answer: the message's own where I am a member, else one with the opener. */
  openAnswerThread(
    id: BatonId,
  ): Promise<{ readonly conversation: ConversationId; readonly replyTo: MessageId | null }>;
}

/** What the composer offers for a conversation. */
export interface AskDefaults {
  /** False where no duty supervisor is named: only FYI. */
  readonly available: boolean;
  readonly suggested: Contract;
  readonly replyWithinMs: readonly number[];
  readonly talkWithinMs: number;
  readonly statWithinMs: number;
  /** Owners to choose from; the first is suggested. Empty where nobody can be addressed. */
  readonly owners: readonly Owner[];
  /** My open batons here: sending answers these unless unticked. */
  readonly answers: readonly Baton[];
}

/** What a template pre-fills. */
export interface Template {
  readonly kind: TemplateKind;
  readonly parts: readonly string[];
  readonly contract: Contract;
  /** One baton for each of these roles. */
  readonly everyRole: boolean;
}

/** How a step of a ladder would go for a message sent now. */
export interface LadderPreview {
  readonly at: TimestampMs;
  readonly target: Owner;
  readonly reaches: readonly Person[];
  readonly empty: boolean;
}

export interface Ask {
  readonly contract: Exclude<Contract, 'fyi'>;
  readonly to: readonly OwnerId[];
  readonly withinMs: number;
  readonly callback: string | null;
  /** Patient as the registry names them; goes into the sealed context block only. */
  readonly patient: string | null;
}
