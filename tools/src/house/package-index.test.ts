import { expect, test } from 'vitest';
import { packageIndex } from './package-index.ts';
import { repoOf } from './repo.ts';

const kernel = {
  'packages/kernel/package.json': '{ "name": "@baton/kernel" }',
  'packages/kernel/src/index.ts': `export { ok } from './result.ts';`,
  'packages/kernel/src/result.ts': 'export const ok = 1;',
};

test('one door with named exports is right', () => {
  const repo = repoOf({ ...kernel, 'packages/wire/src/a.ts': `import { ok } from '@baton/kernel';` });
  expect(packageIndex.run(repo)).toEqual([]);
});

test('export * is refused', () => {
  const repo = repoOf({ ...kernel, 'packages/kernel/src/index.ts': `\nexport * from './result.ts';` });
  expect(packageIndex.run(repo)).toMatchObject([{ file: 'packages/kernel/src/index.ts', line: 2 }]);
});

test('so is an import past the door, by name or by path', () => {
  const repo = repoOf({
    ...kernel,
    'packages/wire/src/a.ts': `import { ok } from '@baton/kernel/src/result.ts';`,
    'packages/wire/src/b.test.ts': `import { ok } from '../../kernel/src/result.ts';`,
  });
  expect(packageIndex.run(repo)).toHaveLength(2);
});

test('so are a second index.ts and a package without one', () => {
  const repo = repoOf({
    ...kernel,
    'packages/kernel/src/ids/index.ts': 'export const id = 1;',
    'packages/wire/package.json': '{ "name": "@baton/wire" }',
    'packages/wire/src/frame.ts': 'export const frame = 1;',
  });
  expect(packageIndex.run(repo).map(({ file }) => file)).toEqual([
    'packages/wire/package.json',
    'packages/kernel/src/ids/index.ts',
  ]);
});
