import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import type { Bytes } from '@baton/kernel';
import { isDigested } from '../program-folder.ts';

/** Folders of a program whose files are for browsers. */
const PAGE = /(?:^|\/)page\//;

/**
 * A program's files for browsers, by path below its `src/`, read once, right after its digest was compared: what a browser gets is what the
 * organisation has signed. TypeScript comes without its types.
 */
export function readPageAssets(programFolder: string): (path: string) => Bytes | null {
  const assets = new Map<string, Bytes>();
  const root = join(programFolder, 'src');
  if (!existsSync(root)) return () => null;
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name)
      .slice(root.length + 1)
      .replaceAll('\\', '/');
    if (!PAGE.test(path) || !isDigested(path)) continue;
    const content = readFileSync(join(root, path));
    assets.set(
      path,
      new Uint8Array(
        path.endsWith('.ts') ? Buffer.from(stripTypeScriptTypes(content.toString('utf8'))) : content,
      ),
    );
  }
  return (path) => assets.get(path) ?? null;
}
