import { dateOf } from '@baton/clinical';
import { expect, it } from 'vitest';
import { daysAfter, dayOf, instantOn, localDate } from './local-time.ts';

it('is its own inverse over a century', () => {
  for (let day = dayOf('1999-12-25'); day < dayOf('2101-01-10'); day += 1)
    expect(dayOf(dateOf(day))).toBe(day);
  expect(dateOf(0)).toBe('1970-01-01');
  expect(daysAfter('2028-02-28', 1)).toBe('2028-02-29');
  expect(daysAfter('2026-12-31', 1)).toBe('2027-01-01');
});

it('keeps the hour of the wall clock across the changes of daylight saving', () => {
  const zone = 'America/New_York';
  const at = (date: string) => new Date(instantOn(zone, date, 8 * 60 + 30) ?? 0).toISOString();
  expect(at('2026-03-07')).toBe('2026-03-07T13:30:00.000Z');
  expect(at('2026-03-08')).toBe('2026-03-08T12:30:00.000Z');
  expect(at('2026-11-01')).toBe('2026-11-01T13:30:00.000Z');
  // Skipped by the change: the first minute after it.
  expect(new Date(instantOn(zone, '2026-03-08', 150) ?? 0).toISOString()).toBe('2026-03-08T07:00:00.000Z');
  expect(localDate(zone, Date.UTC(2026, 10, 1, 3, 30))).toBe('2026-10-31');
});
