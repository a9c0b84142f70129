import { expect, it } from 'vitest';
import { readDate, readTime } from './times.ts';

const at = (text: string, zone = 'America/New_York'): string | null => {
  const time = readTime(text, zone);
  return time && new Date(time.at).toISOString();
};

it.each([
  ['20261124103000-0500', '2026-11-24T15:30:00.000Z'],
  ['20261124103000', '2026-11-24T15:30:00.000Z'],
  ['202607241030', '2026-07-24T14:30:00.000Z'],
  ['20261124103000.1234+0530', '2026-11-24T05:00:00.123Z'],
  // Clocks go forward at two: half past two is not there, the first minute after the gap is.
  ['202603080230', '2026-03-08T07:00:00.000Z'],
  // Clocks go back at two: the first of the two.
  ['202611010130', '2026-11-01T05:30:00.000Z'],
  ['20260229', null],
  ['20261324', null],
  ['202611242460', null],
  ['2026-11-24T10:30', null],
  ['', null],
])('%s', (text, expected) => {
  expect(at(text)).toBe(expected);
});

it('knows a day from a time', () => {
  expect(readTime('20261124', 'America/New_York')?.hasHour).toBe(false);
  expect(readTime('2026112410', 'America/New_York')?.hasHour).toBe(true);
});

it('reads a birth date as far as it is said', () => {
  expect(['19580314', '195803', '1958', '', 'unknown'].map(readDate)).toEqual([
    '1958-03-14',
    '1958-03',
    '1958',
    null,
    null,
  ]);
});
