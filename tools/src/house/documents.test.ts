import { expect, test } from 'vitest';
import { documents } from './documents.ts';
import { repoOf } from './repo.ts';

test('present and short is right', () => {
  const repo = repoOf({
    'README.md': 'x\n'.repeat(100),
    'ARCHITECTURE.md': 'x\n'.repeat(200),
    'STYLE.md': 'x\n'.repeat(150),
  });
  expect(documents.run(repo)).toEqual([]);
});

test('missing or long is refused', () => {
  const repo = repoOf({ 'README.md': 'x\n'.repeat(101), 'STYLE.md': 'x' });
  expect(documents.run(repo).map(({ file, what }) => `${file} ${what}`)).toEqual([
    'README.md has 101 lines; 100 is the limit.',
    'ARCHITECTURE.md is missing.',
  ]);
});
