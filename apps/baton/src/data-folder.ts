import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FolderLock, takeFolderLock } from '@baton/embedded-postgres';
import { z } from 'zod';
import type { Config } from './config.ts';
import { Refusal } from './refusal.ts';

/** Exit code while another process has the data folder (sysexits.h: EX_TEMPFAIL). */
const EXIT_IN_USE = 75;

/** What lies where in the data folder. Server and station each see only their own. */
export interface DataFolder {
  readonly root: string;
  readonly server: string;
  readonly station: string;
  readonly demo: string;
  /** Records of the running processes, for a next start that finds them orphaned. */
  readonly run: string;
}

export function dataFolderAt(root: string): DataFolder {
  const at = (name: string): string => join(root, name);
  return { root, server: at('server'), station: at('station'), demo: at('demo'), run: at('run') };
}

/** Makes the folders (private) and says plainly when that is not possible. */
export function prepareDataFolder(folder: DataFolder): void {
  try {
    for (const path of [folder.root, folder.server, folder.station, folder.demo, folder.run]) {
      mkdirSync(path, { recursive: true, mode: 0o700 });
      accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    }
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new Refusal(
      `The data folder ${folder.root} cannot be used (${reason}): set BATON_DATA_DIR to a folder this user may write to.`,
    );
  }
}

const holder = z.object({ pid: z.number(), url: z.string() });

/** Takes the folder for this process alone, or refuses with the process that has it. */
export function lockDataFolder(folder: DataFolder, config: Pick<Config, 'publicUrl'>): FolderLock {
  const lock = takeFolderLock(join(folder.root, 'lock'));
  const note = join(folder.run, 'up.json');
  if (lock === null) throw new Refusal(inUse(folder, note), EXIT_IN_USE);
  writeFileSync(note, JSON.stringify({ pid: process.pid, url: config.publicUrl }), { mode: 0o600 });
  return {
    release() {
      rmSync(note, { force: true });
      lock.release();
    },
  };
}

function inUse(folder: DataFolder, note: string): string {
  let who = 'another process';
  try {
    const { pid, url } = holder.parse(JSON.parse(readFileSync(note, 'utf8')));
    who = `process ${pid} (${url})`;
  } catch {
    // It is only just starting or ending.
  }
  return `Baton already runs on ${folder.root}, as ${who}: stop that one first, or set BATON_DATA_DIR and BATON_PORT for a second.`;
}
