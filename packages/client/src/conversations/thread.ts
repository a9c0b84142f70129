import type { AccountId, Bytes, ConversationId, MemberId, MessageId } from '@baton/kernel';
import { isId } from '@baton/kernel';
import type { Attachment, Content, ContentOf, MessageClass, PracticeCard, Reaction } from '@baton/wire';
import type {
  Conversation,
  ConversationSummary,
  OutgoingMessage,
  Readers,
  Timeline,
} from '../api/conversations.ts';
import type { Ask, AskDefaults } from '../api/batons.ts';
import type { OpenedFile, UploadProgress } from '../api/files.ts';
import type { Live } from '../api/live.ts';
import { ClientError } from '../failure.ts';
import { LiveCell, LiveView } from '../live/cell.ts';
import type { ItemRow } from '../tables/records.ts';
import { isBeforeJoining } from '../membership/membership-log.ts';
import { addressedIn } from '../timeline/addressed.ts';
import { foldTimeline } from '../timeline/fold.ts';
import { listReaders, summarise } from './conversation-view.ts';
import { PAGE_ITEMS } from './stream.ts';
import type { ThreadPorts } from './thread-ports.ts';

type MessageRequest = NonNullable<ContentOf<'message'>['request']>;

const QUOTE_LENGTH = 280;
const FYI: MessageClass = { kind: 'message', contract: 'fyi', to: [], withinMs: null, replyTo: null };

/** One conversation, opened: its newest rows in memory, folded when they are read. */
export class Thread implements Conversation {
  readonly id: ConversationId;
  readonly summary: LiveView<ConversationSummary>;
  readonly asking: LiveView<AskDefaults>;
  readonly timeline: LiveView<Timeline>;
  readonly readers: LiveView<Readers>;
  readonly card: LiveView<PracticeCard | null>;
  readonly uploads: Live<ReadonlyMap<MessageId, UploadProgress>>;
  readonly #ports: ThreadPorts;
  readonly #loading: LiveCell<boolean>;
  #rows: readonly ItemRow[] = [];
  #firstUnreadSeq: number | null = null;

