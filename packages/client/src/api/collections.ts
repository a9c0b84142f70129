import type { AccountId, Bytes, ConversationId, TimestampMs } from '@baton/kernel';
import type { ValueAuthor } from '@baton/policy';
import type { NamedCollection } from '@baton/wire';

/** Newest value of one key of a sealed collection. */
export interface CollectionValue {
  /** The opaque key that it lies under (`Collection.keyOf`). */
  readonly key: Bytes;
  /** null: deleted, or sealed under a key that is not here (yet). */
  readonly value: Bytes | null;
  readonly version: number;
  /** The server's commit time of the put that brought the value. */
  readonly at: TimestampMs;
  /** Who put it, as the key log said then; null where it was taken in before authors were kept, or there is no value. */
  readonly author: ValueAuthor | null;
  /** Whatever it says of who did something was seen to be so, in this put or in those before it that this device has seen (`judgeValue`). */
  readonly firm: boolean;
}

/** A sealed map that several devices share. The server sees opaque keys, sizes and times. */
export interface Collection {
  readonly id: ConversationId;
  get(key: string): Promise<CollectionValue | null>;
  /**
   * Compare-and-set: `decide` runs again when somebody else was faster; null leaves the key as it is. Answers whether something was
   * written. An empty value is how a key is deleted.
   */
  put(key: string, decide: (newest: CollectionValue | null) => Bytes | null): Promise<boolean>;
  /** Opaque key of a text. `policy.not_a_member` while the collection's first key is not here. */
  keyOf(key: string): Promise<Bytes>;
  /** Newest values of all keys that are not deleted. A value that must know its key carries it; whether it lies there is the reader's to look. */
  list(): Promise<readonly CollectionValue[]>;
  /** Everything that the server has now. */
  refresh(): Promise<void>;
  /** Told after values were stored, here or elsewhere, with those that were. Now and then with one that was told before. */
  subscribe(listener: (stored: readonly CollectionValue[]) => void): () => void;
}

export interface Collections {
  /** `request.not_found` where this account is no member. */
  open(id: ConversationId): Promise<Collection>;
  /** The organisation's collection of this name (docs/protocol/patients.md §3); `request.not_found` as with `open`. */
  named(name: NamedCollection): Promise<Collection>;
  /** Where it is, or would be. */
  idOf(name: NamedCollection): ConversationId;
  isNamed(id: ConversationId): boolean;
  /** As far as this device knows now. */
  isMember(id: ConversationId): boolean;
  /** Where an agent keeps its state. The id follows from the account, so that nobody has to be told. */
  stateOf(agent: AccountId): ConversationId;
  /** Makes the agent's state collection and lets the agent in. Does nothing where there is one. Needs the agent to have its keys. */
  establishState(agent: AccountId): Promise<void>;
}
