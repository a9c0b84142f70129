import type { AccountId, ConversationId, EventId, MemberId, MessageId, TimestampMs } from '@baton/kernel';
import type {
  Attachment,
  Consent,
  ConsentPurpose,
  DeskTemplate,
  DeskThread,
  Language,
  OptOut,
  PatientRecord,
  Reach,
  Relation,
  TextingSettings,
  TextOrder,
} from '@baton/wire';
import type { Owner } from './batons.ts';
import type { Member, Person } from './directory.ts';
import type { Live } from './live.ts';

/** One patient conversation in the shared inbox. */
export interface CareThread {
  readonly conversation: ConversationId;
  readonly sidebar: ConversationId | null;
  readonly ref: string;
  /** As staff know the patient. */
  readonly name: string;
  /** An adolescent's own conversation. */
  readonly confidential: boolean;
  /** `snoozed` until `snoozedUntil`, or until the patient writes. */
  readonly status: 'open' | 'waiting' | 'closed' | 'snoozed';
  readonly assignee: Member | null;
  /** Who owes the answer where nobody is assigned: never null once texting is set up. */
  readonly owner: Owner | null;
  readonly topic: string | null;
  readonly lastAt: TimestampMs;
  readonly preview: { readonly author: string; readonly text: string; readonly mine: boolean } | null;
  readonly unread: number;
  /** Commit time of the oldest message of the patient that has an open baton. */
  readonly waitingSince: TimestampMs | null;
  /** Open batons here, and how many of them are mine. */
  readonly owed: { readonly all: number; readonly mine: number };
  /** A stat baton is open here. */
  readonly urgent: boolean;
  /** Who is writing an answer at this moment, other than me. */
  readonly answering: Person | null;
  readonly snoozedUntil: TimestampMs | null;
  readonly channel: Reach['channel'];
  readonly language: Language;
  readonly doNotContact: boolean;
  readonly deceased: boolean;
}

/** A person who writes in a patient's conversation, or is invited to. */
export interface ChartPerson {
  readonly account: AccountId;
  readonly relation: Relation;
  readonly name: string;
  readonly until: TimestampMs | null;
  readonly state: 'invited' | 'expired' | 'locked' | 'joined' | 'ended';
  /** Wrong codes left; null where no invitation is open. */
  readonly triesLeft: number | null;
  /** Somebody tried to use the invitation after it was used: call the patient. */
  readonly secondClaim: boolean;
  readonly keysChangedAt: TimestampMs | null;
  /** Of the patient's conversations those that this person is in, or is invited into: the shared one, an adolescent's own, or both. */
  readonly conversations: readonly ConversationId[];
}

/** Somebody who has joined, and whom they write for. */
export interface KnownWriter {
  readonly account: AccountId;
  readonly name: string;
  readonly writesFor: readonly {
    readonly ref: string;
    readonly patient: string;
    readonly relation: Relation;
  }[];
}

/** Everything beside a patient's conversation. */
export interface Chart {
  readonly ref: string;
  readonly record: PatientRecord | null;
  readonly reach: Reach | null;
  /** The number that texts go to: the first mobile one. null: nothing is ever texted. */
  readonly textNumber: string | null;
  /** The conversation that proxies read too; null before there is one. */
  readonly thread: CareThread | null;
  readonly people: readonly ChartPerson[];
  readonly consents: readonly Consent[];
  /** Whether a purpose is allowed now, and the record that says so. */
  consentFor(purpose: ConsentPurpose): Consent | null;
  readonly optedOut: OptOut | null;
  /** Newest first. */
  readonly orders: readonly TextOrder[];
  /** Of the shared conversation and of an adolescent's own: whoever shows them says which. */
  readonly files: readonly {
    readonly conversation: ConversationId;
    readonly message: MessageId;
    readonly at: TimestampMs;
    readonly author: string;
    readonly attachment: Attachment;
  }[];
}

export interface NewInvitation {
  readonly link: string;
  /** Six digits, to be told another way: in person, by voice, on paper. Shown once. */
  readonly code: string;
  readonly notAfter: TimestampMs;
  /** The text or e-mail that carries the link; null where staff hand it over. */
  readonly order: EventId | null;
}

export interface InviteWish {
  readonly ref: string;
  readonly relation: Relation;
  readonly name: string;
  readonly send: 'text' | 'email' | 'hand';
  /** Number or address; null with `hand`. */
  readonly to: string | null;
  readonly until: TimestampMs | null;
  /** Consent record: needed for everybody but `self`. */
  readonly consent: EventId | null;
  /** Into the adolescent's own conversation: `self` only, `policy.forbidden` at `invite.confidential` for everybody else. */
  readonly confidential: boolean;
}

