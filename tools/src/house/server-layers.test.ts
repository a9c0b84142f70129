import { expect, test } from 'vitest';
import { repoOf } from './repo.ts';
import { serverLayers } from './server-layers.ts';

const SRC = 'packages/server/src';

test('http -> use-cases -> access -> store is right', () => {
  const repo = repoOf({
    [`${SRC}/http/send.ts`]: `import { send } from '../use-cases/send.ts'; const note = 'Select a role';`,
    [`${SRC}/use-cases/send.ts`]: `import { find } from '../access/door.ts'; import '../store/rows.ts';`,
    [`${SRC}/access/door.ts`]: `import { canRead } from '@baton/policy'; import '../store/rows.ts';`,
    [`${SRC}/store/rows.ts`]: "import pg from 'pg'; const sql = `select id from t where id = ${1}`;",
  });
  expect(serverLayers.run(repo).filter(({ what }) => !what.startsWith('SQL'))).toEqual([]);
});

test('upward imports and a short cut to the store are refused', () => {
  const repo = repoOf({
    [`${SRC}/http/send.ts`]: `import { rows } from '../store/rows.ts';`,
    [`${SRC}/store/rows.ts`]: `import type { Send } from '../use-cases/send.ts';`,
    [`${SRC}/use-cases/send.ts`]: `import type { Reply } from '../http/send.ts';`,
  });
  expect(serverLayers.run(repo)).toHaveLength(3);
});

test('SQL and the database driver outside store/ are refused', () => {
  const repo = repoOf({
    [`${SRC}/use-cases/send.ts`]: [
      `import pg from 'pg';`,
      'const a = `insert into messages values (${1})`;',
      `const b = 'UPDATE messages SET x = 1';`,
    ].join('\n'),
  });
  expect(serverLayers.run(repo).map(({ line }) => line)).toEqual([1, 2, 3]);
});

test('a decision about who may do what outside access/ is refused', () => {
  const repo = repoOf({
    [`${SRC}/http/send.ts`]: `import { canSend } from '@baton/policy';\nfunction authorizeSender() {}`,
    [`${SRC}/use-cases/send.ts`]: `import { foldMembership } from '@baton/policy';\nfunction cancel() {}`,
  });
  expect(serverLayers.run(repo).map(({ file, line }) => `${file}:${line}`)).toEqual([
    `${SRC}/http/send.ts:1`,
    `${SRC}/http/send.ts:2`,
  ]);
});

test('every folder has a rank, and imports lower ones only', () => {
  const repo = repoOf({
    [`${SRC}/notices/plan.ts`]: `import type { Book } from '../duty/book.ts';`,
    [`${SRC}/duty/book.ts`]: `import { say } from '../notices/plan.ts'; import { seat } from '../commit/seat.ts';`,
    [`${SRC}/commit/seat.ts`]: `import type { Book } from '../duty/book.ts'; import type { Parts } from '../parts.ts';`,
    [`${SRC}/adapters/clock.ts`]: `import { count } from '../telemetry/metrics.ts';`,
    [`${SRC}/parts.ts`]: `import { start } from './http/start.ts'; import { count } from './telemetry/metrics.ts';`,
    [`${SRC}/odds/ends.ts`]: '',
  });
  expect(serverLayers.run(repo).map(({ file }) => file.slice(SRC.length + 1))).toEqual([
    'adapters/clock.ts',
    'notices/plan.ts',
    'odds/ends.ts',
  ]);
});

test('a handler sees use cases and the door, nothing else that decides', () => {
  const repo = repoOf({
    [`${SRC}/http/send.ts`]: `import { judge } from '../commit/judge.ts'; import { wake } from '../fanout/hub.ts';`,
  });
  expect(serverLayers.run(repo)).toMatchObject([{ what: 'http/ imports ../commit/judge.ts.' }]);
});

test('what tests play in ends before the layers', () => {
  const repo = repoOf({ [`${SRC}/testing/serve.ts`]: `import { start } from '../http/start.ts';` });
  expect(serverLayers.run(repo)).toEqual([]);
});
