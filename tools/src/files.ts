import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folders that hold nothing anybody wrote. Kept by name: git may be absent where the checks run. */
const GENERATED = new Set([
  '.baton',
  '.cache',
  '.git',
  'coverage',
  'dist',
  'dist.next',
  'dist.old',
  'node_modules',
  'test-results',
]);

/** All files below `root` that belong to the project, as sorted relative paths with forward slashes. */
export function listFiles(root: string): string[] {
  const files: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!GENERATED.has(entry.name)) walk(path);
      } else if (!entry.name.endsWith('.log') && entry.name !== '.DS_Store') {
        files.push(path);
      }
    }
  };
  walk('');
  return files.sort();
}
