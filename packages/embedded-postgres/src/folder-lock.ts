import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface FolderLock {
  release(): void;
}

/**
 * Takes an exclusive lock on `path` (the file is created 0600, with its folder, and stays), or returns null when a
 * living process holds it.
 *
 * The lock is the kernel's own (fcntl, taken through SQLite, the one door Node has to it), so it is gone the moment
 * its holder is, however that died: there is no stale lock to judge and no process id to mistake for another.
 */
export function takeFolderLock(path: string): FolderLock | null {
  mkdirSync(dirname(path), { recursive: true });
  closeSync(openSync(path, 'a', 0o600));
  const handle = new DatabaseSync(path);
  try {
    handle.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    handle.close();
    if (isBusy(error)) return null;
    throw error;
  }
  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      handle.close();
    },
  };
}

/** SQLITE_BUSY, primary result code 5 (sqlite.org/rescode.html). */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}
