import { describe, expect, it } from 'vitest';
import { dayNumberOf, instantOf, isTimeZone, localDayAt, minuteOfDayAt, weekdayOf } from './wall-clock.ts';

const iso = (timeZone: string, date: readonly [number, number, number], clock: string): string => {
  const [hour = 0, minute = 0] = clock.split(':').map(Number);
  const at = instantOf(timeZone, dayNumberOf(...date), hour * 60 + minute);
  return at === null ? 'unknown' : new Date(at).toISOString();
};

describe('wall clocks', () => {
  it('show a minute of the day, on days that have an hour more or less too', () => {
    const at = (text: string): number | null => minuteOfDayAt('America/New_York', Date.parse(text));
    expect([at('2026-11-24T14:30:59Z'), at('2026-11-01T05:30:00Z'), at('2026-11-01T06:30:00Z')]).toEqual([
      570, 90, 90,
    ]);
    expect(at('2026-03-08T07:00:00Z')).toBe(180);
    expect(minuteOfDayAt('Nowhere/City', 0)).toBeNull();
  });

  it('count days and weekdays as the calendar does', () => {
    expect(dayNumberOf(1970, 1, 1)).toBe(0);
    expect(dayNumberOf(2028, 3, 1) - dayNumberOf(2028, 2, 28)).toBe(2);
    expect(dayNumberOf(2026, 11, 22) * 86_400_000).toBe(Date.UTC(2026, 10, 22));
    expect([0, 1, 2, 3, 4, 5, 6].map((day) => weekdayOf(dayNumberOf(2026, 11, 16) + day))).toEqual([
      1, 2, 3, 4, 5, 6, 7,
    ]);
    expect(weekdayOf(-1)).toBe(3);
  });

  it('follow daylight saving in both directions', () => {
    expect(iso('America/New_York', [2026, 10, 31], '07:00')).toBe('2026-10-31T11:00:00.000Z');
    expect(iso('America/New_York', [2026, 11, 1], '07:00')).toBe('2026-11-01T12:00:00.000Z');
    expect(iso('Europe/Berlin', [2027, 3, 28], '07:00')).toBe('2027-03-28T05:00:00.000Z');
    expect(iso('Asia/Kolkata', [2027, 3, 14], '07:00')).toBe('2027-03-14T01:30:00.000Z');
    expect(iso('UTC', [2027, 3, 14], '07:00')).toBe('2027-03-14T07:00:00.000Z');
    expect(iso('Pacific/Kiritimati', [2027, 1, 1], '00:00')).toBe('2026-12-31T10:00:00.000Z');
    expect(iso('Pacific/Niue', [2027, 1, 1], '00:00')).toBe('2027-01-01T11:00:00.000Z');
  });

  it('take the first minute after a gap for a time that does not exist', () => {
    const gap = '2027-03-14T07:00:00.000Z';
    expect(iso('America/New_York', [2027, 3, 14], '02:00')).toBe(gap);
    expect(iso('America/New_York', [2027, 3, 14], '02:30')).toBe(gap);
    expect(iso('America/New_York', [2027, 3, 14], '03:00')).toBe(gap);
    expect(iso('America/New_York', [2027, 3, 14], '01:59')).toBe('2027-03-14T06:59:00.000Z');
    // Half an hour on Lord Howe Island: 02:00 becomes 02:30.
    expect(iso('Australia/Lord_Howe', [2026, 10, 4], '02:15')).toBe('2026-10-03T15:30:00.000Z');
    expect(iso('Australia/Lord_Howe', [2026, 10, 4], '02:30')).toBe('2026-10-03T15:30:00.000Z');
  });

  it('take the first of a time that comes twice', () => {
    expect(iso('America/New_York', [2026, 11, 1], '01:30')).toBe('2026-11-01T05:30:00.000Z');
    expect(iso('America/New_York', [2026, 11, 1], '02:00')).toBe('2026-11-01T07:00:00.000Z');
    expect(iso('Europe/Berlin', [2026, 10, 25], '02:30')).toBe('2026-10-25T00:30:00.000Z');
    expect(iso('Australia/Lord_Howe', [2027, 4, 4], '01:45')).toBe('2027-04-03T14:45:00.000Z');
  });

  it('show the date of a place', () => {
    const at = Date.UTC(2026, 10, 1, 3, 59);
    expect(localDayAt('America/New_York', at)).toBe(dayNumberOf(2026, 10, 31));
    expect(localDayAt('America/New_York', at + 60_000)).toBe(dayNumberOf(2026, 11, 1));
    expect(localDayAt('Asia/Kolkata', at)).toBe(dayNumberOf(2026, 11, 1));
  });

  it('know no zone that is no IANA name', () => {
    expect(['America/New_York', 'Etc/UTC', 'America/Argentina/Buenos_Aires'].map(isTimeZone)).toEqual([
      true,
      true,
      true,
    ]);
    for (const name of ['', 'Mars/Base', '+01:00', 'Europe/Berlin ', '../etc', 'Europe//Berlin'])
      expect(isTimeZone(name)).toBe(false);
    expect(localDayAt('Mars/Base', 0)).toBeNull();
    expect(instantOf('Mars/Base', 0, 0)).toBeNull();
  });
});
