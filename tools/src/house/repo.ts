import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from '../files.ts';
import type { Repo } from './violation.ts';

/** The checkout at `root`. Every file is read once. */
export function openRepo(root: string): Repo {
  const cache = new Map<string, string>();
  const files = listFiles(root);
  const known = new Set(files);
  return {
    files,
    has: (path) => known.has(path),
    read(path) {
      const found = cache.get(path);
      if (found !== undefined) return found;
      const text = readFileSync(join(root, path), 'utf8');
      cache.set(path, text);
      return text;
    },
    installedLicence(place) {
      try {
        const manifest: unknown = JSON.parse(readFileSync(join(root, place, 'package.json'), 'utf8'));
        return licenceOf(manifest);
      } catch {
        return undefined;
      }
    },
  };
}

/** A made-up repository for tests: path -> text; `licences`: place in the lock file -> licence. */
export function repoOf(contents: Record<string, string>, licences: Record<string, string> = {}): Repo {
  return {
    files: Object.keys(contents).sort(),
    has: (path) => path in contents,
    read(path) {
      const text = contents[path];
      if (text === undefined) throw new Error(`no such file: ${path}`);
      return text;
    },
    installedLicence: (place) => licences[place],
  };
}

function licenceOf(manifest: unknown): string | undefined {
  if (typeof manifest !== 'object' || manifest === null) return undefined;
  if ('license' in manifest) {
    const { license } = manifest;
    if (typeof license === 'string') return license;
    if (typeof license === 'object' && license !== null && 'type' in license) return String(license.type);
  }
  return undefined;
}
