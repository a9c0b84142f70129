import { type Bytes, type ConversationId, encodeHex, type TimestampMs } from '@baton/kernel';
import type { ValueAuthor } from '@baton/policy';
import type { Codec } from '@baton/wire';
import type { CollectionBook, PutRow } from './collection-book.ts';
import { type StandingValue, standingOf } from './put-row.ts';

/** A value with the commit time of its put. */
export interface Mirrored<T> {
  readonly value: T;
  readonly at: TimestampMs;
  readonly seq: number;
  /** Who put it; null where it was taken in before authors were kept. */
  readonly author: ValueAuthor | null;
  /** As in `CollectionValue`. */
  readonly firm: boolean;
}

export interface MirrorPorts<T> {
  readonly collections: CollectionBook;
  readonly codec: Codec<T>;
  /** Key that a value says it lies under. */
  readonly keyOf: (value: T) => string;
  /** The newest value of a key, or that there is none any more. */
  readonly changed: (key: string, now: Mirrored<T> | null) => void;
}

/**
 * The newest values of one collection in memory, by their keys. A value under a key that is not its own is left out: keys are opaque, and two
 * devices would otherwise choose differently between two values of one name.
 */
export class CollectionMirror<T> {
  readonly #ports: MirrorPorts<T>;
  /** Key in words by hexadecimal key of its put. */
  readonly #keys = new Map<string, string>();
  readonly #newest = new Map<string, number>();
  #conv: ConversationId | null = null;
  #opaque: ((text: string) => Bytes) | null = null;

  constructor(ports: MirrorPorts<T>) {
    this.#ports = ports;
  }

  get loaded(): boolean {
    return this.#opaque !== null;
  }

  /** Reads the local copy; does nothing where it is read already, or cannot be read yet. */
  async load(conv: ConversationId): Promise<void> {
    if (this.#opaque !== null && this.#conv === conv) return;
    const { collections } = this.#ports;
    const index = await collections.index(conv);
    if (index === null || this.#opaque !== null) return;
    this.#conv = conv;
    this.#opaque = (text) => index.opaqueKey(text);
    this.take(conv, await collections.list(conv));
  }

  /** Puts were stored. Answers whether they are of this collection. */
  take(conv: ConversationId, rows: readonly PutRow[]): boolean {
    if (conv !== this.#conv || this.#opaque === null) return false;
    for (const row of rows) this.#takeOne(row, this.#opaque);
    return true;
  }

  #takeOne(row: PutRow, opaque: (text: string) => Bytes): void {
    const hex = encodeHex(row.key);
    if ((this.#newest.get(hex) ?? -1) >= row.seq) return;
    this.#newest.set(hex, row.seq);
    const standing = standingOf(row);
    const value = standing && this.#decode(standing);
    const key = value === null ? null : this.#ports.keyOf(value);
    const isOwn = key !== null && encodeHex(opaque(key)) === hex;
    const before = this.#keys.get(hex);
    if (standing !== null && value !== null && key !== null && isOwn) {
      const { at, author, firm } = standing;
      this.#keys.set(hex, key);
      this.#ports.changed(key, { value, at, author, firm, seq: row.seq });
    } else if (before !== undefined) {
      this.#keys.delete(hex);
      this.#ports.changed(before, null);
    }
  }

  #decode({ value }: StandingValue): T | null {
    const decoded = this.#ports.codec.decode(value);
    return decoded.ok ? decoded.value : null;
  }
}
