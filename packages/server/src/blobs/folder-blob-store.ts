import { constants } from 'node:fs';
import { access, link, mkdir, open, readFile, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isId } from '@baton/kernel';
import type { BlobKey, BlobStore } from './blob-store.ts';

/** Files `<folder>/<org>/<two characters>/<blob>`, 0600. A file is complete and flushed before it has its name. */
export async function openFolderBlobStore(folder: string): Promise<BlobStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let counter = 0;

  const pathOf = ({ org, blob }: BlobKey): string => {
    // The last wall against a path made of something else than ids.
    if (!isId('org', org) || !isId('blob', blob)) throw new RangeError('not a blob id');
    return join(folder, org, blob.slice(2, 4), blob);
  };

  return {
    async put(key, sealed) {
      const path = pathOf(key);
      const unfinished = `${path}.${process.pid}.${counter++}`;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const file = await open(unfinished, 'wx', 0o600);
      try {
        await file.writeFile(sealed);
        await file.sync();
      } finally {
        await file.close();
      }
      try {
        await link(unfinished, path); // fails where the name is taken, unlike rename
        await syncFolder(dirname(path));
        return true;
      } catch (error) {
        if (isErrno(error, 'EEXIST')) return false;
        throw error;
      } finally {
        await unlink(unfinished);
      }
    },
    async get(key) {
      try {
        return await readFile(pathOf(key));
      } catch (error) {
        if (isErrno(error, 'ENOENT')) return null;
        throw error;
      }
    },
    remove: (key) => rm(pathOf(key), { force: true }),
    check: () => access(folder, constants.W_OK),
  };
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
