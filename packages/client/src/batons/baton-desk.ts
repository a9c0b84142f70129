import { type BoxKeyHolder, openNote, type Primitives, sealNote, type XwingKey } from '@baton/crypto';
import {
  type AccountId,
  type BatonId,
  type Bytes,
  type ConversationId,
  isId,
  type MemberId,
  type MessageId,
  type OwnerId,
} from '@baton/kernel';
import type { BatonFacts } from '@baton/policy';
import { type CloseReason, sealedNoteCodec } from '@baton/wire';
import type { Baton, Batons, Owner } from '../api/batons.ts';
import type { Person } from '../api/directory.ts';
import { ClientError, isClientError } from '../failure.ts';
import { LiveCell, LiveView, type Soon } from '../live/cell.ts';
import type { ServerClock } from '../sync/server-clock.ts';
import type { ItemRow } from '../tables/records.ts';
import type { ActQueue } from './act-queue.ts';
import type { AskReader } from './ask-reader.ts';
import type { AskedTexts } from './asked-texts.ts';
import type { BatonActs } from './baton-acts.ts';
import type { BatonFeed, KnownBaton } from './baton-feed.ts';
import type { BatonKeeper } from './baton-keeper.ts';
import { relationOf, viewBaton } from './baton-view.ts';
import { ReachedTeller } from './reached-teller.ts';

const ENDED_SHOWN_MS = 24 * 3_600_000;

export interface BatonDeskPorts {
  readonly me: AccountId;
  readonly soon: Soon;
  readonly clock: ServerClock;
  readonly primitives: Primitives;
  readonly feed: BatonFeed;
  readonly acts: BatonActs;
  readonly queue: ActQueue;
  readonly reader: AskReader;
  readonly texts: AskedTexts;
  readonly keeper: BatonKeeper;
  readonly facts: () => BatonFacts;
  readonly person: (id: AccountId) => Person;
  readonly owner: (id: OwnerId) => Owner | null;
  readonly callback: (unit: string | null) => string | null;
  readonly isMember: (conv: ConversationId) => boolean;
  readonly holder: (member: MemberId) => BoxKeyHolder;
  readonly boxKey: (to: MemberId, g: number) => Promise<XwingKey | null>;
  readonly startDirect: (person: AccountId) => Promise<{ readonly id: ConversationId }>;
  readonly connection: ConstructorParameters<typeof ReachedTeller>[0]['connection'];
  /** What a conversation shows of its batons changed. */
  readonly conversationChanged: (conv: ConversationId) => void;
  readonly failed: (error: unknown) => void;
}

