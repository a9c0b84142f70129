import { type Dirent, closeSync, openSync, readSync } from 'node:fs';
import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

const CHUNK_BYTES = 4 * 1024 * 1024;

/** Bytes to search, in memory or on disk. */
export interface Haystack {
  readonly name: string;
  chunks(from: number): AsyncIterable<Uint8Array>;
  /** Up to `length` bytes at an offset. */
  peek(from: number, length: number): Uint8Array;
  close(): void;
}

export function memoryHaystack(name: string, bytes: Uint8Array): Haystack {
  return {
    name,
    async *chunks(from) {
      for (let start = from; start < bytes.length; start += CHUNK_BYTES)
        yield bytes.subarray(start, start + CHUNK_BYTES);
    },
    peek: (from, length) => bytes.subarray(from, from + length),
    close: () => {},
  };
}

export function fileHaystack(path: string, name: string): Haystack {
  const file = openSync(path, 'r');
  return {
    name,
    chunks: (from) => createReadStream(path, { start: from, highWaterMark: CHUNK_BYTES }),
    peek(from, length) {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, from));
    },
    close: () => closeSync(file),
  };
}

/**
 * Every file at or below a path, with its name relative to it; links are not followed (what they point to is searched where it is) and
 * sockets hold nothing. A file that cannot be read throws: what was not searched is never reported as clean.
 */
export async function* filesBelow(path: string): AsyncIterable<{ path: string; name: string }> {
  const status = await lstat(path);
  if (status.isFile()) {
    yield { path, name: path };
    return;
  }
  if (!status.isDirectory()) throw new Error(`${path} is neither a file nor a folder.`);
  const entries: Dirent[] = await readdir(path, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const inner = join(entry.parentPath, entry.name);
    if (entry.isFile()) yield { path: inner, name: join(path, relative(path, inner)) };
  }
}
