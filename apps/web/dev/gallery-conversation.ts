import type { PracticeCard } from '@baton/wire';
import type {
  AskDefaults,
  Conversation,
  ConversationSummary,
  Member,
  OpenedFile,
  OutgoingMessage,
  Person,
  Readers,
  Timeline,
  TimelineItem,
  TimelineMessage,
  UploadProgress,
} from '@baton/client';
import type { MemberId, MessageId } from '@baton/kernel';
import { type Attachment, type Reaction, sentenceOf } from '@baton/wire';
import { sizeOfOutgoing } from '../src/media/byte-source.ts';
import { askingOf, batonsForAsk } from './asking.ts';
import { addBatons, answerBaton, batons, batonsOf } from './batons.ts';
import {
  type MadeConversation,
  makeEvent,
  makeMessage,
  readersOf,
  receiptsFor,
} from './conversation-model.ts';
import { dice } from './dice.ts';
import { duty } from './duty.ts';
import { pause } from './failure.ts';
import { LiveCell } from './live-cell.ts';
import { findMember, ME } from './people.ts';
import { drawPicture } from './picture.ts';
import { now, scenario } from './scenario.ts';
import { rememberFiles } from './sent-files.ts';

const PAGE = 60;

/** A conversation that lives in memory and behaves like the real one, receipts and all. */
export class GalleryConversation implements Conversation {
  readonly id: MadeConversation['id'];
  readonly summary: LiveCell<ConversationSummary>;
  readonly timeline: LiveCell<Timeline>;
  readonly uploads = new LiveCell<ReadonlyMap<MessageId, UploadProgress>>(new Map());
  readonly readers: LiveCell<Readers>;
  readonly asking: LiveCell<AskDefaults>;
  readonly card = new LiveCell<PracticeCard | null>(null);
  readonly #made: MadeConversation;
  #older: readonly TimelineItem[];
  #members: readonly Member[];
  readonly #changed: () => void;

