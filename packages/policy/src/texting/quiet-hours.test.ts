import { describe, expect, it } from 'vitest';
import { isOpenAt, isQuiet, LAWFUL_HOURS, planTextTime, quietEnds, sendingHours } from './quiet-hours.ts';

const at = (iso: string): number => Date.parse(iso);
const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

describe('quiet hours', () => {
  it('are narrowed by a practice, never widened beyond the law', () => {
    expect(sendingHours({ from: 540, until: 1200 })).toEqual({ from: 540, until: 1200 });
    expect(sendingHours({ from: 0, until: 1440 })).toEqual(LAWFUL_HOURS);
    expect(sendingHours({ from: 1260, until: 480 })).toEqual(LAWFUL_HOURS);
  });

  it('are those of the patient, to the minute', () => {
    const zone = 'America/Los_Angeles';
    expect(isQuiet(zone, at('2026-11-20T15:59:59.999Z'), LAWFUL_HOURS)).toBe(true);
    expect(isQuiet(zone, at('2026-11-20T16:00:00Z'), LAWFUL_HOURS)).toBe(false);
    expect(isQuiet(zone, at('2026-11-21T04:59:59.999Z'), LAWFUL_HOURS)).toBe(false);
    expect(isQuiet(zone, at('2026-11-21T05:00:00Z'), LAWFUL_HOURS)).toBe(true);
    expect(isQuiet('America/New_York', at('2026-11-20T16:00:00Z'), LAWFUL_HOURS)).toBe(false);
    expect(isQuiet('Nowhere/Land', 0, LAWFUL_HOURS)).toBeNull();
    expect(quietEnds('Nowhere/Land', 0, LAWFUL_HOURS)).toBeNull();
  });

  it('end at 8 by the clocks of the day on which they were changed', () => {
    // New York, 8 March 2026: forward at 2. 1 November 2026: back at 2.
    expect(iso(quietEnds('America/New_York', at('2026-03-08T04:00:00Z'), LAWFUL_HOURS))).toBe(
      '2026-03-08T12:00:00.000Z',
    );
    expect(iso(quietEnds('America/New_York', at('2026-11-01T03:00:00Z'), LAWFUL_HOURS))).toBe(
      '2026-11-01T13:00:00.000Z',
    );
    expect(isQuiet('America/New_York', at('2026-11-01T12:30:00Z'), LAWFUL_HOURS)).toBe(true);
    expect(isQuiet('America/New_York', at('2026-10-31T12:30:00Z'), LAWFUL_HOURS)).toBe(false);
    // No change at all, and half an hour of it.
    expect(iso(quietEnds('America/Phoenix', at('2026-03-08T06:00:00Z'), LAWFUL_HOURS))).toBe(
      '2026-03-08T15:00:00.000Z',
    );
    expect(iso(quietEnds('Australia/Lord_Howe', at('2026-10-03T15:00:00Z'), LAWFUL_HOURS))).toBe(
      '2026-10-03T21:00:00.000Z',
    );
  });

  it('move a text later, or to the evening before where that is allowed and still to come', () => {
    const plan = { timeZone: 'America/Chicago', hours: LAWFUL_HOURS, nowMs: at('2026-11-20T18:00:00Z') };
    const early = at('2026-11-21T12:30:00Z');
    expect(iso(planTextTime({ ...plan, wantedMs: early, mayMoveEarlier: false }))).toBe(
      '2026-11-21T14:00:00.000Z',
    );
    expect(iso(planTextTime({ ...plan, wantedMs: early, mayMoveEarlier: true }))).toBe(
      '2026-11-21T02:59:00.000Z',
    );
    expect(iso(planTextTime({ ...plan, nowMs: early, wantedMs: early, mayMoveEarlier: true }))).toBe(
      '2026-11-21T14:00:00.000Z',
    );
    const day = at('2026-11-21T18:00:00Z');
    expect(planTextTime({ ...plan, wantedMs: day, mayMoveEarlier: true })).toBe(day);
    expect(planTextTime({ ...plan, wantedMs: 0, mayMoveEarlier: true })).toBe(plan.nowMs);
    expect(planTextTime({ ...plan, timeZone: 'x', wantedMs: 0, mayMoveEarlier: true })).toBeNull();
  });
});

describe('hours of the practice', () => {
  const hours = [1, 2, 3, 4, 5].map((day) => ({ day, from: 480, to: 1020 }));
  const practice = { hours, timeZone: 'America/New_York' };

  it('are open from the first minute to before the last, by its own clocks', () => {
    expect(isOpenAt(practice, at('2026-11-20T13:00:00Z'))).toBe(true);
    expect(isOpenAt(practice, at('2026-11-20T12:59:59Z'))).toBe(false);
    expect(isOpenAt(practice, at('2026-11-20T21:59:59Z'))).toBe(true);
    expect(isOpenAt(practice, at('2026-11-20T22:00:00Z'))).toBe(false);
    expect(isOpenAt(practice, at('2026-11-21T15:00:00Z'))).toBe(false);
  });

  it('may go past midnight, and are always open where none are stated', () => {
    const night = { hours: [{ day: 5, from: 1200, to: 120 }], timeZone: 'UTC' };
    expect(isOpenAt(night, at('2026-11-21T01:59:00Z'))).toBe(true);
    expect(isOpenAt(night, at('2026-11-21T02:00:00Z'))).toBe(false);
    expect(isOpenAt({ hours: [], timeZone: 'UTC' }, 0)).toBe(true);
  });
});
