import { expect, test } from 'vitest';
import { layers } from './layers.ts';
import { repoOf } from './repo.ts';

const manifest = (name: string, dependencies: Record<string, string> = {}): string =>
  JSON.stringify({ name, dependencies });
const names = {
  'packages/kernel/package.json': manifest('@baton/kernel'),
  'packages/crypto/package.json': manifest('@baton/crypto'),
  'packages/server/package.json': manifest('@baton/server'),
  'packages/testkit/package.json': manifest('@baton/testkit'),
  'apps/station/package.json': manifest('@baton/app-station'),
};

test('a lower layer may be imported', () => {
  const repo = repoOf({ ...names, 'packages/server/src/a.ts': `import { ok } from '@baton/kernel';` });
  expect(layers.run(repo)).toEqual([]);
});

test('a higher layer may not, not even for a type', () => {
  const repo = repoOf({
    ...names,
    'packages/kernel/src/a.ts': `\nimport type { Seal } from '@baton/crypto';`,
  });
  expect(layers.run(repo)).toMatchObject([
    { file: 'packages/kernel/src/a.ts', line: 2, what: expect.stringContaining('layer 4') as string },
  ]);
});

test('the server wing may not import the client wing, whatever the layer', () => {
  const repo = repoOf({ ...names, 'packages/server/src/a.ts': `export { open } from '@baton/crypto';` });
  expect(layers.run(repo)).toMatchObject([{ what: expect.stringContaining('wing') as string }]);
});

test('neither by a dynamic import, nor by a relative path', () => {
  const repo = repoOf({
    ...names,
    'packages/server/src/a.ts': `const c = await import('@baton/crypto');`,
    'packages/server/src/b.ts': `import { open } from '../../crypto/src/open.ts';`,
  });
  expect(layers.run(repo)).toHaveLength(2);
});

test('a package.json counts as well as an import', () => {
  const repo = repoOf({
    ...names,
    'packages/server/package.json': manifest('@baton/server', { '@baton/crypto': '0.1.0' }),
  });
  expect(layers.run(repo)).toMatchObject([{ file: 'packages/server/package.json' }]);
});

test('baton never imports the station: they are on one layer', () => {
  const repo = repoOf({ ...names, 'apps/baton/src/a.ts': `import { seed } from '@baton/app-station';` });
  expect(layers.run(repo)).toHaveLength(1);
});

test('a test may use the testkit, a source may not', () => {
  const text = `import { startServer } from '@baton/testkit';`;
  const repo = repoOf({
    ...names,
    'packages/server/src/a.int.test.ts': text,
    'packages/server/src/a.ts': text,
  });
  expect(layers.run(repo)).toMatchObject([{ file: 'packages/server/src/a.ts' }]);
});

test('a package that is not on the street plan is refused', () => {
  const repo = repoOf({ 'packages/attic/package.json': manifest('@baton/attic') });
  expect(layers.run(repo)).toMatchObject([{ file: 'packages/attic/package.json' }]);
});

test('a scene of tests may reach where tests do, and does not ship', () => {
  const repo = repoOf({
    ...names,
    'packages/server/src/fixtures/practice.ts': `import { startServer } from '@baton/testkit';`,
    'packages/server/src/a.test.ts': `import { practice } from './fixtures/practice.ts';`,
    'packages/server/src/a.ts': `import { practice } from './fixtures/practice.ts';`,
    'packages/server/src/b.ts': `import { serve } from './testing/serve.ts';`,
  });
  expect(layers.run(repo).map(({ file, what }) => `${file} ${what}`)).toEqual([
    'packages/server/src/a.ts imports ./fixtures/practice.ts, a scene of the tests.',
    'packages/server/src/b.ts imports ./testing/serve.ts, a scene of the tests.',
  ]);
});
