import { expect, test } from 'vitest';
import { mocks } from './mocks.ts';
import { repoOf } from './repo.ts';

test('a mock of our own module is refused, one of a foreign one is not', () => {
  const mock = ['vi', 'mock'].join('.');
  const text = [`${mock}('./clock.ts');`, `${mock}(import('@baton/kernel'));`, `${mock}('nodemailer');`];
  const found = mocks.run(repoOf({ 'packages/kernel/src/a.test.ts': text.join('\n') }));
  expect(found.map(({ line }) => line)).toEqual([1, 2]);
});