/** What is owed, by whom, by when. */
export class BatonDesk implements Batons {
  readonly owe: LiveView<readonly Baton[]>;
  readonly waiting: LiveView<readonly Baton[]>;
  readonly escalated: LiveView<readonly Baton[]>;
  readonly ended: LiveView<readonly Baton[]>;
  readonly owed: LiveView<number>;
  readonly changes: LiveCell<number>;
  readonly #ports: BatonDeskPorts;
  readonly #teller: ReachedTeller;
  readonly #views = new Map<BatonId, { readonly revision: number; readonly baton: Baton }>();
  readonly #notes = new Map<BatonId, { readonly n: number; readonly text: string | null }>();
  #openByConv: {
    readonly revision: number;
    readonly of: ReadonlyMap<ConversationId, readonly Baton[]>;
  } | null = null;
  #revision = 0;

  constructor(ports: BatonDeskPorts) {
    this.#ports = ports;
    const { soon, me, feed, connection, failed } = ports;
    this.owe = new LiveView(soon, () => this.#open('owe').sort(byUrgency));
    this.waiting = new LiveView(soon, () => this.#open('waiting').sort(byUrgency));
    this.escalated = new LiveView(soon, () => this.#open('reached').sort(byUrgency));
    this.ended = new LiveView(soon, () => this.#listEnded());
    this.owed = new LiveView(soon, () => this.owe.read().length);
    this.changes = new LiveCell(soon, 0);
    const view = (known: KnownBaton): Baton => this.#view(known);
    this.#teller = new ReachedTeller({
      me,
      feed,
      connection,
      failed,
      view,
      isOfferedToMe: ({ state }) =>
        state.offer !== null && ports.facts().actsFor(me, state.offer.to, ports.clock.nowMs()),
    });
  }

  /** Events came in. */
  changed(batons: readonly KnownBaton[]): void {
    this.invalidate();
    for (const { state } of batons) if (state.conv) this.#ports.conversationChanged(state.conv);
    this.#ports.keeper.look(batons);
    this.#teller.look(batons);
    this.#read(batons);
    // A kept answer may now be about something that is here.
    this.#ports.queue.kick();
  }

  /** Names, duty, keys or time changed: everything may look different. */
  invalidate(): void {
    this.#revision += 1;
    for (const view of [this.owe, this.waiting, this.escalated, this.ended, this.owed]) view.invalidate();
    this.changes.set(this.#revision);
  }

  /** Connected, or roles changed hands: what could not be done is tried again. */
  retry(): void {
    const open = [...this.#ports.feed.all()].filter(({ state }) => state.ended === null);
    this.#ports.keeper.look(open);
    this.#read(open);
    this.#ports.queue.kick();
    void this.#teller.confirm().catch(this.#ports.failed);
  }

  stored(rows: readonly ItemRow[]): void {
    this.#ports.texts.take(rows);
  }

  onReached(listener: (baton: Baton) => void): () => void {
    return this.#teller.listen(listener);
  }

  ofMessage(message: MessageId): readonly Baton[] {
    return this.#ports.feed.ofMessage(message).map((known) => this.#view(known));
  }

  get(id: BatonId): Baton | null {
    const known = this.#ports.feed.get(id);
    return known && this.#view(known);
  }

  async acknowledge(id: BatonId, options?: { readonly readBack: boolean }): Promise<void> {
    const { acts, queue, connection } = this.#ports;
    const readBack = options?.readBack ?? false;
    // Without a connection it waits, marked as pending; the time that counts is the server's.
    if (!connection().isOnline) return queue.add({ t: 'acknowledge', baton: id, readBack });
    await acts.write(id, () => ({ op: 'acknowledge', readBack }));
  }

  take(id: BatonId): Promise<void> {
    return this.#ports.acts.write(id, () => ({ op: 'take' }));
  }

  async handOver(id: BatonId, to: OwnerId, note: string | null): Promise<void> {
    const { acts, keeper, facts } = this.#ports;
    const member = facts().memberOf(to);
    const sealed =
      note !== null && note.trim() !== '' && member ? await this.#sealNote(id, member, note) : null;
    await acts.write(id, () => ({ op: 'offer', to, note: sealed }));
    if (!member) return;
    await keeper.ensureBox(id, member).catch((error: unknown) => {
      // The offer stands; whoever can read the message makes the box when they see that it is missing.
      if (!isClientError(error)) throw error;
    });
  }

  accept(id: BatonId): Promise<void> {
    return this.#ports.acts.write(id, () => ({ op: 'accept' }));
  }

  decline(id: BatonId): Promise<void> {
    return this.#ports.acts.write(id, () => ({ op: 'decline' }));
  }

  close(id: BatonId, reason: CloseReason): Promise<void> {
    return this.#ports.acts.write(id, () => ({ op: 'close', reason }));
  }

  async openAnswerThread(id: BatonId) {
    const { feed, isMember, startDirect } = this.#ports;
    const state = feed.get(id)?.state;
    if (!state) throw new ClientError('request.not_found', 'baton');
    if (state.conv && isMember(state.conv)) return { conversation: state.conv, replyTo: state.message };
    if (!isId('account', state.opener)) throw new ClientError('request.not_found', 'baton.opener');
    return { conversation: (await startDirect(state.opener)).id, replyTo: null };
  }

  /** Open batons of those outside the practice that this person may answer: one answer ends all of them, whoever of the team gives it. */
  answerableToPatient(conv: ConversationId): readonly Baton[] {
    return this.openIn(conv).filter(
      ({ can, opener }) => can.answer && (opener.kind === 'patient' || opener.kind === 'agent'),
    );
  }

  /** Open batons by the conversation of their message, read anew only after something changed. */
  openIn(conv: ConversationId): readonly Baton[] {
    if (this.#openByConv?.revision !== this.#revision) {
      const of = new Map<ConversationId, Baton[]>();
      for (const known of this.#ports.feed.all()) {
        const { conv: at, ended } = known.state;
        if (at === null || ended !== null) continue;
        const batons = of.get(at) ?? [];
        of.set(at, batons);
        batons.push(this.#view(known));
      }
      this.#openByConv = { revision: this.#revision, of };
    }
    return this.#openByConv.of.get(conv) ?? [];
  }

  /** Open batons of mine that a message in this conversation can answer. */
  answerableIn(conv: ConversationId, directWith: AccountId | null): readonly Baton[] {
    const mayAnswer = [...this.owe.read(), ...this.escalated.read()];
    return mayAnswer.filter((baton) => {
      const { opener, conversation, can } = baton;
      if (!can.answer || opener.kind === 'integration' || opener.id === this.#ports.me) return false;
      return conversation === conv || (conversation === null && opener.id === directWith);
    });
  }

  #open(mine: Baton['mine']): Baton[] {
    const { me, clock, feed } = this.#ports;
    const facts = this.#ports.facts();
    const nowMs = clock.nowMs();
    const found: Baton[] = [];
    for (const known of feed.all()) {
      const { state } = known;
      if (state.ended) continue;
      const holders = facts.holders(state.owner, nowMs);
      if (relationOf(state, me, { holders, facts, nowMs }) === mine) found.push(this.#view(known));
    }
    return found;
  }

  #listEnded(): Baton[] {
    const { me, clock, feed } = this.#ports;
    const since = clock.nowMs() - ENDED_SHOWN_MS;
    const ended = [...feed.all()].filter(({ state }) => {
      if (!state.ended || state.ended.at < since) return false;
      const { opener, acknowledged, reached } = state;
      return opener === me || state.ended.by === me || acknowledged?.by === me || reached.has(me);
    });
    return ended
      .sort((a, b) => (b.state.ended?.at ?? 0) - (a.state.ended?.at ?? 0))
      .map((known) => this.#view(known));
  }

  #view(known: KnownBaton): Baton {
    const { baton } = known.state;
    const memo = this.#views.get(baton);
    if (memo?.revision === this.#revision) return memo.baton;
    const { me, clock, person, callback, queue, isMember } = this.#ports;
    const view = viewBaton(known, {
      me,
      nowMs: clock.nowMs(),
      facts: this.#ports.facts(),
      person,
      owner: (id) => this.#ports.owner(id) ?? this.#gone(id),
      readable: () => this.#readable(known),
      note: () => this.#note(known),
      isMember: () => known.state.conv !== null && isMember(known.state.conv),
      unitCallback: callback,
      isPending: () => queue.isPending(baton),
    });
    this.#views.set(baton, { revision: this.#revision, baton: view });
    return view;
  }

  #gone(id: OwnerId): Owner {
    if (isId('account', id)) return this.#ports.person(id);
    return { kind: 'queue', id, name: 'No longer in use', defaultOwner: null };
  }

  #readable(known: KnownBaton) {
    const { texts, reader, isMember } = this.#ports;
    const { baton, conv } = known.state;
    const opened = reader.get(baton);
    const { patient = null, callback = null, quote = null } = opened?.context ?? {};
    // One who read it as a member and has lost the role since keeps what this device has stored: it is still theirs to answer.
    const isStored = conv !== null && (isMember(conv) || (opened?.text ?? null) === null);
    const asked = isStored ? texts.get(known) : null;
    if (asked) return { via: 'member' as const, text: asked.text, patient, callback, quote };
    if (!opened || opened.text === null) return null;
    return { via: 'escalation' as const, text: opened.text, patient, callback, quote };
  }

  /** Opens what can be opened of what concerns this person, in the background. */
  #read(batons: readonly KnownBaton[]): void {
    for (const known of batons) {
      if (known.state.ended || known.state.message === null) continue;
      void this.#ports.reader.read(known).catch((error: unknown) => {
        if (!isClientError(error)) this.#ports.failed(error);
      });
    }
  }

  async #sealNote(baton: BatonId, member: MemberId, text: string): Promise<Bytes> {
    const { primitives, holder } = this.#ports;
    return sealNote(primitives, { baton, recipient: holder(member), text });
  }

  #note(known: KnownBaton): string | null {
    const { baton } = known.state;
    const offer = known.events.findLast(({ event }) => event.op.op === 'offer')?.event;
    if (!offer || offer.op.op !== 'offer' || offer.op.note === null) return null;
    const memo = this.#notes.get(baton);
    if (memo?.n === offer.n) return memo.text;
    this.#notes.set(baton, { n: offer.n, text: null });
    void this.#openNote(baton, offer.n, offer.op.note).catch(this.#ports.failed);
    return null;
  }

  async #openNote(baton: BatonId, n: number, note: Bytes): Promise<void> {
    const { primitives, boxKey } = this.#ports;
    const decoded = sealedNoteCodec.decode(note);
    if (!decoded.ok) return;
    const { to, g } = decoded.value;
    const key = await boxKey(to, g);
    if (!key) return;
    const text = await openNote(primitives, { baton, to, g, key, note });
    this.#notes.set(baton, { n, text });
    this.invalidate();
  }
}

/** Stat first, then by clock. */
function byUrgency(a: Baton, b: Baton): number {
  return Number(b.contract === 'stat') - Number(a.contract === 'stat') || a.deadline - b.deadline;
}
