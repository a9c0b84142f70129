import { type ConversationId, makeId } from '@baton/kernel';
import { expect, it } from 'vitest';
import { createLane } from './lane.ts';

const conv: ConversationId = makeId('conversation', new Uint8Array(16));
const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('judges messages side by side and hands them on in the order sent, whichever is judged first', async () => {
  const lane = createLane();
  const log: string[] = [];
  const send = (name: string, judgements: number): Promise<void> =>
    lane.message(conv, async (turn) => {
      log.push(`judge ${name}`);
      for (let i = 0; i < judgements; i++) await soon();
      await turn.ready;
      log.push(`commit ${name}`);
      turn.pass();
    });
  await Promise.all([send('a', 5), send('b', 0), send('c', 2)]);
  expect(log).toEqual(['judge a', 'judge b', 'judge c', 'commit a', 'commit b', 'commit c']);
});

it('does not let a refused message hold up the next', async () => {
  const lane = createLane();
  const refused = lane.message(conv, () => Promise.reject(new Error('refused')));
  const next = lane.message(conv, async (turn) => {
    await turn.ready;
    return 'done';
  });
  await expect(refused).rejects.toThrow('refused');
  await expect(next).resolves.toBe('done');
});

it('lets an entry wait for all before it, and all after it wait for the entry', async () => {
  const lane = createLane();
  const log: string[] = [];
  const message = (name: string): Promise<void> =>
    lane.message(conv, async (turn) => {
      log.push(`judge ${name}`);
      await turn.ready;
      turn.pass();
      await soon();
      log.push(`answer ${name}`);
    });
  const before = message('before');
  const entry = lane.entry(conv, async () => {
    log.push('entry');
    await soon();
    log.push('entry answered');
  });
  const after = message('after');
  await Promise.all([before, entry, after]);
  expect(log).toEqual([
    'judge before',
    'answer before',
    'entry',
    'entry answered',
    'judge after',
    'answer after',
  ]);
});
