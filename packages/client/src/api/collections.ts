import type { AccountId, Bytes, ConversationId, TimestampMs } from '@baton/kernel';
import type { NamedCollection } from '@baton/wire';

/** Newest value of one key of a sealed collection. */
export interface CollectionValue {
  /** null: deleted, or sealed under a key that is not here (yet). */
  readonly value: Bytes | null;
  readonly version: number;
  /** The server's commit time. */
  readonly at: TimestampMs;
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
  /** Newest values of all keys that are not deleted. Keys are opaque here: a value that must know its key carries it. */
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
