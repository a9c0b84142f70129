import type {
  AccountId,
  BatonId,
  Bytes,
  ConversationId,
  MemberId,
  MessageId,
  RoleId,
  TimestampMs,
} from '@baton/kernel';
import type {
  Attachment,
  ContentOf,
  Contract,
  ConversationKind,
  ErrorCode,
  PracticeCard,
  Prompt,
  Reaction,
  RedFlag,
  TemplateKind,
} from '@baton/wire';
import type { Ask, AskDefaults, Baton, Owner } from './batons.ts';
import type { Member, Person, Role } from './directory.ts';
import type { OpenedFile, OutgoingFile, UploadProgress } from './files.ts';
import type { Live } from './live.ts';

/** One row of the inbox, ordered by latest activity. */
export interface ConversationSummary {
  readonly id: ConversationId;
  readonly kind: ConversationKind;
  /** Title of a group, name of the other person, or the role's name. */
  readonly title: string;
  readonly members: readonly Member[];
  readonly lastAt: TimestampMs;
  /** Latest message in one line with its author; null when there is none yet. */
  readonly preview: { readonly author: string; readonly text: string; readonly mine: boolean } | null;
  readonly unread: number;
  readonly draft: string | null;
  readonly closed: boolean;
  /** Why nothing can be sent here now; null when all is well. */
  readonly blocked: Blocked | null;
}

/** An unverified member or device gets no key: sending waits and the sender sees why and what to do. */
export interface Blocked {
  readonly code: ErrorCode;
  readonly sentence: string;
  readonly members: readonly Member[];
}

export type DeliveryState = 'waiting' | 'sent' | 'delivered' | 'opened' | 'acknowledged' | 'failed';

export interface Receipt {
  readonly person: Person;
  readonly state: 'sent' | 'delivered' | 'opened' | 'acknowledged';
  readonly at: TimestampMs | null;
}

export interface TimelineMessage {
  readonly type: 'message';
  /** Stable from the moment of sending. */
  readonly id: MessageId;
  /** null until committed. */
  readonly seq: number | null;
  readonly author: Person;
  readonly mine: boolean;
  readonly as: Role | null;
  /** Commit time; the local time while waiting. */
  readonly at: TimestampMs;
  readonly contract: Contract;
  /** By owner; empty with FYI and until committed. */
  readonly batons: readonly Baton[];
  /** What was asked, before the server has made batons of it. */
  readonly ask: { readonly to: readonly Owner[]; readonly withinMs: number } | null;
  /** Everybody who can read this one message through its ladder. */
  readonly ladderReaders: readonly Member[];
  readonly template: {
    readonly kind: TemplateKind;
    readonly parts: readonly { readonly label: string; readonly text: string }[];
  } | null;
  /** A colleague asks to take over a role; `canAnswer` where I hold it or am in charge. */
  readonly request: { readonly t: 'take-role'; readonly role: Role; readonly canAnswer: boolean } | null;
  readonly state: DeliveryState;
  readonly failure: {
    readonly code: ErrorCode;
    readonly sentence: string;
    readonly canRetry: boolean;
  } | null;
  readonly text: string;
  readonly attachments: readonly Attachment[];
  readonly mentions: readonly Member[];
  readonly quote: { readonly id: MessageId; readonly author: string; readonly text: string } | null;
  /** Earlier versions, oldest first; empty when never edited. */
  readonly edits: readonly { readonly text: string; readonly at: TimestampMs }[];
  readonly editedAt: TimestampMs | null;
  readonly withdrawn: {
    readonly at: TimestampMs;
    readonly by: string;
    readonly reason: string | null;
  } | null;
  readonly reactions: readonly {
    readonly reaction: Reaction;
    readonly people: readonly string[];
    readonly mine: boolean;
  }[];
  readonly receipts: readonly Receipt[];
  /** Written down by the texting assistant, or by who matched it: who texted from where. null for everything else. */
  readonly via: NonNullable<ContentOf<'message'>['via']> | null;
  readonly topic: string | null;
  /** Red flags that the writer's device found. */
  readonly flags: readonly RedFlag[];
  readonly result: NonNullable<ContentOf<'message'>['result']> | null;
  /** An automation's standing answer (after hours, who is writing). */
  readonly automatic: boolean;
  /** What a programme asks; null for everything else, and from anybody but an agent. */
  readonly prompt: Prompt | null;
  /** Which programme's question it answers. */
  readonly answers: NonNullable<ContentOf<'message'>['answers']> | null;
  /** What became of the text that carried or announced it; null where none was due. */
  readonly delivery:
    | (Pick<ContentOf<'delivery'>, 'mode' | 'state' | 'segments' | 'code'> & { readonly at: TimestampMs })
    | null;
}

/** Membership and key changes, told in the thread. */
export interface TimelineEvent {
  readonly type: 'event';
  readonly id: string;
  readonly seq: number;
  readonly at: TimestampMs;
  readonly what:
    | 'created'
    | 'added'
    | 'removed'
    | 'left'
    | 'rotated'
    | 'titled'
    | 'closed'
    | 'agent-added'
    | 'agent-removed'
    | 'policy';
  readonly by: Person;
  readonly members: readonly Member[];
  readonly detail: string | null;
}

