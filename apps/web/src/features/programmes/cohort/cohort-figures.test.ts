import type { EnrolledPatient } from '@baton/client';
import { EXAMPLE_PROTOCOLS, type Protocol } from '@baton/clinical';
import type { CheckInAlert, CheckInRun } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import {
  adherenceByWeek,
  alertFigures,
  bandsByDay,
  medianOf,
  overallShare,
  responseByWeek,
  symptomsByWeek,
  weeksUpTo,
} from './cohort-figures.ts';

const document = EXAMPLE_PROTOCOLS[0] as Protocol;
const DOSE = document.questions.find(({ kind }) => kind === 'dose')?.id ?? '';
const graded = document.questions.find(({ branches }) => branches.some(({ grade }) => grade !== null));
const GRADED = graded?.id ?? '';
const NAME =
  document.grading?.terms[graded?.branches.find(({ grade }) => grade !== null)?.grade?.term ?? '']?.name ??
  '';

type Said = readonly [node: string, code: string | null, grade?: number];

function makeRun(date: string, said: readonly Said[], band: CheckInRun['band'] = 'green'): CheckInRun {
  const steps = said.flatMap(([node, code, grade = null]) => {
    const step = { at: 0, node, message: null, grade: null, value: null };
    const ask = { ...step, kind: 'ask' as const };
    if (code === null) return [ask];
    const value = { code, number: null, second: null, unit: null };
    return [ask, { ...step, kind: 'answer' as const, value, grade: grade ?? null }];
  });
  return {
    date,
    steps,
    band,
    outcome: 'advised',
    protocol: { id: document.id, version: 1 },
  } as unknown as CheckInRun;
}

const lineOf = (
  ref: string,
  runs: readonly CheckInRun[],
  alerts: readonly CheckInAlert[] = [],
): EnrolledPatient => ({ enrolment: { ref }, runs, alerts }) as unknown as EnrolledPatient;

const TODAY = '2026-11-20';
const weeks = weeksUpTo(TODAY, 2);

describe('weeks', () => {
  it('end today', () => {
    expect(weeks).toEqual(['2026-11-07', '2026-11-14']);
  });
});

describe('shares by week', () => {
  const lines = [
    lineOf('a', [makeRun('2026-11-20', [[DOSE, 'taken']]), makeRun('2026-11-14', [[DOSE, null]])]),
    lineOf('b', [
      makeRun('2026-11-13', [
        [DOSE, 'taken'],
        [GRADED, 'yes'],
      ]),
      makeRun('2026-11-06', [[DOSE, 'missed']]),
    ]),
  ];

  it('count questions, not patients, and leave out what is before the first week', () => {
    expect(responseByWeek(lines, weeks)).toEqual([
      { from: '2026-11-07', value: 1, of: 2 },
      { from: '2026-11-14', value: 0.5, of: 2 },
    ]);
    expect(adherenceByWeek(lines, weeks, () => document)).toEqual([
      { from: '2026-11-07', value: 1, of: 1 },
      { from: '2026-11-14', value: 0.5, of: 2 },
    ]);
    expect(overallShare(responseByWeek(lines, weeks))).toBe(0.75);
  });

  it('are gaps where nothing was asked', () => {
    expect(responseByWeek([], weeks).map(({ value }) => value)).toEqual([null, null]);
    expect(overallShare(responseByWeek([], weeks))).toBeNull();
  });
});

describe('symptoms by week', () => {
  it('count a patient once a week, with the worst grade, under the name of the grading', () => {
    const lines = [
      lineOf('a', [makeRun('2026-11-20', [[GRADED, 'yes', 1]]), makeRun('2026-11-19', [[GRADED, 'yes', 3]])]),
      lineOf('b', [makeRun('2026-11-15', [[GRADED, 'yes', 2]]), makeRun('2026-11-08', [[GRADED, 'no', 0]])]),
    ];
    expect(symptomsByWeek(lines, weeks, () => document)).toEqual([
      {
        key: NAME,
        weeks: [
          { from: '2026-11-07', mild: 0, severe: 0 },
          { from: '2026-11-14', mild: 1, severe: 1 },
        ],
      },
    ]);
  });
});

describe('bands by day', () => {
  it('count check-ins by their worst answer', () => {
    const runs = [makeRun(TODAY, [], 'red'), makeRun(TODAY, [], 'green'), makeRun('2026-11-19', [], null)];
    expect(bandsByDay([lineOf('a', runs)], TODAY, 2)).toEqual([
      { date: '2026-11-19', green: 0, amber: 0, red: 0 },
      { date: TODAY, green: 1, amber: 0, red: 1 },
    ]);
  });
});

describe('alerts', () => {
  const make = (more: Partial<CheckInAlert>): CheckInAlert =>
    ({ at: 0, band: 'amber', callBackBy: 100, act: null, nurseSays: null, ...more }) as CheckInAlert;
  const act = (way: 'call' | 'none', doneAt: number | null) =>
    ({ way, doneAt, by: 'a', chosenAt: 1, appointment: null, note: '' }) as unknown as CheckInAlert['act'];

  it('are open until something is done, and late after their clock', () => {
    const alerts = [
      make({}),
      make({ band: 'red', act: act('call', null) }),
      make({ act: act('call', 40), nurseSays: 'useful' }),
      make({ act: act('call', 160), nurseSays: 'not-useful' }),
      make({ act: act('none', 1) }),
    ];
    expect(alertFigures([lineOf('a', [], alerts)], 101)).toEqual({
      open: 2,
      red: 1,
      late: 2,
      done: 3,
      // "Nothing needed" is no call-back.
      medianCallBackMs: 100,
      inTime: 2,
      ways: { call: 2, video: 0, visit: 0, message: 0, none: 1 },
      useful: 1,
      notUseful: 1,
    });
  });

  it('have no median before the first', () => {
    expect(medianOf([])).toBeNull();
    expect(medianOf([3])).toBe(3);
    expect(medianOf([1, 2, 4, 10])).toBe(3);
  });
});
