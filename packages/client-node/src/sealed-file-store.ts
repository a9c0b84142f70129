import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Store, StoreRange, StoreRow, StoreTable, StoreWrite } from '@baton/client';
import type { Bytes } from '@baton/kernel';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface SealedFileStoreOptions {
  readonly path: string;
  /** AES-256 key, 32 bytes. */
  readonly storageKey: Bytes;
  /** false gives up surviving a power cut, for tests that make many stores. */
  readonly durable: boolean;
}

/**
 * Sealed rows in one SQLite file: `nonce || AES-256-GCM(value; aad = table 0 key)`. The file shows table names, opaque keys and sizes; a row
 * moved to another place does not open.
 */
export function openSealedFileStore(options: SealedFileStoreOptions): Store {
  const database = new DatabaseSync(options.path);
  chmodSync(options.path, 0o600);
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = ${options.durable ? 'FULL' : 'OFF'};
    CREATE TABLE IF NOT EXISTS rows (t TEXT NOT NULL, k TEXT NOT NULL, v BLOB NOT NULL, PRIMARY KEY (t, k)) WITHOUT ROWID;
  `);
  const statements = prepareStatements(database);
  // Made once: made from its bytes, a key costs more than a row.
  const storageKey = createSecretKey(options.storageKey);
  return {
    async get(table, key) {
      const row = statements.get.get(table, key);
      return row ? openValue(storageKey, table, key, row['v'] as Bytes) : null;
    },
    async list(table, range) {
      return listRows(statements, storageKey, table, range);
    },
    async write(writes) {
      writeRows({ database, statements, storageKey, writes });
    },
    async close() {
      if (database.isOpen) database.close();
    },
  };
}

interface Statements {
  readonly get: StatementSync;
  readonly up: StatementSync;
  readonly down: StatementSync;
  readonly put: StatementSync;
  readonly remove: StatementSync;
}

function prepareStatements(database: DatabaseSync): Statements {
  const range = 'SELECT k, v FROM rows WHERE t = ? AND k >= ? AND k < ?';
  return {
    get: database.prepare('SELECT v FROM rows WHERE t = ? AND k = ?'),
    up: database.prepare(`${range} ORDER BY k ASC LIMIT ?`),
    down: database.prepare(`${range} ORDER BY k DESC LIMIT ?`),
    put: database.prepare(
      'INSERT INTO rows (t, k, v) VALUES (?, ?, ?) ON CONFLICT (t, k) DO UPDATE SET v = excluded.v',
    ),
    remove: database.prepare('DELETE FROM rows WHERE t = ? AND k = ?'),
  };
}

function listRows(
  statements: Statements,
  storageKey: KeyObject,
  table: StoreTable,
  range: StoreRange,
): StoreRow[] {
  const statement = range.reverse ? statements.down : statements.up;
  return statement.all(table, range.from, range.to, range.limit ?? -1).map((row) => {
    const key = row['k'] as string;
    return { key, value: openValue(storageKey, table, key, row['v'] as Bytes) };
  });
}

function writeRows(input: {
  readonly database: DatabaseSync;
  readonly statements: Statements;
  readonly storageKey: KeyObject;
  readonly writes: readonly StoreWrite[];
}): void {
  const { database, statements } = input;
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const { table, key, value } of input.writes) {
      if (value === null) statements.remove.run(table, key);
      else statements.put.run(table, key, sealValue(input.storageKey, table, key, value));
    }
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function sealValue(storageKey: KeyObject, table: StoreTable, key: string, value: Bytes): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', storageKey, nonce);
  cipher.setAAD(placeOf(table, key));
  return Buffer.concat([nonce, cipher.update(value), cipher.final(), cipher.getAuthTag()]);
}

function openValue(storageKey: KeyObject, table: StoreTable, key: string, sealed: Bytes): Bytes {
  const decipher = createDecipheriv('aes-256-gcm', storageKey, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(placeOf(table, key));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const opened = Buffer.concat([
    decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)),
    decipher.final(),
  ]);
  // A plain Uint8Array: Buffer overrides slice and toString, and equality of types matters to decoders.
  return new Uint8Array(opened.buffer, opened.byteOffset, opened.length);
}

function placeOf(table: StoreTable, key: string): Buffer {
  return Buffer.from(`${table}\0${key}`, 'utf8');
}
