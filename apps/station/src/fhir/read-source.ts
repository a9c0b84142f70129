import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceFile } from './import-plan.ts';

/** The files of an import: one, all of a folder, or what an address answers. Throws a sentence. */
export async function readSource(source: string): Promise<SourceFile[]> {
  if (/^https?:\/\//.test(source)) {
    const answer = await fetch(source, { headers: { accept: 'application/fhir+json, application/json' } });
    if (!answer.ok) throw new Error(`the address answered ${answer.status}`);
    return [{ name: new URL(source).pathname, text: await answer.text() }];
  }
  if (!(await stat(source)).isDirectory()) return [{ name: source, text: await readFile(source, 'utf8') }];
  const names = (await readdir(source)).filter((name) => name.endsWith('.json')).sort();
  if (names.length === 0) throw new Error('the folder has no .json files');
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(join(source, name), 'utf8') })));
}
