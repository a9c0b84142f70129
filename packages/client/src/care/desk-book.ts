import type { ConversationId } from '@baton/kernel';
import {
  deskCodec,
  deskKey,
  type DeskTemplate,
  type DeskThread,
  type DeskValue,
  type SignOff,
} from '@baton/wire';
import type { CollectionBook, PutRow } from '../collections/collection-book.ts';
import { CollectionMirror } from '../collections/collection-mirror.ts';

/** The collection `desk`, read: where conversations stand, templates, sign-offs (docs/protocol/patients.md §3). */
export class DeskBook {
  readonly #mirror: CollectionMirror<DeskValue>;
  readonly #values = new Map<string, DeskValue>();

  constructor(ports: { readonly collections: CollectionBook; readonly changed: (value: DeskValue) => void }) {
    this.#mirror = new CollectionMirror({
      collections: ports.collections,
      codec: deskCodec,
      keyOf: deskKey,
      changed: (key, now) => {
        const concerned = now?.value ?? this.#values.get(key);
        if (now) this.#values.set(key, now.value);
        else this.#values.delete(key);
        if (concerned) ports.changed(concerned);
      },
    });
  }

  get loaded(): boolean {
    return this.#mirror.loaded;
  }

  load(conv: ConversationId): Promise<void> {
    return this.#mirror.load(conv);
  }

  take(conv: ConversationId, rows: readonly PutRow[]): boolean {
    return this.#mirror.take(conv, rows);
  }

  thread(conversation: ConversationId): DeskThread | null {
    const value = this.#values.get(`thread:${conversation}`);
    return value?.t === 'thread' ? value : null;
  }

  /** By name. */
  templates(): readonly DeskTemplate[] {
    return [...this.#values.values()]
      .filter((value) => value.t === 'template')
      .sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
  }

  signOff(content: string): SignOff | null {
    const value = this.#values.get(`sign-off:${content}`);
    return value?.t === 'sign-off' ? value : null;
  }
}
