import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bytes } from '@baton/kernel';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const STREETS = ['agents', 'bridges'] as const;
const NAME = /^[a-z][a-z0-9-]{1,39}$/;

/** A program that this station has: a folder of `agents/` or `bridges/`. */
export interface ProgramFolder {
  readonly name: string;
  readonly folder: string;
  /** The module that exports `program`. */
  readonly entry: string;
}

/** Where the project lies: an agent's process may read its code, and nothing else beside its own folder. */
export const CODE_FOLDERS: readonly string[] = [
  ...['packages', 'node_modules', 'apps/station/src'].map((folder) => join(ROOT, folder)),
  join(ROOT, 'package.json'),
  join(ROOT, 'apps/station/package.json'),
];

/** null where this station has no such program. */
export function findProgram(name: string, root: string = ROOT): ProgramFolder | null {
  if (!NAME.test(name)) return null;
  for (const street of STREETS) {
    const folder = join(root, street, name);
    const entry = join(folder, 'src', 'index.ts');
    if (existsSync(entry)) return { name, folder, entry };
  }
  return null;
}

/** What a program may import depends on it: bridges have packages for what they reach. Anything that is no bridge counts as an agent. */
export function streetOf(folder: string): (typeof STREETS)[number] {
  return basename(dirname(folder)) === 'bridges' ? 'bridges' : 'agents';
}

const IGNORED_FOLDER = 'node_modules';
const IGNORED_ENDING = '.test.ts';

/** Whether the digest of a program covers this file of its folder (with slashes). What it does not cover is not loaded either. */
export function isDigested(path: string): boolean {
  return !path.endsWith(IGNORED_ENDING) && !path.split('/').includes(IGNORED_FOLDER);
}

/**
 * SHA-256 over a program's files in order of their paths: each path and content with its length before it. Tests are left out; package.json is
 * in, because it says what the code is built on.
 */
export function digestProgram(folder: string): Bytes {
  const hash = createHash('sha256').update('sg/agent-code/v1\0');
  for (const path of listCode(folder, '')) {
    const content = readFileSync(join(folder, path));
    hash
      .update(lengthOf(Buffer.byteLength(path)))
      .update(path)
      .update(lengthOf(content.length))
      .update(content);
  }
  return new Uint8Array(hash.digest());
}

function listCode(folder: string, below: string): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .flatMap((entry) => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) return entry.name === IGNORED_FOLDER ? [] : listCode(folder, path);
      return isDigested(path) ? [path] : [];
    })
    .sort((a, b) => (a < b ? -1 : 1));
}

function lengthOf(length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}
