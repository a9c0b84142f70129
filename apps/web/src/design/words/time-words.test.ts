import { describe, expect, it } from 'vitest';
import { clockTime, dayTitle, daysAgo, isoDateWords, listTime } from './time-words.ts';

const en = { locale: 'en', timeZone: 'America/New_York' };
const es = { locale: 'es', timeZone: 'America/New_York' };
const at = (text: string): number => Date.parse(text);
const now = at('2026-11-20T15:00:00-05:00');

describe('time as people say it', () => {
  it('uses the 24-hour clock in both languages', () => {
    expect(clockTime(at('2026-11-20T14:02:00-05:00'), en)).toBe('14:02');
    expect(clockTime(at('2026-11-20T00:05:00-05:00'), es)).toBe('00:05');
  });

  it('counts calendar days, not 24 hours, and survives the change of clocks', () => {
    expect(daysAgo(at('2026-11-19T23:59:00-05:00'), at('2026-11-20T00:01:00-05:00'), en)).toBe(1);
    expect(daysAgo(at('2026-10-31T12:00:00-04:00'), at('2026-11-02T12:00:00-05:00'), en)).toBe(2);
  });

  it('names the day in a list by how far it is', () => {
    expect(listTime(at('2026-11-20T08:05:00-05:00'), now, en)).toBe('08:05');
    expect(listTime(at('2026-11-19T08:05:00-05:00'), now, en)).toBe('yesterday');
    expect(listTime(at('2026-11-16T08:05:00-05:00'), now, en)).toBe('Mon');
    expect(listTime(at('2026-05-12T08:05:00-04:00'), now, en)).toBe('May 12');
    expect(listTime(at('2025-05-12T08:05:00-04:00'), now, en)).toBe('May 12, 2025');
    expect(listTime(at('2026-11-19T08:05:00-05:00'), now, es)).toBe('ayer');
  });

  it('titles days of a thread', () => {
    expect(dayTitle(now, now, en)).toBe('Today');
    expect(dayTitle(at('2026-11-19T08:05:00-05:00'), now, es)).toBe('Ayer');
    expect(dayTitle(at('2026-05-12T08:05:00-04:00'), now, en)).toBe('Tuesday, May 12');
  });

  it('never moves a birth date through a time zone', () => {
    expect(isoDateWords('1971-03-09', 'en')).toBe('Mar 9, 1971');
    expect(isoDateWords('1971-03', 'en')).toBe('Mar 1971');
    expect(isoDateWords('1971', 'en')).toBe('1971');
    expect(isoDateWords('about 1971', 'en')).toBe('about 1971');
  });
});