/** An item that could not be opened or verified: shown, never hidden. */
export interface TimelineProblem {
  readonly type: 'problem';
  readonly id: string;
  readonly seq: number;
  readonly at: TimestampMs;
  readonly code: ErrorCode;
  readonly sentence: string;
}

export type TimelineItem = TimelineMessage | TimelineEvent | TimelineProblem;

export interface Timeline {
  /** Oldest first, contiguous; waiting messages at the end. */
  readonly items: readonly TimelineItem[];
  readonly hasOlder: boolean;
  readonly loading: boolean;
  /** The first message that was unread when the conversation was opened; null when all was read. */
  readonly firstUnread: string | null;
}

/** "Who can read this": members, roles expanded to people, agents, the custodian. */
export interface Readers {
  readonly people: readonly {
    readonly person: Person;
    readonly via: Role | null;
    readonly sees: 'all' | 'from-joining';
  }[];
  readonly roles: readonly Role[];
  /** `since`: when the entry that let it in was committed; null where it reads through a role's keys. */
  readonly agents: readonly (Person & { readonly since: TimestampMs | null })[];
  /** Shares needed of shares made. */
  readonly custodian: { readonly threshold: number; readonly shares: number } | null;
  readonly sentence: { readonly people: number; readonly agents: number };
  readonly generation: number;
  readonly canAdd: boolean;
  readonly canRemove: readonly MemberId[];
}

/** What only some messages carry (wire `message` content). */
export type MessageMarks = Pick<
  ContentOf<'message'>,
  'via' | 'topic' | 'flags' | 'result' | 'automatic' | 'prompt' | 'answers'
>;

export interface OutgoingMessage {
  /** Known beforehand where the same message may be asked for twice (a carrier's repeat): it goes out once. Left out: a new one. */
  readonly id?: MessageId;
  readonly text: string;
  readonly files: readonly OutgoingFile[];
  /** None in a patient's conversation (`policy.forbidden` at `message.mentions`): colleagues are spoken to in the team notes beside it. */
  readonly mentions: readonly MemberId[];
  readonly replyTo: MessageId | null;
  /** Write for a role that I hold; null as oneself. */
  readonly as: RoleId | null;
  /** Waits so long before it goes out, in milliseconds, so that `unsend` can take it back; survives closing the tab. 0 where left out. */
  readonly holdMs?: number;
  /** What is asked, of whom, by when; left out: FYI. */
  readonly ask?: Ask;
  /** Batons of mine that this message answers. */
  readonly answers?: readonly BatonId[];
  /** Labelled parts of a template; `text` is then made from them. */
  readonly marks?: MessageMarks;
  readonly template?: {
    readonly kind: TemplateKind;
    readonly parts: readonly { readonly label: string; readonly text: string }[];
  };
}

export interface Conversation {
  readonly id: ConversationId;
  readonly summary: Live<ConversationSummary>;
  /** What the composer offers here. */
  readonly asking: Live<AskDefaults>;
  readonly timeline: Live<Timeline>;
  readonly readers: Live<Readers>;
  /** Accepts at once, persists sealed, sends when it can, exactly once. Resolves with the id when it is safely in the outbox. */
  send(message: OutgoingMessage): Promise<MessageId>;
  /** Takes back a message that waits; false when it has gone out already. */
  unsend(id: MessageId): Promise<boolean>;
  retry(id: MessageId): Promise<void>;
  edit(id: MessageId, text: string): Promise<void>;
  withdraw(id: MessageId, reason: string | null): Promise<void>;
  react(id: MessageId, reaction: Reaction, on: boolean): Promise<void>;
  loadOlder(): Promise<void>;
  /** The person has seen everything up to this item; sent as a signed watermark, at most every 5 s. */
  markOpened(seq: number): void;
  saveDraft(text: string): Promise<void>;
  /** Files of waiting messages that are being uploaded, by message. `unsend` gives an upload up. */
  readonly uploads: Live<ReadonlyMap<MessageId, UploadProgress>>;
  /** A small file in memory, at most 16 MiB. Throws `ClientError` with `at` `file.…` where the server's bytes are not what was sent. */
  readAttachment(attachment: Attachment): Promise<Bytes>;
  /** A file of any size, piece by piece; iterating throws as `readAttachment`. */
  openAttachment(attachment: Attachment): OpenedFile;
  addMembers(members: readonly MemberId[], options: { readonly history: boolean }): Promise<void>;
  removeMember(member: MemberId): Promise<void>;
  leave(): Promise<void>;
  rename(title: string): Promise<void>;
  /** What the practice says of itself to this patient; null elsewhere. */
  readonly card: Live<PracticeCard | null>;
  /** A practice card, or a report on a text. */
  post(content: ContentOf<'card'> | ContentOf<'delivery'>): Promise<void>;
}

export interface Conversations {
  /** Staff threads: direct, group and role conversations, newest first. Keyrings and collections are not listed. */
  readonly list: Live<readonly ConversationSummary[]>;
  /** All threads are known locally; false while the first sync runs. */
  readonly ready: Live<boolean>;
  open(id: ConversationId): Promise<Conversation>;
  /** The existing direct conversation with this person, or a new one. */
  startDirect(person: AccountId): Promise<Conversation>;
  startGroup(input: { readonly title: string; readonly members: readonly MemberId[] }): Promise<Conversation>;
  /** A conversation with a role: whoever holds it reads it. */
  startWithRole(role: RoleId): Promise<Conversation>;
}
