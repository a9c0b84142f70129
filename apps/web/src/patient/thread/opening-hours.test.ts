import { expect, test } from 'vitest';
import { openingAt } from './opening-hours.ts';

const weekdays = [1, 2, 3, 4, 5].map((day) => ({ day, from: 8 * 60, to: 17 * 60 }));
const hours = { timeZone: 'America/New_York', open: weekdays };
/** Friday, 20 November 2026, by the clock of New York (UTC-5). */
const friday = (hour: number, minute = 0): number => Date.UTC(2026, 10, 20, hour + 5, minute);

test('open says until when', () => {
  expect(openingAt(hours, friday(8))).toEqual({ open: true, untilMinutes: 17 * 60 });
  expect(openingAt(hours, friday(16, 59))).toEqual({ open: true, untilMinutes: 17 * 60 });
});

test('closed says when it opens: today, or after the weekend', () => {
  expect(openingAt(hours, friday(7, 59))).toEqual({ open: false, inDays: 0, day: 5, fromMinutes: 480 });
  expect(openingAt(hours, friday(17))).toEqual({ open: false, inDays: 3, day: 1, fromMinutes: 480 });
});

test('the practice lives in its own time zone, and keeps its hours over the change of the clocks', () => {
  const tokyo = { timeZone: 'Asia/Tokyo', open: weekdays };
  expect(openingAt(tokyo, Date.UTC(2026, 10, 19, 23, 30))).toMatchObject({ open: true });
  // Monday after the clocks went back, 8 am in New York is 13:00 UTC and not 12:00.
  expect(openingAt(hours, Date.UTC(2026, 10, 2, 12, 30))).toMatchObject({ open: false, inDays: 0 });
  expect(openingAt(hours, Date.UTC(2026, 10, 2, 13, 0))).toMatchObject({ open: true });
});

test('spans that meet are one, and a lunch break is none', () => {
  const split = (from: number) => ({
    timeZone: 'America/New_York',
    open: [
      { day: 5, from: 480, to: 720 },
      { day: 5, from, to: 1440 },
    ],
  });
  expect(openingAt(split(720), friday(9))).toEqual({ open: true, untilMinutes: 1440 });
  expect(openingAt(split(780), friday(9))).toEqual({ open: true, untilMinutes: 720 });
  expect(openingAt(split(780), friday(12, 30))).toEqual({
    open: false,
    inDays: 0,
    day: 5,
    fromMinutes: 780,
  });
});

test('one day a week comes round again; no hours say nothing', () => {
  const fridays = { timeZone: 'America/New_York', open: [{ day: 5, from: 480, to: 720 }] };
  expect(openingAt(fridays, friday(13))).toEqual({ open: false, inDays: 7, day: 5, fromMinutes: 480 });
  expect(openingAt({ timeZone: 'America/New_York', open: [] }, friday(9))).toBeNull();
});

test('hours that end before they begin go past midnight', () => {
  const night = { timeZone: 'America/New_York', open: [{ day: 5, from: 18 * 60, to: 2 * 60 }] };
  expect(openingAt(night, friday(17))).toMatchObject({ open: false, inDays: 0, fromMinutes: 18 * 60 });
  expect(openingAt(night, friday(19))).toEqual({ open: true, untilMinutes: 1440 });
  expect(openingAt(night, friday(25))).toEqual({ open: true, untilMinutes: 120 });
  expect(openingAt(night, friday(26))).toMatchObject({ open: false });
});
