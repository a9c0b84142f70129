import type { ConversationId, MessageId } from '@baton/kernel';
import type { Alarms } from '../alarms/alarms.ts';
import type { ConversationStreams } from '../conversations/stream.ts';
import type { ItemRow, MessageRow } from '../tables/records.ts';
import type { KnownBaton } from './baton-feed.ts';
import { isOpenedBy } from './same-message.ts';

/** Edits are looked for in so many items after the message. */
const EDIT_SCAN = 500;

export interface AskedTextsPorts {
  readonly streams: ConversationStreams;
  readonly alarms: Alarms;
  /** How far the conversation is here; null where it is not. */
  readonly newest: (conv: ConversationId) => number | null;
  readonly loaded: () => void;
  readonly failed: (error: unknown) => void;
}

interface Asked {
  readonly row: MessageRow;
  readonly text: string;
}

/**
 * What batons ask, in the words of their messages' newest edits, where this account is a member; read once from the local store. A baton that
 * says something else than its message's signed header is raised as a fork: the server made it up.
 */
export class AskedTexts {
  readonly #ports: AskedTextsPorts;
  readonly #texts = new Map<MessageId, Asked | null>();
  readonly #compared = new Set<string>();

  constructor(ports: AskedTextsPorts) {
    this.#ports = ports;
  }

  /** null while it is read, or where it is not here. */
  get(known: KnownBaton): Asked | null {
    const { message, conv } = known.state;
    if (!message || !conv) return null;
    const asked = this.#texts.get(message);
    if (asked === undefined) {
      this.#texts.set(message, null);
      void this.#load(conv, message).catch(this.#ports.failed);
      return null;
    }
    if (asked) this.#compare(known, asked.row);
    return asked;
  }

  /** Rows of a conversation were stored. */
  take(rows: readonly ItemRow[]): void {
    let isNews = false;
    for (const row of rows) {
      if (row.s !== 'message') continue;
      const { header, content } = row;
      if (content.t === 'message' && this.#texts.has(header.id)) {
        this.#texts.set(header.id, askedBy(row));
        isNews = true;
      }
      isNews = this.#amend(row) || isNews;
    }
    if (isNews) this.#ports.loaded();
  }

  async #load(conv: ConversationId, message: MessageId): Promise<void> {
    const { streams, newest } = this.#ports;
    const row = await streams.find(conv, message);
    if (row?.s !== 'message' || row.content.t !== 'message') return;
    this.#texts.set(message, askedBy(row));
    const to = Math.min((newest(conv) ?? row.seq) + 1, row.seq + EDIT_SCAN);
    for (const later of await streams.read(conv, { from: row.seq + 1, to }))
      if (later.s === 'message') this.#amend(later);
    this.#ports.loaded();
  }

  #amend({ header, content }: MessageRow): boolean {
    if (content.t !== 'edit' && content.t !== 'withdrawal') return false;
    const asked = this.#texts.get(content.target);
    if (!asked || asked.row.header.author !== header.author) return false;
    this.#texts.set(content.target, { ...asked, text: content.t === 'edit' ? content.text : '' });
    return true;
  }

  #compare({ state }: KnownBaton, row: MessageRow): void {
    if (this.#compared.has(state.baton)) return;
    this.#compared.add(state.baton);
    if (!isOpenedBy(state, row.header))
      this.#ports.alarms.raise({
        code: 'ledger.fork',
        severity: 'danger',
        about: `baton.${state.baton}.header`,
      });
  }
}

function askedBy(row: MessageRow): Asked | null {
  if (row.content.t !== 'message') return null;
  return { row, text: row.content.text };
}