  constructor(made: MadeConversation, changed: () => void) {
    this.#made = made;
    this.#changed = changed;
    this.id = made.id;
    this.#members = made.members;
    const shown = made.items.slice(-Math.max(PAGE, made.unread + 10));
    this.#older = made.items.slice(0, made.items.length - shown.length);
    this.timeline = new LiveCell<Timeline>({
      items: shown,
      hasOlder: this.#older.length > 0,
      loading: false,
      firstUnread: firstUnreadOf(shown, made.unread),
    });
    this.summary = new LiveCell(this.#summarise(made.unread, made.draft));
    this.readers = new LiveCell(this.#read());
    this.asking = new LiveCell(askingOf(this.id, this.#members));
    batons.changes.subscribe(() => this.#followBatons());
  }

  async send(message: OutgoingMessage): Promise<MessageId> {
    rememberFiles(message.files);
    const { items } = this.timeline.read();
    const quoted = items.find(({ id }) => id === message.replyTo);
    const fresh = makeMessage(message.text, {
      author: ME,
      at: now(),
      seq: null,
      members: this.#members,
      more: {
        mentions: message.mentions.map(findMember).filter((member) => member !== null),
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
        quote:
          quoted?.type === 'message'
            ? { id: quoted.id, author: quoted.author.name, text: quoted.text.slice(0, 280) }
            : null,
        as: null,
        contract: message.ask?.contract ?? 'fyi',
        ask:
          message.ask === undefined
            ? null
            : {
                to: message.ask.to.map((id) => duty.owner(id)).filter((owner) => owner !== null),
                withinMs: message.ask.withinMs,
              },
        template: message.template ?? null,
      },
    });
    this.#push(fresh);
    const { holdMs = 0, text } = message;
    if (scenario.state !== 'offline')
      void pause(holdMs)
        .then(() => this.#deliver(fresh.id, text.includes('fail')))
        .then(() => this.#handBatons(fresh.id, message));
    return Promise.resolve(fresh.id);
  }

  async unsend(id: MessageId): Promise<boolean> {
    const item = this.#find(id);
    if (item?.state !== 'waiting') return Promise.resolve(false);
    this.timeline.change((old) => ({ ...old, items: old.items.filter((other) => other.id !== id) }));
    this.#refresh();
    return Promise.resolve(true);
  }

  async retry(id: MessageId): Promise<void> {
    this.#edit(id, { state: 'waiting', failure: null });
    await this.#deliver(id, false);
  }

  async edit(id: MessageId, text: string): Promise<void> {
    await pause(120);
    const item = this.#find(id);
    if (item === null) return;
    this.#edit(id, { text, edits: [...item.edits, { text: item.text, at: item.at }], editedAt: now() });
  }

  async withdraw(id: MessageId, reason: string | null): Promise<void> {
    await pause(120);
    this.#edit(id, { withdrawn: { at: now(), by: ME.name, reason } });
  }

  async react(id: MessageId, reaction: Reaction, on: boolean): Promise<void> {
    const item = this.#find(id);
    if (item === null) return Promise.resolve();
    const others = item.reactions
      .map((given) =>
        given.reaction === reaction
          ? { ...given, mine: false, people: given.people.filter((name) => name !== ME.name) }
          : given,
      )
      .filter((given) => given.people.length > 0);
    const given = others.find((other) => other.reaction === reaction);
    const mine = { reaction, people: [...(given?.people ?? []), ME.name], mine: true };
    const rest = others.filter((other) => other.reaction !== reaction);
    this.#edit(id, { reactions: on ? [...rest, mine] : others });
    return Promise.resolve();
  }

  async loadOlder(): Promise<void> {
    if (this.#older.length === 0 || this.timeline.read().loading) return;
    this.timeline.change((old) => ({ ...old, loading: true }));
    await pause(150);
    const page = this.#older.slice(-PAGE);
    this.#older = this.#older.slice(0, this.#older.length - page.length);
    this.timeline.change((old) => ({
      ...old,
      items: [...page, ...old.items],
      hasOlder: this.#older.length > 0,
      loading: false,
    }));
  }

  markOpened(seq: number): void {
    const left = this.timeline
      .read()
      .items.filter((item) => item.type === 'message' && !item.mine && (item.seq ?? 0) > seq).length;
    if (left < this.summary.read().unread) {
      this.summary.change((old) => ({ ...old, unread: left }));
      this.#changed();
    }
  }

  async saveDraft(text: string): Promise<void> {
    this.summary.change((old) => ({ ...old, draft: text === '' ? null : text }));
    this.#changed();
    return Promise.resolve();
  }

  async readAttachment(attachment: Attachment) {
    await pause(60);
    return drawPicture(attachment.width ?? 400, attachment.height ?? 300);
  }

  openAttachment(attachment: Attachment): OpenedFile {
    const read = () => this.readAttachment(attachment);
    const pieces = (async function* () {
      yield await read();
    })();
    return { sizeBytes: attachment.sizeBytes, openedBytes: new LiveCell(0), pieces };
  }

  async addMembers(members: readonly MemberId[]): Promise<void> {
    await pause(250);
    const fresh = members.map(findMember).filter((member) => member !== null);
    this.#members = [...this.#members, ...fresh];
    this.#tell('added', fresh);
  }

  async removeMember(member: MemberId): Promise<void> {
    await pause(250);
    const gone = this.#members.filter(({ id }) => id === member);
    this.#members = this.#members.filter(({ id }) => id !== member);
    this.#tell('removed', gone);
  }

  async leave(): Promise<void> {
    await pause(250);
    this.summary.change((old) => ({ ...old, closed: true }));
    this.#tell('left', []);
  }

  async post(): Promise<void> {}

  async rename(title: string): Promise<void> {
    await pause(120);
    this.summary.change((old) => ({ ...old, title }));
    this.#push(makeEvent('titled', { by: ME, at: now(), seq: this.#nextSeq(), detail: title }));
  }

  /** A colleague writes. */
  receive(text: string): void {
    const author = dice.pick(readersOf(this.#members).filter(({ id }) => id !== ME.id));
    this.#push(makeMessage(text, { author, at: now(), seq: this.#nextSeq(), members: this.#members }));
    this.summary.change((old) => ({ ...old, unread: old.unread + 1 }));
    this.#changed();
  }

  async #deliver(id: MessageId, fails: boolean): Promise<void> {
    await pause(350);
    const item = this.#find(id);
    if (item === null) return;
    if (fails) {
      this.#edit(id, {
        state: 'failed',
        failure: { code: 'limit.busy', sentence: sentenceOf('limit.busy'), canRetry: true },
      });
      return;
    }
    this.#edit(id, { state: 'sent', seq: this.#nextSeq(), receipts: receiptsFor(this.#members, now(), 0) });
    for (const progress of [0.4, 0.7, 1.2]) {
      await pause(900);
      this.#edit(id, { receipts: receiptsFor(this.#members, now(), progress) });
    }
  }

  /** Once the message is there: its own batons open, and those that it answers end. */
  #handBatons(id: MessageId, message: OutgoingMessage): void {
    if (this.#find(id)?.seq === null) return;
    for (const answered of message.answers ?? []) void answerBaton(answered);
    if (message.ask !== undefined)
      addBatons(batonsForAsk(message.ask, { text: message.text, message: id, conversation: this.id }));
  }

  #followBatons(): void {
    const { items } = this.timeline.read();
    const changed = items.map((item) => {
      if (item.type !== 'message') return item;
      const made = batonsOf(item.id);
      const same = made.length === item.batons.length && made.every((one, at) => one === item.batons[at]);
      return same ? item : { ...item, batons: made };
    });
    if (changed.some((item, at) => item !== items[at]))
      this.timeline.change((old) => ({ ...old, items: changed }));
    this.asking.set(askingOf(this.id, this.#members));
  }

  #find(id: MessageId): TimelineMessage | null {
    const item = this.timeline.read().items.find((other) => other.id === id);
    return item?.type === 'message' ? item : null;
  }

  #edit(id: MessageId, change: Partial<TimelineMessage>): void {
    this.timeline.change((old) => ({
      ...old,
      items: old.items.map((item) =>
        item.id === id && item.type === 'message' ? { ...item, ...change } : item,
      ),
    }));
    this.#refresh();
  }

  #tell(what: 'added' | 'removed' | 'left', members: readonly Member[]): void {
    this.#push(makeEvent(what, { by: ME, at: now(), seq: this.#nextSeq(), members }));
    this.readers.set(this.#read());
  }

  #push(item: TimelineItem): void {
    this.timeline.change((old) => ({ ...old, items: [...old.items, item] }));
    this.#refresh();
  }

  #nextSeq(): number {
    return this.timeline.read().items.reduce((most, { seq }) => Math.max(most, seq ?? 0), 0) + 1;
  }

  #refresh(): void {
    const { unread, draft, title, closed } = this.summary.read();
    this.summary.set({ ...this.#summarise(unread, draft), title, closed });
    this.#changed();
  }

  #summarise(unread: number, draft: string | null): ConversationSummary {
    const { items } = this.timeline.read();
    const last = items.findLast((item) => item.type === 'message');
    const blockers = this.#made.blockedBy;
    return {
      id: this.id,
      kind: this.#made.kind,
      title: this.#made.title,
      members: this.#members,
      lastAt: items.at(-1)?.at ?? now(),
      preview:
        last === undefined
          ? null
          : {
              author: last.author.name,
              text: last.withdrawn === null ? last.text.replaceAll('\n', ' ') : 'Message withdrawn',
              mine: last.mine,
            },
      unread,
      draft,
      closed: this.#made.closed,
      blocked:
        blockers.length === 0
          ? null
          : {
              code: 'ledger.unknown_signer',
              sentence: `${blockers[0]?.name ?? ''} gets no key until a new device is confirmed. Messages wait.`,
              members: blockers,
            },
    };
  }

  #read(): Readers {
    const people: Readers['people'] = this.#members.flatMap((member): Readers['people'] => {
      if (member.kind === 'role')
        return member.holders.map((person) => ({ person, via: member, sees: 'all' }));
      return member.kind === 'agent' ? [] : [{ person: member, via: null, sees: 'all' }];
    });
    const agents = this.#members
      .filter((member) => member.kind !== 'role')
      .filter(({ kind }) => kind === 'agent')
      .map((agent) => ({ ...agent, since: admittedAt(this.#made.items, agent) }));
    const unique = new Set(people.map(({ person }) => person.id));
    return {
      people,
      roles: this.#members.filter((member) => member.kind === 'role'),
      agents,
      custodian: { threshold: 2, shares: 3 },
      sentence: { people: unique.size, agents: agents.length },
      generation: 3,
      canAdd: this.#made.kind !== 'direct' && !this.#made.closed,
      canRemove: this.#made.kind === 'direct' ? [] : this.#members.map(({ id }) => id),
    };
  }
}

function firstUnreadOf(items: readonly TimelineItem[], unread: number): string | null {
  let left = unread;
  for (const item of items.toReversed()) {
    if (left === 0) return null;
    if (item.type === 'message' && !item.mine) left -= 1;
    if (left === 0) return item.id;
  }
  return items.find((item) => item.type === 'message' && !item.mine)?.id ?? null;
}

function admittedAt(items: readonly TimelineItem[], { id }: Person): number | null {
  const event = items.findLast(
    (item) =>
      item.type === 'event' && item.what === 'agent-added' && item.members.some((one) => one.id === id),
  );
  return event?.at ?? null;
}
