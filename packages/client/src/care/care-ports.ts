import type { AccountId, ConversationId, MessageId, OrgId, OwnerId, Rng } from '@baton/kernel';
import type { Digest } from '@baton/ledger';
import type { BatonFacts } from '@baton/policy';
import type { Consent, Content, OrgPolicy, PatientRecord, Queue, Reach, TextingSettings } from '@baton/wire';
import type { ManifestBook } from '../agents/manifest-book.ts';
import type { Owner } from '../api/batons.ts';
import type { Care } from '../api/care.ts';
import type { BatonDesk } from '../batons/baton-desk.ts';
import type { CollectionBook } from '../collections/collection-book.ts';
import type { CollectionDesk } from '../collections/collection-desk.ts';
import type { ConversationBook } from '../conversations/book.ts';
import type { ConversationList } from '../conversations/conversation-list.ts';
import type { ConversationStreams } from '../conversations/stream.ts';
import type { DirectoryBook } from '../directory/directory-book.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import type { Soon } from '../live/cell.ts';
import type { MembershipLogs } from '../membership/membership-logs.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Store } from '../ports/store.ts';
import type { SyncEngine } from '../sync/engine.ts';
import type { ServerClock } from '../sync/server-clock.ts';
import type { EntryWriter } from '../writing/entry-writer.ts';

/** Inviting patients, and what becomes of their invitations. */
export interface PatientLinks extends Pick<Care, 'invite' | 'reinvite' | 'addPerson' | 'endPerson'> {
  /** What the server says of an open invitation; null where it says nothing. */
  find(invitation: string): { readonly triesLeft: number; readonly secondClaim: boolean } | null;
  /** Has keys, and a place somewhere that no open link stands for. */
  hasJoined(account: AccountId): boolean;
  /** Looks after links from now on. */
  start(): void;
  stop(): void;
  idle(): Promise<void>;
}

/** What goes on around a link, and the care desk knows. */
export interface LinksGround extends Pick<Care, 'changeReach' | 'order'> {
  start(ref: string, options: { readonly confidential: boolean }): Promise<ConversationId>;
  readonly settings: () => TextingSettings | null;
  readonly reach: (ref: string) => Reach | null;
  readonly reaches: () => Iterable<Reach>;
  readonly consents: (ref: string) => readonly Consent[];
  /** What `find` answers is another. */
  readonly changed: () => void;
}

/** What the care desk is made of. */
export interface CarePorts {
  readonly me: AccountId;
  readonly org: OrgId;
  readonly digest: Digest;
  readonly rng: Rng;
  readonly clock: ServerClock;
  readonly soon: Soon;
  readonly store: Store;
  readonly book: ConversationBook;
  readonly directory: DirectoryBook;
  readonly keyLog: KeyLogReplica;
  readonly logs: MembershipLogs;
  readonly manifests: ManifestBook;
  readonly collections: CollectionBook;
  readonly sealed: Pick<CollectionDesk, 'named' | 'idOf'>;
  readonly entries: EntryWriter;
  readonly sync: SyncEngine;
  readonly streams: ConversationStreams;
  readonly outbox: Outbox;
  readonly conversations: ConversationList;
  readonly batons: BatonDesk;
  readonly facts: () => BatonFacts;
  readonly policy: () => OrgPolicy | null;
  readonly timeZone: () => string;
  readonly queue: (id: OwnerId) => Queue | null;
  readonly saveQueue: (queue: Queue) => Promise<void>;
  readonly owner: (id: OwnerId) => Owner | null;
  readonly record: (ref: string) => PatientRecord | null;
  readonly registry: () => ConversationId | null;
  /** Patients of the registry who may have this number. */
  readonly sharing: (number: string) => readonly string[];
  /** Another whenever the registry may be another. */
  readonly registryAsOf: () => string;
  readonly orgName: () => string;
  readonly may: (action: string) => boolean;
  /** Whether the membership rules let this person bring assistants in. */
  readonly mayAdmit: () => boolean;
  readonly isOnline: () => boolean;
  /** Puts something other than a message into the outbox. */
  readonly post: (conv: ConversationId, content: Content) => Promise<MessageId>;
  readonly admit: (agent: AccountId, conv: ConversationId, history: boolean) => Promise<void>;
  readonly failed: (error: unknown) => void;
}