  constructor(id: ConversationId, ports: ThreadPorts) {
    this.id = id;
    this.#ports = ports;
    this.#loading = new LiveCell(ports.soon, false);
    this.uploads = ports.files.uploads;
    this.summary = new LiveView(ports.soon, () => this.#summarise());
    this.asking = new LiveView(ports.soon, () => ports.asks.defaultsIn(id));
    this.timeline = new LiveView(ports.soon, () => this.#fold());
    this.readers = new LiveView(ports.soon, () => this.#listReaders());
    this.card = new LiveView(ports.soon, () => ports.book.get(id)?.card?.card ?? null);
  }

  /** Reads the newest page from the local store. */
  async load(): Promise<void> {
    const { book, logs, streams, marks } = this.#ports;
    const row = book.get(this.id);
    if (!row) throw new ClientError('policy.not_a_member', 'conversation');
    await logs.require(this.id);
    await marks.load(this.id);
    this.#rows = await streams.read(this.id, {
      from: Math.max(row.lo, row.hi - PAGE_ITEMS + 1),
      to: row.hi + 1,
    });
    if (row.unread > 0) this.#firstUnreadSeq = row.openedSeq + 1;
    this.invalidate();
  }

  /** Rows were stored: new ones, older ones, or ones whose key arrived. */
  stored(rows: readonly ItemRow[], where: 'newer' | 'older'): void {
    const from = this.#rows[0]?.seq ?? 0;
    const relevant =
      where === 'older' ? rows : rows.filter((row) => row.seq >= from || this.#rows.length === 0);
    const bySeq = new Map(this.#rows.map((row) => [row.seq, row]));
    for (const row of relevant) bySeq.set(row.seq, row);
    this.#rows = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
    this.invalidate();
  }

  invalidate(): void {
    this.summary.invalidate();
    this.asking.invalidate();
    this.timeline.invalidate();
    this.readers.invalidate();
    this.card.invalidate();
  }

  send(message: OutgoingMessage): Promise<MessageId> {
    return this.write(message, null);
  }

  /** As `send`; `request` is a question with a button. */
  async write(message: OutgoingMessage, request: MessageRequest | null): Promise<MessageId> {
    const { replyTo, ask, template } = message;
    if (message.mentions.length > 0 && this.#ports.book.get(this.id)?.kind === 'patient')
      throw new ClientError('policy.forbidden', 'message.mentions', {
        sentence: 'The patient reads this. To speak to a colleague, mention them in the team notes.',
      });
    const content: Content = {
      t: 'message',
      text: template ? textOf(template.parts) : message.text,
      attachments: [],
      mentions: [...message.mentions],
      quote: replyTo === null ? null : await this.#quote(replyTo),
      template: template ? { kind: template.kind, parts: [...template.parts] } : null,
      request,
      ...message.marks,
    };
    return this.#ports.compose({
      id: message.id ?? null,
      conv: this.id,
      class: { ...FYI, ...(ask && askedBy(ask)), replyTo },
      as: message.as,
      content,
      asked: ask ? { callback: ask.callback, patient: ask.patient } : null,
      answers: [...(message.answers ?? [])],
      files: message.files,
      holdMs: message.holdMs ?? 0,
    });
  }

  unsend(id: MessageId): Promise<boolean> {
    return this.#ports.outbox.take(id);
  }

  retry(id: MessageId): Promise<void> {
    return this.#ports.outbox.retry(id);
  }

  async edit(id: MessageId, text: string): Promise<void> {
    this.#requireMine(id);
    await this.#annotate('edit', { t: 'edit', target: id, text, mentions: [] });
  }

  async withdraw(id: MessageId, reason: string | null): Promise<void> {
    this.#requireMine(id);
    await this.#annotate('withdrawal', { t: 'withdrawal', target: id, reason });
  }

  async react(id: MessageId, reaction: Reaction, on: boolean): Promise<void> {
    await this.#annotate('reaction', { t: 'reaction', target: id, reaction, on });
  }

  async rename(title: string): Promise<void> {
    await this.#annotate('subject', { t: 'subject', title: title.trim(), about: '' });
  }

  async post(content: ContentOf<'card'> | ContentOf<'delivery'>): Promise<void> {
    await this.#annotate(content.t, content);
  }

  async loadOlder(): Promise<void> {
    const first = this.#rows[0]?.seq ?? 1;
    const row = this.#ports.book.get(this.id);
    if (!row || first <= 1 || this.#loading.read()) return;
    this.#setLoading(true);
    try {
      if (row.lo >= first) await this.#ports.loadOlderPage(this.id);
      const lo = this.#ports.book.get(this.id)?.lo ?? first;
      const from = Math.max(lo, first - PAGE_ITEMS);
      if (from < first) this.stored(await this.#ports.streams.read(this.id, { from, to: first }), 'older');
    } finally {
      this.#setLoading(false);
    }
  }

  markOpened(seq: number): void {
    const row = this.#ports.book.get(this.id);
    if (!row || seq <= row.openedSeq) return;
    this.#ports.openedUpTo(this.id, seq);
  }

  saveDraft(text: string): Promise<void> {
    return this.#ports.drafts.save(this.id, text);
  }

  readAttachment(attachment: Attachment): Promise<Bytes> {
    return this.#ports.files.read(attachment);
  }

  openAttachment(attachment: Attachment): OpenedFile {
    return this.#ports.files.open(attachment);
  }

  async addMembers(members: readonly MemberId[], options: { readonly history: boolean }): Promise<void> {
    await this.#ports.outbox.settled(this.id);
    await this.#ports.writer.append(this.id, (state) => {
      const missing = members.filter((id) => !state.members.has(id));
      if (missing.length === 0) return null;
      return { op: 'add', members: missing.map((m) => ({ m, hist: options.history })), because: null };
    });
    // Who cannot read what was written before does not know the title either.
    const title = this.#ports.book.get(this.id)?.title;
    if (!options.history && title) await this.rename(title.text);
  }

  async removeMember(member: MemberId): Promise<void> {
    const isAgent = isId('account', member) && this.#ports.names.person(member).kind === 'agent';
    await this.#ports.outbox.settled(this.id);
    await this.#ports.writer.append(this.id, (state) => {
      if (!state.members.has(member)) return null;
      if (isAgent) return { op: 'agent-revoke', agent: member };
      return { op: 'remove', members: [member], because: null };
    });
  }

