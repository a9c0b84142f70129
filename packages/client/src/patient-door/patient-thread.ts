import type { Bytes, ConversationId, MemberId, MessageId } from '@baton/kernel';
import type { Attachment, PracticeCard, Reaction } from '@baton/wire';
import type { AskDefaults } from '../api/batons.ts';
import type { Conversation, ConversationSummary, Readers, Timeline } from '../api/conversations.ts';
import type { OpenedFile, UploadProgress } from '../api/files.ts';
import type { Live } from '../api/live.ts';
import type { PatientConversation, PatientMessage } from '../api/patient-door.ts';
import { ClientError } from '../failure.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A conversation as a patient has it: what is written asks whom the practice card names, and members are the practice's business. */
export class PatientThread implements PatientConversation {
  readonly id: ConversationId;
  readonly summary: Live<ConversationSummary>;
  readonly asking: Live<AskDefaults>;
  readonly timeline: Live<Timeline>;
  readonly readers: Live<Readers>;
  readonly card: Live<PracticeCard | null>;
  readonly uploads: Live<ReadonlyMap<MessageId, UploadProgress>>;
  readonly #thread: Conversation;

  constructor(thread: Conversation) {
    const { id, summary, asking, timeline, readers, card, uploads } = thread;
    this.id = id;
    this.summary = summary;
    this.asking = asking;
    this.timeline = timeline;
    this.readers = readers;
    this.card = card;
    this.uploads = uploads;
    this.#thread = thread;
  }

  send(message: PatientMessage): Promise<MessageId> {
    const { urgent = false, ...outgoing }: Writable<PatientMessage> = message;
    // Whom it is addressed to is decided from the card; the contract tells it that the message is urgent.
    const urgently = { contract: 'stat', to: [], withinMs: 0, callback: null, patient: null } as const;
    delete outgoing.ask;
    return this.#thread.send({ ...outgoing, as: null, ...(urgent && { ask: urgently }) });
  }

  unsend(id: MessageId): Promise<boolean> {
    return this.#thread.unsend(id);
  }

  retry(id: MessageId): Promise<void> {
    return this.#thread.retry(id);
  }

  edit(id: MessageId, text: string): Promise<void> {
    return this.#thread.edit(id, text);
  }

  withdraw(id: MessageId, reason: string | null): Promise<void> {
    return this.#thread.withdraw(id, reason);
  }

  react(id: MessageId, reaction: Reaction, on: boolean): Promise<void> {
    return this.#thread.react(id, reaction, on);
  }

  loadOlder(): Promise<void> {
    return this.#thread.loadOlder();
  }

  markOpened(seq: number): void {
    this.#thread.markOpened(seq);
  }

  saveDraft(text: string): Promise<void> {
    return this.#thread.saveDraft(text);
  }

  readAttachment(attachment: Attachment): Promise<Bytes> {
    return this.#thread.readAttachment(attachment);
  }

  openAttachment(attachment: Attachment): OpenedFile {
    return this.#thread.openAttachment(attachment);
  }

  addMembers(_members: readonly MemberId[]): Promise<void> {
    return Promise.reject(notYours());
  }

  removeMember(_member: MemberId): Promise<void> {
    return Promise.reject(notYours());
  }

  leave(): Promise<void> {
    return Promise.reject(notYours());
  }

  rename(_title: string): Promise<void> {
    return Promise.reject(notYours());
  }

  post(): Promise<void> {
    return Promise.reject(notYours());
  }
}

function notYours(): ClientError {
  return new ClientError('policy.forbidden', 'patient');
}
