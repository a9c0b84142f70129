import {
  type ConversationId,
  encodeUtf8,
  ID_BYTES,
  makeId,
  type MessageId,
  type OwnerId,
} from '@baton/kernel';
import type { TextingSettings } from '@baton/wire';
import type { Baton } from '../api/batons.ts';
import { ClientError } from '../failure.ts';
import { countedVia } from '../timeline/via.ts';
import type { CarePorts } from './care-ports.ts';
import { routeOf } from './routing.ts';
import type { TextingBook } from './texting-book.ts';

type MatcherPorts = Pick<
  CarePorts,
  'digest' | 'clock' | 'streams' | 'batons' | 'conversations' | 'record' | 'directory'
>;

/** Whoever is asked must have some time. */
const SHORTEST_MS = 60_000;

interface MatcherParts {
  readonly texting: TextingBook;
  readonly unknown: ConversationId;
  readonly start: (ref: string) => Promise<ConversationId>;
}

/**
 * Gives a text of an unknown number to a patient: written into their conversation by whoever says so, with the number that it came from and
 * owed by whoever owes this patient's messages; what was owed in the queue is answered by it. What was urgent stays so, and its clock runs on. Twice into
 * the same conversation is once.
 */
export class TextMatcher {
  readonly #ports: MatcherPorts;
  readonly #parts: MatcherParts;

  constructor(ports: MatcherPorts, parts: MatcherParts) {
    this.#ports = ports;
    this.#parts = parts;
  }

  async match(message: MessageId, ref: string): Promise<void> {
    const { streams, batons, conversations, record, directory } = this.#ports;
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
    const { text, flags, topic } = row.content;
    // Only what the texting assistant wrote down is passed on as a text.
    const via = countedVia({ author: row.header.author, at: row.ts, content: row.content }, directory);
    const owed = this.#owedBy(open, settings, () => routeOf(settings, record(ref), topic ?? null));
    const callback = via?.from.startsWith('+') ? via.from : null;
    await thread.send({
      id: this.#idFor(message),
      text,
      files,
      mentions: [],
      replyTo: null,
      as: null,
      ask: { ...owed, callback, patient: texting.reach(ref)?.name ?? null },
      answers: open.map(({ id }) => id),
      marks: {
        ...(via && { via: { ...via, filed: message } }),
        ...(flags && { flags }),
        ...(topic !== undefined && { topic }),
      },
    });
  }

  #owedBy(open: readonly Baton[], settings: TextingSettings, route: () => OwnerId) {
    const urgent = open.filter(({ contract }) => contract === 'stat');
    if (urgent.length === 0)
      return { contract: 'reply' as const, to: [route()], withinMs: settings.withinMs };
    const left = Math.min(...urgent.map(({ deadline }) => deadline)) - this.#ports.clock.nowMs();
    return { contract: 'stat' as const, to: [settings.urgentTo], withinMs: Math.max(left, SHORTEST_MS) };
  }

  #idFor(message: MessageId): MessageId {
    const { digest } = this.#ports;
    return makeId('message', digest(encodeUtf8(`sg/matched/v1\0${message}`)).slice(0, ID_BYTES));
  }
}
