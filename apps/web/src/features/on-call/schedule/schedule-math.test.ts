import type { AccountId } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { cannotWork, findInSchedule } from './schedule-findings.ts';
import { weeklySpans } from './weekly-spans.ts';
import { instantOf, midnights, wallTimeOf, weekdayOf } from './zoned-time.ts';

const ZONE = 'America/New_York';
const ANA = 'a_ana' as AccountId;
const BEN = 'a_ben' as AccountId;
const dayOf = (text: string): number => Date.parse(`${text}T00:00:00Z`) / 86_400_000;
const iso = (at: number): string => new Date(at).toISOString();

describe('the wall clock of a zone', () => {
  it('is found again from the moment that it shows', () => {
    for (let hour = 0; hour < 24 * 370; hour += 7) {
      const at = Date.parse('2026-01-01T00:00:00Z') + hour * 3_600_000;
      const found = instantOf(wallTimeOf(at, ZONE), ZONE);
      // The hour that comes twice counts from the first.
      expect([at, at - 3_600_000]).toContain(found);
    }
  });
  it('begins a time that daylight saving skips at the next minute that exists', () => {
    const day = dayOf('2026-03-08');
    expect(iso(instantOf({ day, minute: 150 }, ZONE))).toBe('2026-03-08T07:00:00.000Z');
    expect(iso(instantOf({ day, minute: 180 }, ZONE))).toBe('2026-03-08T07:00:00.000Z');
  });
  it('takes the first of two equal times', () => {
    expect(iso(instantOf({ day: dayOf('2026-11-01'), minute: 90 }, ZONE))).toBe('2026-11-01T05:30:00.000Z');
  });
  it('knows the day of the week and days of 23 and 25 hours', () => {
    expect(weekdayOf(dayOf('2026-11-23'))).toBe(1);
    expect(weekdayOf(dayOf('2026-11-22'))).toBe(7);
    const hours = (date: string): number => {
      const [from = 0, to = 0] = midnights(Date.parse(`${date}T12:00:00Z`), 1, ZONE);
      return (to - from) / 3_600_000;
    };
    expect([hours('2026-03-08'), hours('2026-11-01'), hours('2026-11-22')]).toEqual([23, 25, 24]);
  });
});

describe('spans of a weekly schedule', () => {
  const night = { day: 6, from: 19 * 60, to: 7 * 60, account: ANA };
  it('go over midnight, and over the night on which the clock is set back', () => {
    const spans = weeklySpans(
      { weekly: [night], timeZone: ZONE },
      Date.parse('2026-10-30T00:00:00Z'),
      Date.parse('2026-11-03T00:00:00Z'),
    );
    expect(spans.map(({ from, until }) => [iso(from), iso(until)])).toEqual([
      ['2026-10-31T23:00:00.000Z', '2026-11-01T12:00:00.000Z'],
    ]);
  });
  it('are cut at the ends and joined where one person goes on', () => {
    const weekly = [
      { day: 1, from: 0, to: 0, account: ANA },
      { day: 2, from: 0, to: 720, account: ANA },
      { day: 2, from: 720, to: 0, account: BEN },
    ];
    const from = Date.parse('2026-11-23T17:00:00Z');
    const spans = weeklySpans({ weekly, timeZone: ZONE }, from, from + 2 * 86_400_000);
    expect(spans.map(({ account, from: begins, until }) => [account, iso(begins), iso(until)])).toEqual([
      [ANA, '2026-11-23T17:00:00.000Z', '2026-11-24T17:00:00.000Z'],
      [BEN, '2026-11-24T17:00:00.000Z', '2026-11-25T05:00:00.000Z'],
    ]);
  });
});

describe('what is found in a schedule', () => {
  it('is nothing where a week is full', () => {
    const weekly = [1, 2, 3, 4, 5, 6, 7].flatMap((day) => [
      { day, from: 420, to: 1140, account: ANA },
      { day, from: 1140, to: 420, account: BEN },
    ]);
    expect(findInSchedule(weekly)).toEqual([]);
  });
  it('is a gap, an overlap, and a person twice, over the end of the week too', () => {
    const weekly = [
      { day: 7, from: 0, to: 60, account: ANA },
      { day: 7, from: 1380, to: 60, account: ANA },
      { day: 1, from: 30, to: 0, account: BEN },
      { day: 2, from: 0, to: 600, account: BEN },
      { day: 2, from: 540, to: 660, account: BEN },
    ];
    expect(findInSchedule(weekly)).toEqual([
      { kind: 'overlap', accounts: [ANA, BEN], from: 30, to: 60 },
      { kind: 'twice', account: BEN, from: 1980, to: 2040 },
      { kind: 'gap', from: 2100, to: 8640 },
      { kind: 'gap', from: 8700, to: 10_020 },
    ]);
  });
  it('keeps a schedule from being saved that the server would refuse', () => {
    const shift = { day: 1, from: 420, to: 1140, account: ANA };
    const isActive = (account: AccountId): boolean => account === ANA;
    expect(cannotWork([shift, { ...shift, day: 2 }, { ...shift, from: 480 }], isActive)).toBe(false);
    expect(cannotWork([shift, { ...shift }], isActive)).toBe(true);
    expect(cannotWork([{ ...shift, account: BEN }], isActive)).toBe(true);
  });
});
