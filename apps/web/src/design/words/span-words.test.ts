import { describe, expect, it } from 'vitest';
import { dueTime, spanWords, urgencyOf } from './span-words.ts';

const MINUTE = 60_000;
const frame = { locale: 'en', timeZone: 'UTC' };
const at = (text: string): number => Date.parse(text);

describe('spanWords', () => {
  it.each([
    [0, '0 min'],
    [30_000, '< 1 min'],
    [22 * MINUTE + 59_000, '22 min'],
    [70 * MINUTE, '1 h 10 min'],
    [4 * 60 * MINUTE, '4 h'],
    [12 * 60 * MINUTE + 5 * MINUTE, '12 h'],
    [49 * 60 * MINUTE, '2 days'],
  ])('says %i ms as %s', (ms, words) => {
    expect(spanWords(ms, 'en')).toBe(words);
  });

  it('speaks Spanish', () => {
    expect(spanWords(72 * 60 * MINUTE, 'es')).toBe('3 días');
  });
});

it('names the day of a deadline only when it is another one', () => {
  const now = at('2026-11-20T14:40:00Z');
  expect(dueTime(at('2026-11-20T15:00:00Z'), now, frame)).toBe('15:00');
  expect(dueTime(at('2026-11-21T08:00:00Z'), now, frame)).toBe('Sat 08:00');
});

describe('urgencyOf', () => {
  const openedAt = 0;
  const deadline = 100 * MINUTE;
  it.each([
    [79, 'calm'],
    [80, 'calm'],
    [81, 'soon'],
    [100, 'soon'],
    [101, 'late'],
  ])('after %i of 100 minutes is %s', (minutes, urgency) => {
    expect(urgencyOf({ openedAt, deadline, now: minutes * MINUTE })).toBe(urgency);
  });
});
