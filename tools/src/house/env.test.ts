import { expect, test } from 'vitest';
import { envCheck } from './env.ts';
import { repoOf } from './repo.ts';

const check = envCheck([{ path: 'apps/baton/src/config.ts', reason: 'settings' }]);

test('the settings file may read the environment, others may take what it returns', () => {
  const repo = repoOf({
    'apps/baton/src/config.ts': 'const port = process.env.BATON_PORT;',
    'apps/baton/src/up.ts': 'function up(env: Env) { return env.port; }',
  });
  expect(check.run(repo)).toEqual([]);
});

test.each([
  'const port = process.env.BATON_PORT;',
  `const port = process['env'].BATON_PORT;`,
  'const all = globalThis.process.env;',
  'const { env } = process;',
  `import { env } from 'node:process';`,
])('elsewhere it is refused: %s', (text) => {
  expect(check.run(repoOf({ 'apps/baton/src/up.ts': `\n${text}` }))).toMatchObject([
    { file: 'apps/baton/src/up.ts', line: 2 },
  ]);
});
