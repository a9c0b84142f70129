import type { AccountId } from '@baton/kernel';
import type { Regimen } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { dailyMg, daysWords, dosesWords, planWeeks, readDays } from './plan-days.ts';

const regimen: Regimen = {
  drug: 'Capecitabine',
  order: null,
  version: 1,
  // A Wednesday.
  cycleStart: '2026-11-18',
  cycleDays: 21,
  onDays: Array.from({ length: 14 }, (_, day) => day + 1),
  cycles: null,
  times: [
    {
      id: 'morning',
      doses: [
        { strengthMg: 500, tablets: 3 },
        { strengthMg: 150, tablets: 2 },
      ],
    },
    {
      id: 'evening',
      doses: [
        { strengthMg: 500, tablets: 3 },
        { strengthMg: 150, tablets: 0 },
      ],
    },
  ],
  holds: [{ from: '2026-11-20', until: '2026-11-21', reason: 'Labs' }],
  reviewBy: '2026-12-31',
  confirmedBy: 'a' as AccountId,
  confirmedAt: 0,
};

describe('the calendar of a plan', () => {
  it('begins on the Monday of the first week and says what each day is', () => {
    const weeks = planWeeks(regimen, regimen.cycleStart, 4);
    expect(weeks).toHaveLength(4);
    expect(weeks[0]?.map(({ date, plan }) => `${date.slice(8)} ${plan.t}`)).toEqual([
      '16 before',
      '17 before',
      '18 doses',
      '19 doses',
      '20 held',
      '21 held',
      '22 doses',
    ]);
    // Day 14 is 1 December; the week after it is off, and the second cycle begins on the 9th.
    const kinds = new Map(weeks.flat().map(({ date, plan }) => [date, plan.t]));
    expect([
      kinds.get('2026-12-01'),
      kinds.get('2026-12-02'),
      kinds.get('2026-12-08'),
      kinds.get('2026-12-09'),
    ]).toEqual(['doses', 'off', 'off', 'doses']);
  });

  it('adds up what is taken, and leaves out sizes of which none is', () => {
    expect(dailyMg(regimen.times)).toBe(3300);
    expect(regimen.times.map(({ doses }) => dosesWords(doses))).toEqual([
      '3 × 500 mg + 2 × 150 mg',
      '3 × 500 mg',
    ]);
  });
});

describe('days of a cycle as people write them', () => {
  it('are read and written', () => {
    expect(readDays('1-14', 21)).toEqual(regimen.onDays);
    expect(readDays('1–3, 8 9', 21)).toEqual([1, 2, 3, 8, 9]);
    expect(daysWords([1, 2, 3, 8, 9, 15])).toBe('1-3, 8-9, 15');
    expect(daysWords(readDays('1-14', 21) ?? [])).toBe('1-14');
  });

  it('are none where they do not fit the cycle', () => {
    for (const text of ['', '0-3', '5-2', '1-22', 'daily', '1-2-3']) expect(readDays(text, 21)).toBeNull();
  });
});
