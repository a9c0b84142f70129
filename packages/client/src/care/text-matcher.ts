import { type ConversationId, encodeUtf8, ID_BYTES, makeId, type MessageId } from '@baton/kernel';
import { ClientError } from '../failure.ts';
import type { CarePorts } from './care-ports.ts';
import { routeOf } from './routing.ts';
import type { TextingBook } from './texting-book.ts';

type MatcherPorts = Pick<CarePorts, 'digest' | 'streams' | 'batons' | 'conversations' | 'record'>;

interface MatcherParts {
  readonly texting: TextingBook;
  readonly unknown: ConversationId;
  readonly start: (ref: string) => Promise<ConversationId>;
}

/**
 * Gives a text of an unknown number to a patient: written into their conversation by whoever says so, with the number that it came from and
 * owed by whoever owes this patient's messages; what was owed in the queue is answered by it. Twice into the same conversation is once.
 */
export class TextMatcher {
  readonly #ports: MatcherPorts;
  readonly #parts: MatcherParts;

  constructor(ports: MatcherPorts, parts: MatcherParts) {
    this.#ports = ports;
    this.#parts = parts;
  }

  async match(message: MessageId, ref: string): Promise<void> {
    const { streams, batons, conversations, record } = this.#ports;
    const { texting, unknown, start } = this.#parts;
    const { settings } = texting;
    const from = unknown;
    const row = await streams.find(from, message);
    if (!settings || row?.s !== 'message' || row.content.t !== 'message')
      throw new ClientError('request.not_found', 'message');
    const open = batons.ofMessage(message).filter(({ ended }) => ended === null);
    if (open.length === 0)
      throw new ClientError('baton.ended', 'message', {
        sentence: 'Somebody has seen to this text already. Its history shows who.',
      });
    const to = await start(ref);
    const [queue, thread] = [await conversations.open(from), await conversations.open(to)];
    const files = [];
    for (const attachment of row.content.attachments) {
      const { name, mime, width, height } = attachment;
      files.push({ name, mime, width, height, bytes: await queue.readAttachment(attachment) });
    }
    const { text, via, flags, topic } = row.content;
    const owner = routeOf(settings, record(ref), topic ?? null);
    const ask = { contract: 'reply' as const, to: [owner], withinMs: settings.withinMs, callback: null };
    await thread.send({
      id: this.#idFor(message),
      text,
      files,
      mentions: [],
      replyTo: null,
      as: null,
      ask: { ...ask, patient: texting.reach(ref)?.name ?? null },
      answers: open.map(({ id }) => id),
      marks: { ...(via && { via }), ...(flags && { flags }), ...(topic !== undefined && { topic }) },
    });
  }

  #idFor(message: MessageId): MessageId {
    const { digest } = this.#ports;
    return makeId('message', digest(encodeUtf8(`sg/matched/v1\0${message}`)).slice(0, ID_BYTES));
  }
}
