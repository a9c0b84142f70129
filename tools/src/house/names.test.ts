import { expect, test } from 'vitest';
import { names } from './names.ts';
import { repoOf } from './repo.ts';

const files = (...paths: string[]) => repoOf(Object.fromEntries(paths.map((path) => [path, ''])));

test('kebab-case names with a subject are right', () => {
  const repo = files(
    'packages/policy/src/membership/fold.property.test.ts',
    'packages/server/src/store/migrations/20261122100000-organisations.sql',
    'docs/decisions/0001-no-ratchet.md',
    'apps/web/src/design/README.md',
    'packages/server/src/http/role-handlers-list.ts',
  );
  expect(names.run(repo)).toEqual([]);
});

test.each([
  'packages/policy/src/foldMembers.ts',
  'packages/policy/src/utils.ts',
  'packages/policy/src/helper.test.ts',
  'packages/server/src/service.ts',
  'packages/server/src/fixtures/testHelper.ts',
  'packages/server/src/store/migrations/0001-organisations.sql',
  'docs/decisions/no-ratchet.md',
])('refused: %s', (path) => {
  expect(names.run(files(path))).toMatchObject([{ file: path }]);
});

test('a folder for anything is refused once', () => {
  const repo = files('packages/policy/src/shared/a.ts', 'packages/policy/src/shared/b.ts');
  expect(names.run(repo)).toMatchObject([{ file: 'packages/policy/src/shared' }]);
});
