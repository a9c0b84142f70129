import { expect, test } from 'vitest';
import { clockCheck } from './clock.ts';
import { repoOf } from './repo.ts';

const check = clockCheck([{ path: 'packages/client-node/src/clock.ts', reason: 'an adapter' }]);

test('an adapter may, ports and given instants are free', () => {
  const repo = repoOf({
    'packages/client-node/src/clock.ts': 'export const clock = { nowMs: () => Date.now() };',
    'packages/policy/src/due.ts':
      'const d = new Date(dueMs); const n = clock.nowMs(); timers.after(1, run); const m = Math.max(1, 2);',
  });
  expect(check.run(repo)).toEqual([]);
});

test.each([
  'const now = Date.now();',
  'const now = new Date();',
  'const now = new globalThis.Date();',
  'const read = performance.now;',
  'const n = Math.random();',
  'setTimeout(run, 5);',
  'window.setInterval(run, 5);',
  'const id = globalThis.crypto.randomUUID();',
  `import { randomBytes } from 'node:crypto';`,
  `import { setTimeout as delay } from 'node:timers/promises';`,
])('elsewhere it is refused: %s', (text) => {
  expect(check.run(repoOf({ 'packages/policy/src/due.ts': text }))).toHaveLength(1);
});

test('a test may wait, but not roll dice that nobody can roll again', () => {
  const repo = repoOf({ 'packages/policy/src/due.test.ts': 'setTimeout(run, 5);\nconst n = Math.random();' });
  expect(check.run(repo)).toMatchObject([{ line: 2 }]);
});
