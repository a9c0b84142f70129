import { type ConversationId, decodeUtf8, encodeUtf8 } from '@baton/kernel';
import type { Peers } from '../ports/platform.ts';
import { prefixRange, type Store } from '../ports/store.ts';

/** Text that was begun and not sent, by conversation. */
export class Drafts {
  readonly #store: Store;
  readonly #peers: Peers;
  readonly #changed: (conv: ConversationId) => void;
  readonly #texts = new Map<ConversationId, string>();

  constructor(ports: {
    readonly store: Store;
    readonly peers: Peers;
    readonly changed: (conv: ConversationId) => void;
  }) {
    this.#store = ports.store;
    this.#peers = ports.peers;
    this.#changed = ports.changed;
  }

  async load(): Promise<void> {
    this.#texts.clear();
    for (const { key, value } of await this.#store.list('drafts', prefixRange(''))) {
      const text = decodeUtf8(value);
      if (text !== null) this.#texts.set(key as ConversationId, text);
    }
  }

  read(conv: ConversationId): string | null {
    return this.#texts.get(conv) ?? null;
  }

  async save(conv: ConversationId, text: string): Promise<void> {
    if ((this.#texts.get(conv) ?? '') === text) return;
    if (text === '') this.#texts.delete(conv);
    else this.#texts.set(conv, text);
    this.#changed(conv);
    await this.#store.write([{ table: 'drafts', key: conv, value: text === '' ? null : encodeUtf8(text) }]);
    this.#peers.post({ t: 'draft', conv });
  }
}
