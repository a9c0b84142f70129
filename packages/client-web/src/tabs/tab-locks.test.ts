import { expect, it } from 'vitest';
import { createTabLocks } from './tab-locks.ts';

it('lets one task of a name run at a time, whatever tab it is in, and gives its result or failure back', async () => {
  const tabs = ['same', 'same', 'another'].map((group) => createTabLocks(navigator.locks, group));
  const log: string[] = [];
  const task = (label: string) => async () => {
    log.push(`${label} begins`);
    await new Promise((resolve) => setTimeout(resolve, 10));
    log.push(`${label} ends`);
    return label;
  };
  const [first, second] = await Promise.all([tabs[0]?.run('x', task('1')), tabs[1]?.run('x', task('2'))]);
  expect([first, second]).toEqual(['1', '2']);
  expect(log).toEqual(['1 begins', '1 ends', '2 begins', '2 ends']);

  log.length = 0;
  await Promise.all([
    tabs[0]?.run('x', task('1')),
    tabs[1]?.run('y', task('2')),
    tabs[2]?.run('x', task('3')),
  ]);
  expect(log.slice(0, 3)).toEqual(['1 begins', '2 begins', '3 begins']);

  await expect(tabs[0]?.run('x', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await tabs[0]?.run('x', task('after'))).toBe('after');
});
