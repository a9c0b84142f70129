import { expect, test } from 'vitest';
import { isAccepted, licences } from './licences.ts';
import { repoOf } from './repo.ts';

const lock = (packages: object): Record<string, string> => ({
  'package-lock.json': JSON.stringify({ packages }),
});

test.each([
  ['MIT', true],
  ['GPL-3.0', false],
  ['AGPL-3.0-only', false],
  ['(MIT OR GPL-3.0)', true],
  ['MIT AND GPL-3.0', false],
  ['(MPL-2.0 OR Apache-2.0) AND ISC', true],
  ['UNLICENSED', false],
  ['', false],
])('%s: %s', (expression, accepted) => {
  expect(isAccepted(expression)).toBe(accepted);
});

test('what ships is judged by its own package.json, else by the lock file', () => {
  const repo = repoOf(
    lock({
      'packages/kernel': {},
      'node_modules/@baton/kernel': { link: true },
      'node_modules/tool': { dev: true, license: 'GPL-3.0' },
      'node_modules/changed': { license: 'MIT' },
      'node_modules/elsewhere': { license: 'AGPL-3.0' },
      'node_modules/none': {},
    }),
    { 'node_modules/changed': 'BUSL-1.1' },
  );
  expect(licences.run(repo).map(({ what }) => what)).toEqual([
    'changed is under BUSL-1.1.',
    'elsewhere is under AGPL-3.0.',
    'none is under no licence.',
  ]);
});
