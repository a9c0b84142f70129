import type { StoreTable } from '@baton/client';
import type { AccountId } from '@baton/kernel';
import { Dexie, type Table } from 'dexie';
import type { SealedRow } from './row-seal.ts';

/** Opaque ids, positions and hashes in `k`; arrays of texts sort by code units, as the port asks. */
export type RowKey = [table: StoreTable, key: string];

// Strict: a write is reported only when it would survive a loss of power; the outbox promises that. No cache: it would keep rows of a
// signed-out account in memory.
const OPTIONS = { chromeTransactionDurability: 'strict', cache: 'disabled' } as const;

/** One account's database: sealed rows with one index, their key, and key handles. */
export class ProfileDatabase extends Dexie {
  readonly rows: Table<SealedRow, RowKey>;
  /** CryptoKey handles that no code can export. */
  readonly handles: Table<unknown, string>;

  constructor(account: AccountId) {
    super(`baton-${account}`, OPTIONS);
    this.version(1).stores({ rows: '[t+k]', handles: '' });
    this.rows = this.table('rows');
    this.handles = this.table('handles');
    // Another tab wipes the account. Opening again by itself, as Dexie does, would make an empty database here, and rows sealed under a
    // key that is gone.
    this.on('versionchange', () => {
      this.close({ disableAutoOpen: true });
      return false;
    });
  }
}

/** What this browser knows before an account is chosen. */
export class BrowserDatabase extends Dexie {
  readonly settings: Table<unknown, string>;

  constructor() {
    super('baton', OPTIONS);
    this.version(1).stores({ settings: '' });
    this.settings = this.table('settings');
  }
}
