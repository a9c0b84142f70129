import type { ConversationId } from '@baton/kernel';
import type { PracticeCard, Reach } from '@baton/wire';
import { inParallel } from '../sync/engine.ts';
import type { CarePorts } from './care-ports.ts';
import { isSameCard, makePracticeCard } from './practice-card.ts';
import type { TextingBook } from './texting-book.ts';

/** Written before the first card goes out and taken away after the last: a round that broke off goes on at the next start. */
const PENDING = 'care-cards';
const SIDE_BY_SIDE = 4;

type IssuerPorts = Pick<
  CarePorts,
  'book' | 'outbox' | 'post' | 'facts' | 'clock' | 'record' | 'store' | 'directory' | 'me'
>;

/** Practice cards: one in every patient's conversation, new wherever what it says has changed. */
export class CardIssuer {
  readonly #ports: IssuerPorts;
  readonly #texting: TextingBook;

  constructor(ports: IssuerPorts, texting: TextingBook) {
    this.#ports = ports;
    this.#texting = texting;
  }

  /** Writes the first card. One that lies further back than this device has read is not written again. */
  async issueFirst(conv: ConversationId, reach: Reach): Promise<void> {
    const row = this.#ports.book.get(conv);
    if (row && row.lo <= 1 && this.#newest(conv) === null) await this.issue(conv, reach);
  }

  /** Writes the card into one conversation, unless it is the one that counts there already. */
  async issue(conv: ConversationId, reach: Reach): Promise<void> {
    const { facts, clock, record, post } = this.#ports;
    const { settings } = this.#texting;
    if (!settings) return;
    const input = { settings, reach, record: record(reach.ref), facts: facts(), nowMs: clock.nowMs() };
    const card = makePracticeCard(input);
    const newest = this.#newest(conv);
    if (newest && isSameCard(newest, card)) return;
    await post(conv, card);
  }

  /** Takes note that a round is due, before what calls for it is saved. */
  async begin(): Promise<void> {
    await this.#ports.store.write([{ table: 'profile', key: PENDING, value: new Uint8Array([1]) }]);
  }

  /** Into every conversation. Resolves when each has gone out, or lies in the outbox of this device where there is no connection. */
  async issueAll(progress: (done: number, all: number) => void = () => {}): Promise<void> {
    const { store, outbox, book } = this.#ports;
    await this.begin();
    const places = [...this.#texting.reaches()].flatMap((reach) =>
      [reach.conversation, reach.confidential].flatMap((conv) => {
        const row = conv === null ? null : book.get(conv);
        return row && !row.left && !row.closed ? [{ conv: row.conv, reach }] : [];
      }),
    );
    let done = 0;
    progress(done, places.length);
    await inParallel(places, SIDE_BY_SIDE, async ({ conv, reach }) => {
      await this.issue(conv, reach);
      await outbox.settled(conv);
      done += 1;
      progress(done, places.length);
    });
    await store.write([{ table: 'profile', key: PENDING, value: null }]);
  }

  /** Goes on with a round that this device began and did not end. */
  async resume(): Promise<void> {
    if ((await this.#ports.store.get('profile', PENDING)) !== null) await this.issueAll();
  }

  /** What waits in the outbox counts: it goes out before anything newer. */
  #newest(conv: ConversationId): PracticeCard | null {
    const { outbox, book } = this.#ports;
    const waiting = outbox
      .of(conv)
      .findLast(({ content, failure }) => content.t === 'card' && failure === null);
    if (waiting?.content.t === 'card') return waiting.content;
    return book.get(conv)?.card?.card ?? null;
  }
}
