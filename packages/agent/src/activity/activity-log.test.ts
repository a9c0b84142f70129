import { expect, it } from 'vitest';
import { SharedCollection, SteppedTime } from '../fixtures/shared-collection.ts';
import { AgentState } from '../state/agent-state.ts';
import { ActivityLog } from './activity-log.ts';

const ROLE = `r_${'A'.repeat(22)}`;

it('keeps words and ids, newest first, and refuses anything that somebody may have written', async () => {
  const time = new SteppedTime(1000);
  const lines: string[] = [];
  const state = new AgentState(new SharedCollection(time).open());
  const open = () => new ActivityLog({ state, clock: time, print: (line) => lines.push(line) });
  const log = open();
  await Promise.all([log.note('role.turn', [ROLE]), log.note('role.turn', [], 'failed')]);
  await expect(log.note('Mrs Jones called')).rejects.toThrow();
  await expect(log.note('role.turn', ['Mrs Jones'])).rejects.toThrow();
  expect(lines).toEqual([`role.turn ok ${ROLE}`, 'role.turn failed']);
  // Another run goes on counting, and writes over the oldest when there are too many.
  const later = open();
  for (let n = 0; n < 305; n += 1) await later.note('timer.fired');
  const kept = await later.list();
  expect(kept).toHaveLength(300);
  expect(kept[0]?.n).toBeGreaterThan(305);
});
