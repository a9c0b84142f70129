import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeHex } from '@baton/kernel';
import { afterAll, expect, it } from 'vitest';
import { digestProgram, findProgram } from './program-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'baton-programs-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(root, 'agents', name);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

it('gives every change of code another digest, and none to tests or to the order of writing', () => {
  const files = { 'package.json': '{}', 'src/index.ts': 'a', 'src/turn/plan.ts': 'b' };
  const digest = (name: string, own: Readonly<Record<string, string>>): string =>
    encodeHex(digestProgram(write(name, own)));
  const known = digest('one', files);
  expect(digest('two', Object.fromEntries(Object.entries(files).reverse()))).toBe(known);
  expect(digest('three', { ...files, 'src/turn/plan.test.ts': 'c', 'node_modules/x/y.js': 'd' })).toBe(known);
  const changed = [
    { ...files, 'src/index.ts': 'A' },
    { ...files, 'package.json': '{ }' },
    { ...files, 'src/more.ts': '' },
    { 'package.json': '{}', 'src/index.ts': 'ab', 'src/turn/plan.ts': '' },
    { 'package.json': '{}', 'src/index.ts': 'a', 'src/turn-plan.ts': 'b' },
  ].map((own, index) => digest(`other-${index}`, own));
  expect(new Set([known, ...changed]).size).toBe(changed.length + 1);
});

it('finds programs by name, and no path', () => {
  write('lone', { 'src/index.ts': '' });
  expect(findProgram('lone', root)?.folder).toBe(join(root, 'agents', 'lone'));
  for (const name of ['../agents/lone', 'none', '', 'Lone', 'lone/src'])
    expect(findProgram(name, root)).toBeNull();
  expect(findProgram('duty')).not.toBeNull();
});
