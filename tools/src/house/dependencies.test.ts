import { expect, test } from 'vitest';
import { dependencies } from './dependencies.ts';
import { repoOf } from './repo.ts';
import type { Repo } from './violation.ts';

interface Made {
  readonly root?: object;
  readonly wire?: Record<string, string>;
  readonly locked?: Record<string, string>;
  readonly lock?: object;
  readonly source?: string;
}

function made({ root = {}, wire = {}, locked = wire, lock = {}, source = '' }: Made): Repo {
  return repoOf({
    'package.json': JSON.stringify(root),
    'packages/wire/package.json': JSON.stringify({ name: '@baton/wire', dependencies: wire }),
    'packages/kernel/package.json': JSON.stringify({ name: '@baton/kernel' }),
    'package-lock.json': JSON.stringify({
      packages: { '': {}, 'packages/wire': { dependencies: locked }, 'packages/kernel': {}, ...lock },
    }),
    'packages/wire/src/a.ts': source,
    'packages/wire/src/a.test.ts': `import { ok } from '@baton/kernel';`,
  });
}

test('pinned, locked, declared: right', () => {
  const repo = made({
    wire: { zod: '4.6.7', ts: 'npm:@typescript/typescript6@6.0.2', pg: '18.4.0-beta.17' },
    source: `import { z } from 'zod'; import { join } from 'node:path';`,
  });
  expect(dependencies.run(repo)).toEqual([]);
});

test.each(['^4.6.7', '~4.6.7', '4', '*', 'latest', 'npm:zod@^4.0.0', 'git+ssh://a/b'])(
  'a range is refused: %s',
  (range) => {
    const found = dependencies.run(made({ wire: { zod: range } }));
    expect(found).toMatchObject([{ file: 'packages/wire/package.json', line: 1 }]);
  },
);

test('a lock file that does not fit is refused', () => {
  const found = dependencies.run(made({ wire: { zod: '4.6.8' }, locked: { zod: '4.6.7' } }));
  expect(found).toMatchObject([{ what: 'dependencies differ from package-lock.json.' }]);
});

test('an import that only luck brings is refused, in sources', () => {
  const found = dependencies.run(made({ source: `import { ok } from '@baton/kernel';` }));
  expect(found).toMatchObject([{ file: 'packages/wire/src/a.ts', line: 1 }]);
});

test('an install script must be denied by name', () => {
  const lock = { 'node_modules/sly': { version: '1.0.0', hasInstallScript: true } };
  expect(dependencies.run(made({ lock }))).toHaveLength(1);
  expect(dependencies.run(made({ lock, root: { allowScripts: { sly: true } } }))).toHaveLength(1);
  expect(dependencies.run(made({ lock, root: { allowScripts: { sly: false } } }))).toEqual([]);
});
