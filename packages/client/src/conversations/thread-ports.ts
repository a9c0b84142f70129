import type { AccountId, BatonId, ConversationId, MessageId, RoleId } from '@baton/kernel';
import type { Content, MessageClass } from '@baton/wire';
import type { OutgoingFile } from '../api/files.ts';
import type { FileCourier } from '../files/file-courier.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import type { Soon } from '../live/cell.ts';
import type { MarksBook } from '../marks/marks-book.ts';
import type { MembershipLogs } from '../membership/membership-logs.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { OutboxRow } from '../tables/records.ts';
import type { Names } from '../timeline/fold.ts';
import type { EntryWriter } from '../writing/entry-writer.ts';
import type { ConversationBook } from './book.ts';
import type { Drafts } from './drafts.ts';
import type { ThreadAsks } from './thread-asks.ts';
import type { ConversationStreams } from './stream.ts';

/** A message on its way into the outbox. */
export interface Composition {
  /** null: a new one. */
  readonly id: MessageId | null;
  readonly conv: ConversationId;
  readonly class: MessageClass;
  readonly as: RoleId | null;
  readonly content: Content;
  readonly asked: OutboxRow['asked'];
  readonly answers: readonly BatonId[];
  readonly files: readonly OutgoingFile[];
  readonly holdMs: number;
}

export interface ThreadPorts {
  readonly me: AccountId;
  readonly soon: Soon;
  readonly names: Names;
  readonly book: ConversationBook;
  readonly logs: MembershipLogs;
  readonly keyLog: KeyLogReplica;
  readonly streams: ConversationStreams;
  readonly outbox: Outbox;
  readonly marks: MarksBook;
  readonly drafts: Drafts;
  readonly writer: EntryWriter;
  readonly files: Pick<FileCourier, 'uploads' | 'read' | 'open'>;
  readonly asks: ThreadAsks;
  /** How staff call a patient's conversation; null for everything else. */
  readonly titleFor?: (conv: ConversationId) => string | null;
  compose(composition: Composition): Promise<MessageId>;
  loadOlderPage(conv: ConversationId): Promise<void>;
  /** Looks again who holds the conversation's roles, in the background and not too often. */
  freshenRoles(conv: ConversationId): void;
  openedUpTo(conv: ConversationId, seq: number): void;
}
