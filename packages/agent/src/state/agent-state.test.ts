import { expect, it } from 'vitest';
import { z } from 'zod';
import { SharedCollection, SteppedTime } from '../fixtures/shared-collection.ts';
import { AgentState } from './agent-state.ts';

it('holds a value that lies under another’s key for none', async () => {
  const shared = new SharedCollection(new SteppedTime(0));
  const collection = shared.open();
  const shelf = new AgentState(collection).shelf('timer', z.string());
  await shelf.put('a', 'at nine');
  const row = shared.rows.get('timer/a')?.value ?? null;
  await collection.put('timer/zzz', () => row);
  await collection.put('upto/a', () => row);
  expect(await shelf.list()).toMatchObject([{ key: 'a', value: 'at nine' }]);
  expect(await shelf.get('zzz')).toBeNull();
});
