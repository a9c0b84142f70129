import type { AccountId, ConversationId, EventId } from '@baton/kernel';
import {
  type Consent,
  type OptOut,
  type Reach,
  type TextingSettings,
  type TextingValue,
  textingCodec,
  textingKey,
  type TextOrder,
} from '@baton/wire';
import type { CollectionBook, PutRow } from '../collections/collection-book.ts';
import { CollectionMirror, type Mirrored } from '../collections/collection-mirror.ts';

/** What a patient's conversation is to the patient. */
export interface Place {
  readonly ref: string;
  readonly part: 'patient' | 'sidebar' | 'confidential';
}

/** The collection `texting`, read: how patients are reached, consents, opt-outs, orders and settings (docs/protocol/patients.md §3). */
export class TextingBook {
  readonly #mirror: CollectionMirror<TextingValue>;
  readonly #values = new Map<string, Mirrored<TextingValue>>();
  readonly #reaches = new Map<string, Reach>();
  readonly #consents = new Map<string, Map<EventId, Consent>>();
  readonly #orders = new Map<string, Map<EventId, TextOrder>>();
  readonly #optOuts = new Map<string, OptOut>();
  readonly #names = new Map<AccountId, string>();
  readonly #places = new Map<ConversationId, Place>();
  #settings: TextingSettings | null = null;

  constructor(ports: {
    readonly collections: CollectionBook;
    readonly changed: (value: TextingValue) => void;
  }) {
    this.#mirror = new CollectionMirror({
      collections: ports.collections,
      codec: textingCodec,
      keyOf: textingKey,
      changed: (key, now) => {
        const before = this.#values.get(key);
        if (before) this.#remove(before.value);
        if (now) this.#values.set(key, now);
        else this.#values.delete(key);
        if (now) this.#add(now.value);
        const concerned = now ?? before;
        if (concerned) ports.changed(concerned.value);
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

  get settings(): TextingSettings | null {
    return this.#settings;
  }

  reach(ref: string): Reach | null {
    return this.#reaches.get(ref) ?? null;
  }

  reaches(): Iterable<Reach> {
    return this.#reaches.values();
  }

  nameOf(account: AccountId): string | null {
    return this.#names.get(account) ?? null;
  }

  place(conv: ConversationId): Place | null {
    return this.#places.get(conv) ?? null;
  }

  /** Newest first. */
  consents(ref: string): readonly Consent[] {
    return [...(this.#consents.get(ref)?.values() ?? [])].sort((a, b) => b.given.at - a.given.at);
  }

  consent(ref: string, id: EventId): Consent | null {
    return this.#consents.get(ref)?.get(id) ?? null;
  }

  /** Newest first. */
  orders(ref: string): readonly TextOrder[] {
    return [...(this.#orders.get(ref)?.values() ?? [])].sort((a, b) => b.createdAt - a.createdAt);
  }

  optOut(number: string): OptOut | null {
    return this.#optOuts.get(number) ?? null;
  }

  #add(value: TextingValue): void {
    switch (value.t) {
      case 'reach':
        this.#reaches.set(value.ref, value);
        for (const [conv, part] of placesOf(value)) this.#places.set(conv, { ref: value.ref, part });
        for (const { account, name } of value.people) this.#names.set(account, name);
        return;
      case 'consent':
        return addTo(this.#consents, value.ref, value);
      case 'order':
        return value.ref === null ? undefined : addTo(this.#orders, value.ref, value);
      case 'optout':
        this.#optOuts.set(value.number, value);
        return;
      case 'settings':
        this.#settings = value;
    }
  }

  #remove(value: TextingValue): void {
    switch (value.t) {
      case 'reach':
        this.#reaches.delete(value.ref);
        for (const [conv] of placesOf(value)) this.#places.delete(conv);
        return;
      case 'consent':
        this.#consents.get(value.ref)?.delete(value.id);
        return;
      case 'order':
        if (value.ref !== null) this.#orders.get(value.ref)?.delete(value.id);
        return;
      case 'optout':
        this.#optOuts.delete(value.number);
        return;
      case 'settings':
        this.#settings = null;
    }
  }
}

function addTo<T extends { readonly id: EventId }>(
  map: Map<string, Map<EventId, T>>,
  ref: string,
  value: T,
): void {
  const known = map.get(ref) ?? new Map<EventId, T>();
  map.set(ref, known);
  known.set(value.id, value);
}

function placesOf(reach: Reach): readonly (readonly [ConversationId, Place['part']])[] {
  const places: (readonly [ConversationId, Place['part']])[] = [];
  if (reach.conversation) places.push([reach.conversation, 'patient']);
  if (reach.sidebar) places.push([reach.sidebar, 'sidebar']);
  if (reach.confidential) places.push([reach.confidential, 'confidential']);
  return places;
}