/** Patients' conversations, and what goes with them. For staff with `patient.registry.read`. */
export interface Care {
  readonly state: Live<{
    readonly available: boolean;
    readonly established: boolean;
    readonly ready: boolean;
  }>;
  readonly settings: Live<TextingSettings | null>;
  /** By urgency, then by who waits longest. */
  readonly threads: Live<readonly CareThread[]>;
  /** Texts of numbers that belong to nobody, or to several who did not answer: the queue conversation that holds them. */
  readonly unknown: Live<{ readonly conversation: ConversationId | null; readonly open: number }>;
  readonly templates: Live<readonly DeskTemplate[]>;
  chart(ref: string): Live<Chart>;
  /** Patient of a patient conversation or of its sidebar. */
  refOf(conversation: ConversationId): string | null;
  /** Makes the collections `texting` and `desk` and the queue of unknown numbers. Does nothing where they are. */
  establish(settings: TextingSettings): Promise<void>;
  /**
   * Saves, tells every patient's conversation by a new practice card (progress: done of all), and carries out a changed team: roles come into and
   * go out of every conversation. `policy.forbidden` at `settings.team` where this person may not change members: all else is saved.
   */
  saveSettings(settings: TextingSettings, progress?: (done: number, all: number) => void): Promise<void>;
  /** What `establish` would start with: this organisation's roles, queue and quiet hours (docs/protocol/patients.md §4). */
  suggestSettings(): TextingSettings;
  /** Opens, or makes with its sidebar, practice card and assistants, the patient's conversation. */
  start(ref: string, options?: { readonly confidential: boolean }): Promise<ConversationId>;
  changeReach(ref: string, change: (reach: Reach) => Reach): Promise<void>;
  giveConsent(input: {
    readonly ref: string;
    readonly purpose: ConsentPurpose;
    readonly phone: string | null;
    readonly how: Consent['given']['how'];
    /** Version of the warning shown; needed with `plain-text`. */
    readonly warning: string | null;
    readonly note: string;
  }): Promise<EventId>;
  revokeConsent(ref: string, id: EventId, how: Consent['given']['how']): Promise<void>;
  /**
   * Into the conversation that is named, and with the same link into whatever the person was invited to before and has not joined. For one who
   * has joined `addPerson` opens another conversation of the patient: `policy.already_member` here.
   */
  invite(wish: InviteWish): Promise<NewInvitation>;
  /**
   * Lost phone: the old keys are out of every conversation at once, then a new invitation into all of them. `confirmed`: how identity was
   * checked, for the record.
   */
  reinvite(
    wish: InviteWish & { readonly account: AccountId; readonly confirmed: string },
  ): Promise<NewInvitation>;
  /**
   * Somebody who has keys, so that no link is needed: who writes for another patient already (a parent of two), and the patient into the other
   * one of their own conversations.
   */
  addPerson(wish: Omit<InviteWish, 'send' | 'to'> & { readonly account: AccountId }): Promise<void>;
  /** Who can be added so, by their own name or a patient's that they write for; a handful at most, none for an empty query. */
  findWriters(query: string): readonly KnownWriter[];
  /** Ends a proxy's (or patient's) access. */
  endPerson(ref: string, account: AccountId): Promise<void>;
  /** Asks for a text or an e-mail; the texting assistant sends it and keeps its state. */
  order(
    input: Pick<TextOrder, 'ref' | 'to' | 'language' | 'purpose' | 'text' | 'notAfter' | 'urgentBy'>,
  ): Promise<EventId>;
  changeThread(
    conversation: ConversationId,
    change: Partial<Pick<DeskThread, 'status' | 'assignee' | 'snoozedUntil' | 'topic'>>,
  ): Promise<void>;
  /** Makes me the assignee; `false` and who, where somebody was faster. */
  claim(conversation: ConversationId): Promise<{ readonly mine: boolean; readonly by: Member | null }>;
  /** I am writing an answer here (called while typing; told to the others at most once in 20 s, ends by itself). */
  answering(conversation: ConversationId): void;
  saveTemplate(template: DeskTemplate): Promise<void>;
  newTemplateId(): EventId;
  /** Variables filled in for a patient; those that are not known stay visible as `{name}`. */
  fill(template: DeskTemplate, ref: string, language: Language): string;
  /** Gives a text of an unknown number to a patient: written into their conversation with who matched it, its baton answered. */
  match(message: MessageId, ref: string): Promise<void>;
  /** Whom a message in this conversation is from, for the patient's side: member ids of the team. */
  readersOf(conversation: ConversationId): readonly MemberId[];
}