  leave(): Promise<void> {
    return this.removeMember(this.#ports.me);
  }

  async #annotate(kind: MessageClass['kind'], content: Content): Promise<void> {
    const replyTo = 'target' in content ? content.target : null;
    await this.#ports.compose({
      id: null,
      conv: this.id,
      class: { ...FYI, kind, replyTo },
      as: null,
      content,
      asked: null,
      answers: [],
      files: [],
      holdMs: 0,
    });
  }

  #isMe(id: MemberId): boolean {
    const { me, names } = this.#ports;
    return id === me || (isId('role', id) && names.role(id)?.heldByMe === true);
  }

  #requireMine(id: MessageId): void {
    const message = this.timeline.read().items.find((item) => item.type === 'message' && item.id === id);
    if (message?.type === 'message' && !message.mine) throw new ClientError('policy.forbidden', 'message');
  }

  async #quote(id: MessageId): Promise<{ id: MessageId; author: AccountId; text: string } | null> {
    const shown = this.timeline.read().items.find((item) => item.type === 'message' && item.id === id);
    if (shown?.type === 'message')
      return { id, author: shown.author.id, text: shown.text.slice(0, QUOTE_LENGTH) };
    const row = await this.#ports.streams.find(this.id, id);
    if (row?.s !== 'message' || row.content.t !== 'message') return null;
    return { id, author: row.header.author, text: row.content.text.slice(0, QUOTE_LENGTH) };
  }

  #setLoading(loading: boolean): void {
    this.#loading.set(loading);
    this.timeline.invalidate();
  }

  #summarise(): ConversationSummary {
    const { book, me, names, drafts, titleFor } = this.#ports;
    const row = book.get(this.id);
    if (!row) throw new ClientError('policy.not_a_member', 'conversation');
    return summarise({ row, me, names, draft: drafts.read(this.id), title: titleFor?.(this.id) ?? null });
  }

  #fold(): Timeline {
    const { logs, outbox, marks, me, names } = this.#ports;
    const log = logs.peek(this.id);
    const members = [...(log?.state.members.keys() ?? [])];
    const kind = log?.state.kind ?? 'group';
    const items = foldTimeline({
      rows: this.#rows,
      entryAt: (n) => log?.rows[n] ?? null,
      isBeforeJoining: (seq) => log !== null && isBeforeJoining(log, seq, (id) => this.#isMe(id)),
      waiting: outbox.of(this.id),
      marks: marks.of(this.id),
      addressed: addressedIn({ kind, members, me: names.person(me), person: names.person }),
      me,
      names,
      asks: this.#ports.asks,
    });
    const firstUnread = this.#firstUnreadSeq;
    const unread =
      firstUnread === null
        ? null
        : items.find((item) => item.type === 'message' && !item.mine && (item.seq ?? 0) >= firstUnread);
    return {
      items,
      hasOlder: (this.#rows[0]?.seq ?? 1) > 1,
      loading: this.#loading.read(),
      firstUnread: unread?.id ?? null,
    };
  }

  #listReaders(): Readers {
    const { logs, keyLog, names, me } = this.#ports;
    const log = logs.peek(this.id);
    if (!log) throw new ClientError('policy.not_a_member', 'conversation');
    return listReaders({ log, keyLog: keyLog.state, names, me: names.person(me) });
  }
}

function askedBy({ contract, to, withinMs }: Ask): Pick<MessageClass, 'contract' | 'to' | 'withinMs'> {
  return { contract, to: [...to], withinMs };
}

/** A template's parts as plain text, for whatever shows no parts. */
function textOf(parts: readonly { readonly label: string; readonly text: string }[]): string {
  return parts.map(({ label, text }) => `${label}: ${text}`).join('\n');
}
