import type { AgentContext } from '@baton/agent';
import { encodeBase64Url, encodeUtf8, makeId, type MessageId } from '@baton/kernel';
import { RowBook } from './row-book.ts';
import {
  type AnswerRow,
  answerRow,
  type ContactRow,
  contactRow,
  type InboundRow,
  inboundRow,
  type MediaRow,
  mediaRow,
  type NumberRow,
  numberRow,
  type ReportRow,
  reportRow,
  saltRow,
  type TextRow,
  textRow,
  type ThreadRow,
  threadRow,
} from './rows.ts';

const ID_BYTES = 16;
const HOUR_MS = 3_600_000;
/** Carriers repeat a webhook for hours at most; an older repeat is still one message, by its id. */
const INBOUND_KEPT_MS = 24 * HOUR_MS;
const MOST_INBOUND = 3000;
/** Reports come within days. */
const TEXT_KEPT_MS = 4 * 24 * HOUR_MS;
const REPORT_KEPT_MS = HOUR_MS;

/** Everything that the texting assistant remembers (docs/protocol/agents.md §3). */
export class Memory {
  readonly inbound: RowBook<InboundRow>;
  readonly numbers: RowBook<NumberRow>;
  readonly contacts: RowBook<ContactRow>;
  readonly threads: RowBook<ThreadRow>;
  readonly texts: RowBook<TextRow>;
  readonly answers: RowBook<AnswerRow>;
  readonly media: RowBook<MediaRow>;
  readonly reports: RowBook<ReportRow>;
  readonly #context: Pick<AgentContext, 'state' | 'lease' | 'rng' | 'account' | 'clock'>;
  /** Makes ids of messages that nobody can foresee. */
  #salt = '';

  constructor(context: Pick<AgentContext, 'state' | 'lease' | 'rng' | 'account' | 'clock'>) {
    const { state, lease } = context;
    this.#context = context;
    this.inbound = new RowBook(state.shelf('in', inboundRow), lease);
    this.numbers = new RowBook(state.shelf('number', numberRow), lease);
    this.contacts = new RowBook(state.shelf('contact', contactRow), lease);
    this.threads = new RowBook(state.shelf('thread', threadRow), lease);
    this.texts = new RowBook(state.shelf('text', textRow), lease);
    this.answers = new RowBook(state.shelf('answer', answerRow), lease);
    this.media = new RowBook(state.shelf('media', mediaRow), lease);
    this.reports = new RowBook(state.shelf('report', reportRow), lease);
  }

  /** Once the lease is held: reads what is there. */
  async load(): Promise<void> {
    const { state, rng, lease } = this.#context;
    await state.refresh();
    const shelf = state.shelf('salt', saltRow);
    lease.requireHeld();
    await shelf.update('ids', (newest) => (newest ? undefined : { salt: encodeBase64Url(rng.bytes(24)) }));
    this.#salt = (await shelf.get('ids'))?.value.salt ?? '';
    await Promise.all([
      this.inbound.load(),
      this.numbers.load(),
      this.contacts.load(),
      this.threads.load(),
      this.texts.load(),
      this.answers.load(),
      this.media.load(),
      this.reports.load(),
    ]);
  }

  /** The id of the message that `parts` lead to: the same on every try, on every station, and known to nobody beforehand. */
  async messageId(...parts: readonly string[]): Promise<MessageId> {
    const text = ['sg/text-message/v1', this.#context.account, this.#salt, ...parts].join('\0');
    const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(encodeUtf8(text)));
    return makeId('message', new Uint8Array(digest).slice(0, ID_BYTES));
  }

  /** Lets go of what no repeat and no report can need any more. */
  async prune(): Promise<void> {
    const nowMs = this.#context.clock.nowMs();
    const done = this.inbound
      .entries()
      .filter(([, row]) => row.done)
      .sort(([, a], [, b]) => a.at - b.at);
    const surplus = Math.max(0, done.length - MOST_INBOUND);
    for (const [index, [key, row]] of done.entries())
      if (index < surplus || row.at < nowMs - INBOUND_KEPT_MS) await this.inbound.remove(key);
    for (const [key, row] of this.texts.entries())
      if (row.madeAt < nowMs - TEXT_KEPT_MS) await this.texts.remove(key);
    for (const [key, row] of this.reports.entries())
      if (row.at < nowMs - REPORT_KEPT_MS) await this.reports.remove(key);
  }
}

/** For a key of the state: carriers' ids are made of anything. */
export async function keyOf(text: string): Promise<string> {
  if (/^[A-Za-z0-9._+:-]{1,120}$/.test(text)) return text;
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(encodeUtf8(text)));
  return `h.${encodeBase64Url(new Uint8Array(digest))}`;
}
