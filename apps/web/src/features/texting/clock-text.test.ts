import { expect, it } from 'vitest';
import { fromClock, toClock } from './clock-text.ts';

it('reads and writes times of day', () => {
  for (const minutes of [0, 1, 59, 480, 1200, 1439]) expect(fromClock(toClock(minutes), -1)).toBe(minutes);
  expect(toClock(1440)).toBe('00:00');
  expect(fromClock('', 480)).toBe(480);
  expect(fromClock('8', 480)).toBe(480);
});
