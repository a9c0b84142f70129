import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Bytes } from '@baton/kernel';

const KEY_BYTES = 32;

/** The device storage key of a data folder: made once, readable by its owner alone (0600 in a 0700 folder). */
export function loadStorageKey(dataDir: string): Bytes {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, 'storage.key');
  if (!existsSync(path)) createKeyFile(path);
  chmodSync(path, 0o600);
  const key = readFileSync(path);
  if (key.length !== KEY_BYTES)
    throw new Error('The storage key file has a wrong length; restore it from a backup.');
  return new Uint8Array(key);
}

function createKeyFile(path: string): void {
  // `wx`: of two processes that start at once, one makes the file and the other reads it.
  try {
    const file = openSync(path, 'wx', 0o600);
    writeSync(file, randomBytes(KEY_BYTES));
    fsyncSync(file);
    closeSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
