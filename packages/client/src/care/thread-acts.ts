import type { ConversationId, MemberId } from '@baton/kernel';
import { deskCodec, type DeskThread } from '@baton/wire';
import type { Care } from '../api/care.ts';
import type { Member } from '../api/directory.ts';
import { ClientError, isClientError } from '../failure.ts';
import type { CarePorts } from './care-ports.ts';
import type { DeskBook } from './desk-book.ts';
import type { TextingBook } from './texting-book.ts';
import { incomingSeqOf, isSettledBy } from './incoming-seq.ts';
import { activeMember, standingOf } from './thread-view.ts';

type Change = Parameters<Care['changeThread']>[1];

/** Others are told so often that somebody is writing, and it counts so long. */
const ANSWERING_EVERY_MS = 20_000;
const ANSWERING_MS = 30_000;

type ActsPorts = Pick<
  CarePorts,
  'me' | 'clock' | 'book' | 'directory' | 'sealed' | 'batons' | 'isOnline' | 'failed'
>;

/** Changes of where a conversation stands in the shared inbox, each by compare-and-set over the newest. */
export class ThreadActs {
  readonly #ports: ActsPorts;
  readonly #texting: TextingBook;
  readonly #desk: DeskBook;
  readonly #toldAt = new Map<ConversationId, number>();

  constructor(ports: ActsPorts, books: { readonly texting: TextingBook; readonly desk: DeskBook }) {
    this.#ports = ports;
    this.#texting = books.texting;
    this.#desk = books.desk;
  }

  async change(conversation: ConversationId, change: Change): Promise<void> {
    if (change.status === 'closed') await this.#endReplies(conversation);
    await this.#put(conversation, (thread) => {
      const decides = change.status !== undefined || change.snoozedUntil !== undefined;
      const next = { ...thread, ...change };
      // Closed or waiting is a decision about the whole: a snooze of before is over.
      if (change.status !== undefined && change.snoozedUntil === undefined) next.snoozedUntil = null;
      return decides ? { ...next, upTo: this.#incomingSeq(conversation) } : next;
    });
  }

  async claim(conversation: ConversationId): Promise<{ readonly mine: boolean; readonly by: Member | null }> {
    const { me, directory } = this.#ports;
    let holder: MemberId | null = null;
    await this.#put(conversation, (thread) => {
      holder = thread.assignee;
      if (!this.#isFree(thread.assignee)) return null;
      holder = me;
      return { ...thread, assignee: me };
    });
    return { mine: holder === me, by: holder === null ? null : directory.member(holder) };
  }

  answering(conversation: ConversationId): void {
    const { clock, isOnline, failed } = this.#ports;
    const nowMs = clock.nowMs();
    if (nowMs - (this.#toldAt.get(conversation) ?? 0) < ANSWERING_EVERY_MS || !isOnline()) return;
    this.#toldAt.set(conversation, nowMs);
    void this.#tellAnswering(conversation).catch((error: unknown) => {
      // Nobody is kept from writing because the others could not be told.
      if (!isClientError(error)) failed(error);
    });
  }

  async #tellAnswering(conversation: ConversationId): Promise<void> {
    const { me, clock } = this.#ports;
    await this.#put(conversation, (thread) => {
      const nowMs = clock.nowMs();
      const { answering } = thread;
      // The one who was first goes on being shown to the other.
      if (answering && answering.account !== me && answering.until > nowMs) return null;
      return { ...thread, answering: { account: me, until: nowMs + ANSWERING_MS } };
    });
  }

  async #put(conversation: ConversationId, decide: (thread: DeskThread) => DeskThread | null): Promise<void> {
    const place = this.#texting.place(conversation);
    if (!place || place.part === 'sidebar') throw new ClientError('request.not_found', 'thread');
    const desk = await this.#ports.sealed.named('desk');
    await desk.put(`thread:${conversation}`, (newest) => {
      const decoded = newest?.value ? deskCodec.decode(newest.value) : null;
      const known = decoded?.ok && decoded.value.t === 'thread' ? decoded.value : null;
      const thread = known ?? this.#desk.thread(conversation) ?? freshThread(conversation, place.ref);
      const next = decide(this.#settle(thread));
      return next && deskCodec.encode(next);
    });
  }

  /** A snooze that is over, or was ended by the patient, is not carried along. */
  #settle(thread: DeskThread): DeskThread {
    const { clock, book, batons } = this.#ports;
    const row = book.get(thread.conversation);
    const incomingSeq = row ? incomingSeqOf(row, (answer) => isSettledBy(batons.ofMessage(answer))) : 0;
    const now = standingOf(thread, { incomingSeq, isOwed: false, nowMs: clock.nowMs() });
    return now.status === 'open' ? { ...thread, status: 'open', snoozedUntil: null } : thread;
  }

  #incomingSeq(conversation: ConversationId): number {
    return this.#ports.book.get(conversation)?.incoming?.seq ?? 0;
  }

  #isFree(assignee: MemberId | null): boolean {
    const { me, directory } = this.#ports;
    if (assignee === null || assignee === me) return true;
    const member = activeMember(directory.member(assignee));
    return member === null || (member.kind === 'role' && member.heldByMe);
  }

  /** Nothing is owed any more where a person says so; a stat is ended for itself, never along with others. */
  async #endReplies(conversation: ConversationId): Promise<void> {
    const { batons } = this.#ports;
    for (const baton of batons.openIn(conversation)) {
      if (baton.contract !== 'reply' || !baton.can.close) continue;
      await batons.close(baton.id, 'not-needed').catch((error: unknown) => {
        if (!isClientError(error, 'baton.ended')) throw error;
      });
    }
  }
}

export function freshThread(conversation: ConversationId, ref: string): DeskThread {
  return {
    t: 'thread',
    conversation,
    ref,
    status: 'open',
    upTo: 0,
    assignee: null,
    snoozedUntil: null,
    topic: null,
    answering: null,
  };
}
