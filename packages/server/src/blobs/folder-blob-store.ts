import { constants, createReadStream } from 'node:fs';
import { access, mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Bytes } from '@baton/kernel';
import { type BlobName, type BlobStore, parsePart, requireBlobName, type StagedPart } from './blob-store.ts';

const STAGING = 'staging';
/** What is being written has this ending until it is whole. */
const UNFINISHED = '.unfinished';
const PAGE = 500;

/**
 * Files `<folder>/<org>/<two characters>/<blob>`, parts `<folder>/staging/<org>/<blob>.<part>`, all 0600. A file is complete and flushed before
 * it has its name. Several processes may share the folder.
 */
export async function openFolderBlobStore(folder: string): Promise<BlobStore> {
  const staging = join(folder, STAGING);
  await mkdir(staging, { recursive: true, mode: 0o700 });
  let counter = 0;

  const pathOf = (name: BlobName): string => {
    requireBlobName(name);
    const { org, blob, part } = name;
    return part === null ? join(folder, org, blob.slice(2, 4), blob) : join(staging, org, `${blob}.${part}`);
  };

  return {
    async put(name, source, sizeBytes) {
      const path = pathOf(name);
      // All unfinished ones lie in one folder, on the same file system, so that a crash leaves nothing elsewhere.
      const unfinished = join(staging, `${name.blob}.${process.pid}.${counter++}${UNFINISHED}`);
      await makeFolder(dirname(path));
      try {
        await writeWhole(unfinished, source, sizeBytes);
        await rename(unfinished, path);
        await syncFolder(dirname(path));
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
    },
    async open(name, range) {
      const file = await open(pathOf(name), 'r').catch((error: unknown) => {
        if (isErrno(error, 'ENOENT')) return null;
        throw error;
      });
      if (file === null) return null;
      // Inclusive at both ends.
      const part = range === undefined ? {} : { start: range.start, end: range.end - 1 };
      return createReadStream('', { fd: file, highWaterMark: 256 * 1024, ...part });
    },
    remove: async (name) => rm(pathOf(name), { force: true }),
    listStaged: (beforeMs) => listStaged(staging, beforeMs),
    check: () => access(staging, constants.W_OK),
    close: () => Promise.resolve(),
  };
}

async function writeWhole(
  path: string,
  source: AsyncIterable<Bytes> | Iterable<Bytes>,
  sizeBytes: number,
): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    let written = 0;
    for await (const piece of source) {
      written += piece.length;
      if (written > sizeBytes) break;
      await file.appendFile(piece);
    }
    if (written !== sizeBytes) throw new RangeError('not as long as announced');
    await file.sync();
  } finally {
    await file.close();
  }
}

async function* listStaged(staging: string, beforeMs: number): AsyncGenerator<readonly StagedPart[]> {
  for await (const entry of await opendir(staging)) {
    const path = join(staging, entry.name);
    if (entry.isFile()) {
      if (await isOlder(path, beforeMs)) await rm(path, { force: true });
      continue;
    }
    let page: StagedPart[] = [];
    for await (const file of await opendir(path)) {
      const part = parsePart(entry.name, file.name);
      if (part !== null && (await isOlder(join(path, file.name), beforeMs))) page.push(part);
      if (page.length < PAGE) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  }
}

async function isOlder(path: string, beforeMs: number): Promise<boolean> {
  try {
    return (await stat(path)).mtimeMs < beforeMs;
  } catch (error) {
    // Finished or removed meanwhile.
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}

/** A folder that was made is in its parent's list before anything in it counts as stored. */
async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = path; made !== dirname(first); made = dirname(made)) await syncFolder(dirname(made));
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
