import type {
  AskDefaults,
  Conversation,
  ConversationSummary,
  OpenedFile,
  OutgoingMessage,
  Readers,
  Timeline,
  TimelineItem,
  TimelineMessage,
  UploadProgress,
} from '@baton/client';
import type { ConversationId, MessageId } from '@baton/kernel';
import type { Attachment, PracticeCard, Reaction } from '@baton/wire';
import { dice } from '../dice.ts';
import { pause } from '../failure.ts';
import { LiveCell } from '../live-cell.ts';
import { drawPicture } from '../picture.ts';
import { sizeOfOutgoing } from '../../src/media/byte-source.ts';
import { makeMessage } from './messages.ts';
import { DESK, DOCTORS, ME, NURSES, TEXTING, TRIAGE } from './practice.ts';
import { NOW_MS, scenario } from './scenario.ts';

const PAGE = 40;

interface Made {
  readonly id: ConversationId;
  readonly card: PracticeCard | null;
  readonly members: ConversationSummary['members'];
  readonly items: readonly TimelineItem[];
  readonly unread: number;
}

/** A thread in memory: what is sent goes through every state, files move, a text with "slow" waits. */
export class GalleryPatientConversation implements Conversation {
  readonly id: ConversationId;
  readonly summary: LiveCell<ConversationSummary>;
  readonly timeline: LiveCell<Timeline>;
  readonly readers: LiveCell<Readers>;
  readonly card: LiveCell<PracticeCard | null>;
  readonly uploads = new LiveCell<ReadonlyMap<MessageId, UploadProgress>>(new Map());
  readonly asking = new LiveCell<AskDefaults>({
    available: false,
    suggested: 'fyi',
    replyWithinMs: [],
    talkWithinMs: 0,
    statWithinMs: 0,
    owners: [],
    answers: [],
  });
  #older: readonly TimelineItem[];

  constructor({ id, card, members, items, unread }: Made) {
    this.id = id;
    const shown = items.slice(-PAGE);
    this.#older = items.slice(0, items.length - shown.length);
    this.card = new LiveCell(card);
    this.summary = new LiveCell<ConversationSummary>({
      id,
      kind: 'patient',
      title: card?.name ?? '',
      members,
      lastAt: NOW_MS,
      preview: null,
      unread,
      draft: null,
      closed: scenario.thread === 'closed',
      blocked: scenario.thread === 'blocked' ? { code: 'ledger.bad_chain', sentence: '', members: [] } : null,
    });
    this.timeline = new LiveCell<Timeline>({
      items: shown,
      hasOlder: this.#older.length > 0,
      loading: scenario.thread === 'loading',
      firstUnread: unread === 0 ? null : (shown.at(-unread)?.id ?? null),
    });
    const people = members.flatMap((member) =>
      member.kind === 'role' ? [] : [{ person: member, via: null, sees: 'all' as const }],
    );
    this.readers = new LiveCell<Readers>({
      people: people.filter(({ person }) => person.kind !== 'agent'),
      roles: [DOCTORS, NURSES, DESK],
      agents: [
        { ...TEXTING, since: NOW_MS - 20 * 86_400_000 },
        { ...TRIAGE, since: NOW_MS - 20 * 86_400_000 },
      ],
      custodian: { threshold: 2, shares: 3 },
      sentence: { people: people.length, agents: 2 },
      generation: 1,
      canAdd: false,
      canRemove: [],
    });
  }

  async send(message: OutgoingMessage): Promise<MessageId> {
    await pause(30);
    const sizeBytes = message.files.reduce((sum, file) => sum + sizeOfOutgoing(file), 0);
    const fresh = makeMessage(ME, message.text, {
      seq: null,
      state: 'waiting',
      topic: message.marks?.topic ?? null,
      flags: message.marks?.flags ?? [],
      answers: message.marks?.answers ?? null,
      attachments: message.files.map((file) => ({
        blob: dice.id('blob'),
        key: dice.bytes(32),
        hash: dice.bytes(32),
        sizeBytes: sizeOfOutgoing(file),
        name: file.name,
        mime: file.mime,
        width: file.width,
        height: file.height,
      })),
    });
    this.timeline.change((before) => ({ ...before, items: [...before.items, fresh] }));
    if (scenario.net !== 'offline') void this.#carry(fresh, sizeBytes);
    return fresh.id;
  }

  async #carry({ id, text }: TimelineMessage, totalBytes: number): Promise<void> {
    const steps = text.includes('slow') ? 40 : 4;
    for (let step = totalBytes === 0 ? steps : 0; step < steps; step += 1) {
      this.uploads.set(new Map([[id, { sentBytes: (totalBytes * step) / steps, totalBytes }]]));
      await pause(300);
    }
    this.uploads.set(new Map());
    const seq = this.timeline.read().items.length;
    this.#change(id, { state: 'sent', seq });
    await pause(600);
    this.#change(id, { state: 'opened' });
  }

  #change(id: MessageId, change: Partial<TimelineMessage>): void {
    this.timeline.change((before) => ({
      ...before,
      items: before.items.map((item) =>
        item.type === 'message' && item.id === id ? { ...item, ...change } : item,
      ),
    }));
  }

  async retry(id: MessageId): Promise<void> {
    this.#change(id, { state: 'waiting', failure: null });
    await pause(500);
    this.#change(id, { state: 'sent', seq: this.timeline.read().items.length });
  }

  async edit(id: MessageId, text: string): Promise<void> {
    await pause(200);
    const item = this.timeline.read().items.find((one) => one.id === id);
    const edits = item?.type === 'message' ? [...item.edits, { text: item.text, at: item.at }] : [];
    this.#change(id, { text, edits, editedAt: NOW_MS });
  }

  async withdraw(id: MessageId): Promise<void> {
    await pause(200);
    this.#change(id, { withdrawn: { at: NOW_MS, by: ME.name, reason: null }, text: '' });
  }

  async react(id: MessageId, reaction: Reaction, on: boolean): Promise<void> {
    await pause(100);
    this.#change(id, { reactions: on ? [{ reaction, people: [ME.name], mine: true }] : [] });
  }

  async loadOlder(): Promise<void> {
    await pause(300);
    const more = this.#older.slice(-PAGE);
    this.#older = this.#older.slice(0, -PAGE);
    this.timeline.change((before) => ({
      ...before,
      items: [...more, ...before.items],
      hasOlder: this.#older.length > 0,
    }));
  }

  markOpened(): void {
    if (this.summary.read().unread > 0) this.summary.change((before) => ({ ...before, unread: 0 }));
  }

  async saveDraft(draft: string): Promise<void> {
    this.summary.change((before) => ({ ...before, draft: draft === '' ? null : draft }));
    return Promise.resolve();
  }

  async readAttachment({ mime }: Attachment): Promise<Uint8Array<ArrayBuffer>> {
    await pause(200);
    return mime.startsWith('image/') ? drawPicture(800, 600) : new TextEncoder().encode('%PDF-1.4 nothing');
  }

  openAttachment(attachment: Attachment): OpenedFile {
    const read = () => this.readAttachment(attachment);
    return {
      sizeBytes: attachment.sizeBytes,
      openedBytes: new LiveCell(0),
      pieces: (async function* () {
        yield await read();
      })(),
    };
  }

  unsend = (): Promise<boolean> => Promise.resolve(false);
  addMembers = (): Promise<void> => Promise.resolve();
  removeMember = (): Promise<void> => Promise.resolve();
  leave = (): Promise<void> => Promise.resolve();
  rename = (): Promise<void> => Promise.resolve();
  post = (): Promise<void> => Promise.resolve();
}
