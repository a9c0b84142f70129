import { expect, test } from 'vitest';
import { cycles } from './cycles.ts';
import { repoOf } from './repo.ts';

test('a tree has no cycle', () => {
  const repo = repoOf({
    'packages/kernel/src/a.ts': `import './b.ts'; import './c.ts';`,
    'packages/kernel/src/b.ts': `import './c.ts';`,
    'packages/kernel/src/c.ts': 'export const c = 1;',
  });
  expect(cycles.run(repo)).toEqual([]);
});

test('a cycle of type-only imports is one, and is shown on its shortest way', () => {
  const repo = repoOf({
    'packages/kernel/src/a.ts': `import { b } from './b.ts';`,
    'packages/kernel/src/b.ts': `\nimport type { C } from './c.ts';`,
    'packages/kernel/src/c.ts': `export type C = import('./a.ts').A; export * as d from './d.ts';`,
    'packages/kernel/src/d.ts': `import './e.ts';`,
    'packages/kernel/src/e.ts': `import './a.ts';`,
  });
  const path = ['a', 'b', 'c', 'a'].map((name) => `packages/kernel/src/${name}.ts`).join(' -> ');
  expect(cycles.run(repo)).toMatchObject([
    { file: 'packages/kernel/src/a.ts', line: 1, what: `imports itself: ${path}` },
  ]);
});

test('two cycles are two violations; a file that imports its own package is in one', () => {
  const repo = repoOf({
    'packages/kernel/package.json': '{ "name": "@baton/kernel" }',
    'packages/kernel/src/index.ts': `export { a } from './a.ts';`,
    'packages/kernel/src/a.ts': `import { b } from '@baton/kernel';`,
    'packages/wire/src/self.ts': `import './self.ts';`,
  });
  expect(cycles.run(repo).map(({ file }) => file)).toEqual([
    'packages/kernel/src/a.ts',
    'packages/wire/src/self.ts',
  ]);
});
