import { expect, it } from 'vitest';
import { replayThroughServer } from './server/replay.ts';
import { isFlawless, printServerReport } from './server/report.ts';

it('drops no baton of a small hospital on the real server, halted and killed under way', async () => {
  const replay = await replayThroughServer({ people: 8, messages: 30, seed: 11 });
  console.info(printServerReport(replay));
  expect(replay.asked).toBeGreaterThan(5);
  expect(replay.batons).toHaveLength(replay.asked);
  expect(replay.dropped).toEqual([]);
  expect(replay.unlike).toEqual([]);
  expect(replay.batons.filter(({ repeated }) => repeated > 0)).toEqual([]);
  // Openers, whoever was reached and whoever ended it at least see each.
  expect(replay.views.compared).toBeGreaterThanOrEqual(replay.batons.length);
  expect(replay.views.unlike).toEqual([]);
  expect(replay.alarms).toEqual([]);
  expect(replay.counts).toMatchObject({ halts: 1, kills: 1, deactivated: 1, rolesGiven: 1 });
  expect(isFlawless(replay)).toBe(true);
}, 90_000);
