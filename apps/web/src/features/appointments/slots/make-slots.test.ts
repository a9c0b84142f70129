import { describe, expect, it } from 'vitest';
import { dayOfText } from '../visits/day-span.ts';
import { makeSlots, MOST_SLOTS, type SlotSeries } from './make-slots.ts';

const series = (more: Partial<SlotSeries> = {}): SlotSeries => ({
  firstDay: dayOfText('2026-11-23')!,
  lastDay: dayOfText('2026-11-29')!,
  weekdays: [1, 3],
  from: 9 * 60,
  until: 10 * 60 + 10,
  minutes: 30,
  timeZone: 'America/New_York',
  ...more,
});

describe('a series of free times', () => {
  it('lies on the chosen weekdays, one after the other, and ends in time', () => {
    const made = makeSlots(series());
    expect(made.map(({ start }) => new Date(start).toISOString().slice(5, 16))).toEqual([
      '11-23T14:00',
      '11-23T14:30',
      '11-25T14:00',
      '11-25T14:30',
    ]);
    expect(made.every(({ start, end }) => end - start === 1_800_000)).toBe(true);
  });

  it('leaves out what daylight saving skips, and makes no two at one time', () => {
    const day = dayOfText('2027-03-14')!;
    const made = makeSlots(series({ firstDay: day, lastDay: day, weekdays: [7], from: 90, until: 240 }));
    const starts = made.map(({ start }) => start);
    expect(new Set(starts).size).toBe(starts.length);
    for (const [index, { end }] of made.entries())
      expect(made[index + 1]?.start ?? end).toBeGreaterThanOrEqual(end);
  });

  it('ends somewhere', () => {
    const long = series({ lastDay: dayOfText('2036-01-01')!, weekdays: [1, 2, 3, 4, 5], minutes: 5 });
    expect(makeSlots(long)).toHaveLength(MOST_SLOTS);
    expect(makeSlots(series({ minutes: 0 }))).toEqual([]);
  });
});
