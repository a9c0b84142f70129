import type { Bytes } from '@baton/kernel';

/** The tables of a profile. Values are sealed by the implementation; keys are opaque ids, positions and hashes only. */
const STORE_TABLES = [
  'profile',
  'statements',
  'certificates',
  'conversations',
  'entries',
  'generations',
  'items',
  'messages',
  'marks',
  'outbox',
  'files',
  'drafts',
  'puts',
  'alarms',
  'records',
  'batons',
  'acts',
  'escalations',
  'manifests',
  /** What an agent's program keeps on its station only. */
  'drawer',
] as const;
export type StoreTable = (typeof STORE_TABLES)[number];

export interface StoreRow {
  readonly key: string;
  readonly value: Bytes;
}

export interface StoreRange {
  /** Keys from this one on, included. */
  readonly from: string;
  /** Keys up to this one, excluded. */
  readonly to: string;
  /** At most so many rows; all without it. */
  readonly limit?: number;
  /** Last key first. */
  readonly reverse?: boolean;
}

export interface StoreWrite {
  readonly table: StoreTable;
  readonly key: string;
  /** null removes the row. */
  readonly value: Bytes | null;
}

/**
 * A device's local store of one account: sealed key/value tables in key order (code-unit order of the key text). The implementation seals
 * every value with a device storage key and binds it to its table and key, so that rows cannot be swapped.
 */
export interface Store {
  get(table: StoreTable, key: string): Promise<Bytes | null>;
  list(table: StoreTable, range: StoreRange): Promise<readonly StoreRow[]>;
  /** All or nothing, in order; durable when it resolves. */
  write(writes: readonly StoreWrite[]): Promise<void>;
  close(): Promise<void>;
}

/** Fixed width, so that key order is number order. */
export function positionKey(position: number): string {
  return position.toString().padStart(16, '0');
}

/** Every key that starts with `prefix` (ids and digits only, all below U+FFFF). */
export function prefixRange(prefix: string): { readonly from: string; readonly to: string } {
  return { from: prefix, to: `${prefix}\uffff` };
}
