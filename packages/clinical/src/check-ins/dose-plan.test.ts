import { makeId } from '@baton/kernel';
import type { Regimen } from '@baton/wire';
import { expect, it } from 'vitest';
import { dosePlan, planOf } from './dose-plan.ts';
import { planWords } from './texts.ts';
import { EXAMPLE_PROTOCOLS } from './example-protocols.ts';
import type { Protocol } from './protocol.ts';

const regimen: Regimen = {
  drug: 'capecitabine',
  order: null,
  version: 1,
  cycleStart: '2026-03-02',
  cycleDays: 21,
  onDays: Array.from({ length: 14 }, (_, day) => day + 1),
  cycles: 8,
  times: [
    {
      id: 'morning',
      doses: [
        { strengthMg: 150, tablets: 1 },
        { strengthMg: 500, tablets: 3 },
      ],
    },
    { id: 'evening', doses: [{ strengthMg: 500, tablets: 3 }] },
  ],
  holds: [{ from: '2026-03-10', until: '2026-03-11', reason: 'diarrhoea' }],
  reviewBy: '2026-04-30',
  confirmedBy: makeId('account', new Uint8Array(16)),
  confirmedAt: 0,
};

it('knows the day of the cycle, over changes of month and of clocks', () => {
  expect(dosePlan(regimen, '2026-03-01')).toEqual({ t: 'before' });
  expect(dosePlan(regimen, '2026-03-02')).toMatchObject({ t: 'doses', cycle: 1, cycleDay: 1 });
  expect(dosePlan(regimen, '2026-03-08')).toMatchObject({ t: 'doses', cycle: 1, cycleDay: 7 });
  expect(dosePlan(regimen, '2026-03-15')).toMatchObject({ t: 'doses', cycle: 1, cycleDay: 14 });
  expect(dosePlan(regimen, '2026-03-16')).toEqual({ t: 'off', cycle: 1, cycleDay: 15 });
  expect(dosePlan(regimen, '2026-03-22')).toEqual({ t: 'off', cycle: 1, cycleDay: 21 });
  expect(dosePlan(regimen, '2026-03-23')).toMatchObject({ t: 'doses', cycle: 2, cycleDay: 1 });
});

it('names no dose on hold, past its review, or after its last cycle', () => {
  expect(dosePlan(regimen, '2026-03-09')).toMatchObject({ t: 'doses' });
  expect(dosePlan(regimen, '2026-03-10')).toEqual({ t: 'held', reason: 'diarrhoea' });
  expect(dosePlan(regimen, '2026-03-11')).toEqual({ t: 'held', reason: 'diarrhoea' });
  expect(dosePlan(regimen, '2026-03-12')).toMatchObject({ t: 'doses' });
  expect(dosePlan(regimen, '2026-04-30')).not.toMatchObject({ t: 'stale' });
  expect(dosePlan(regimen, '2026-05-01')).toEqual({ t: 'stale', why: 'review-due' });
  const open = { ...regimen, holds: [{ from: '2026-03-10', until: null, reason: 'x' }] };
  expect(dosePlan(open, '2026-04-29')).toEqual({ t: 'held', reason: 'x' });
  expect(dosePlan({ ...regimen, reviewBy: '2027-01-01' }, '2026-08-17')).toEqual({ t: 'over' });
});

it('does not make sense of a plan that contradicts itself', () => {
  const unusable = { t: 'stale', why: 'unusable' };
  expect(dosePlan({ ...regimen, onDays: [22] }, '2026-03-02')).toEqual(unusable);
  expect(dosePlan({ ...regimen, onDays: [] }, '2026-03-02')).toEqual(unusable);
  expect(dosePlan({ ...regimen, cycleStart: '2026-02-30' }, '2026-03-02')).toEqual(unusable);
  const twice = [
    {
      id: 'morning' as const,
      doses: [
        { strengthMg: 500, tablets: 1 },
        { strengthMg: 500, tablets: 2 },
      ],
    },
  ];
  expect(dosePlan({ ...regimen, times: twice }, '2026-03-02')).toEqual(unusable);
  const none = [{ id: 'morning' as const, doses: [{ strengthMg: 500, tablets: 0 }] }];
  expect(dosePlan({ ...regimen, times: none }, '2026-03-02')).toEqual(unusable);
});

it('takes an order that changed for stale, whatever the plan says, and a held enrolment for on hold', () => {
  const enrolment = { regimen, stale: null, state: 'active' as const, reason: null };
  expect(planOf(enrolment, '2026-03-02')).toMatchObject({ t: 'doses' });
  const changed = { ...enrolment, stale: { since: 0, why: 'new order' } };
  expect(planOf(changed, '2026-03-02')).toEqual({ t: 'stale', why: 'order-changed' });
  expect(planOf({ ...changed, state: 'held' }, '2026-03-02')).toEqual({ t: 'stale', why: 'order-changed' });
  expect(planOf({ ...enrolment, state: 'held', reason: 'surgery' }, '2026-03-02')).toEqual({
    t: 'held',
    reason: 'surgery',
  });
  expect(planOf({ ...enrolment, regimen: null }, '2026-03-02')).toBeNull();
});

it('words the tablets of one time, largest first, in both languages', () => {
  const [protocol] = EXAMPLE_PROTOCOLS as readonly [Protocol];
  const [morning] = regimen.times;
  expect(planWords(protocol, morning?.doses ?? [], 'en')).toBe('3 tablets of 500 mg and 1 tablet of 150 mg');
  expect(planWords(protocol, morning?.doses ?? [], 'es')).toBe('3 tabletas de 500 mg y 1 tableta de 150 mg');
  expect(planWords(protocol, [{ strengthMg: 500, tablets: 0 }], 'en')).toBeNull();
});
