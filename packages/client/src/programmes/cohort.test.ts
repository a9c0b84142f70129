import type { EventId } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { askedIn, silentDaysOf, toEnrolledPatient, worstFirst } from './cohort.ts';
import { alert, answer, ask, CAPECITABINE, DAY, done, ENROLMENT, NOW, run } from './fixtures/enrolled.ts';

const DOSE = CAPECITABINE.questions.find(({ kind }) => kind === 'dose')?.id ?? '';
const OTHER = CAPECITABINE.questions.find(({ kind }) => kind === 'yes-no')?.id ?? '';

const line = (input: Partial<Parameters<typeof toEnrolledPatient>[0]>) =>
  toEnrolledPatient({
    enrolment: ENROLMENT,
    patient: 'Rosa',
    runs: [],
    alerts: [],
    protocol: () => CAPECITABINE,
    nowMs: NOW,
    ...input,
  });

describe('shares of what was asked', () => {
  it('count an answer that was not understood as an answer, and a question that is still open as none', () => {
    const unclear = { ...ask(DOSE), kind: 'unclear' as const };
    const closed = run('2026-11-19', [ask(DOSE), unclear, ask(OTHER)]);
    expect(askedIn(closed).map(({ node, answered }) => [node, answered])).toEqual([
      [DOSE, true],
      [OTHER, false],
    ]);
    const open = run('2026-11-20', [ask(DOSE), answer(DOSE, 'taken'), ask(OTHER)], { outcome: 'open' });
    expect(askedIn(open).map(({ node }) => node)).toEqual([DOSE]);
    expect(line({ runs: [open, closed] }).responseRate).toBeCloseTo(2 / 3);
  });

  it('take the last word on a dose, and silence for not taken', () => {
    const runs = [
      run('2026-11-20', [ask(DOSE), answer(DOSE, 'not-yet'), ask(DOSE), answer(DOSE, 'taken')]),
      run('2026-11-19', [ask(DOSE), answer(DOSE, 'missed')]),
      run('2026-11-18', [ask(DOSE)]),
      run('2026-11-17', [ask(DOSE), answer(DOSE, 'taken'), ask(OTHER), answer(OTHER, 'no')]),
    ];
    expect(line({ runs }).adherence).toBe(0.5);
    expect(line({ runs, enrolment: { ...ENROLMENT, regimen: null } }).adherence).toBeNull();
    expect(line({ runs, protocol: () => null }).adherence).toBeNull();
  });

  it('are of the last 28 days, and none before the first question', () => {
    const old = run('2026-10-20', [ask(DOSE), answer(DOSE, 'taken')]);
    expect(line({ runs: [old] })).toMatchObject({ responseRate: null, adherence: null });
    expect(line({})).toMatchObject({ responseRate: null, adherence: null, silentDays: 0, dueBy: null });
  });
});

describe('silence', () => {
  it('is counted in days with a closed check-in, back from the newest', () => {
    const answered = run('2026-11-16', [ask(OTHER), answer(OTHER, 'no')]);
    const silent = ['2026-11-19', '2026-11-18', '2026-11-17'].map((date) => run(date, [ask(OTHER)]));
    const open = run('2026-11-20', [ask(OTHER)], { outcome: 'open' });
    expect(silentDaysOf([open, ...silent, answered])).toBe(3);
    const half = run('2026-11-19', [ask(OTHER), answer(OTHER, 'no')], { slot: 'evening' });
    expect(silentDaysOf([half, ...silent, answered])).toBe(0);
    // A day on which nothing was asked says nothing.
    expect(silentDaysOf([run('2026-11-19', []), silent[1] ?? open, answered])).toBe(1);
  });
});

describe('worst first', () => {
  it('puts open red before open amber by clock, then silence and plans to confirm, then names, and those that ended last', () => {
    const named = (patient: string, input: Partial<Parameters<typeof toEnrolledPatient>[0]>) =>
      line({ patient, enrolment: { ...ENROLMENT, id: patient as EventId }, ...input });
    const silent = run('2026-11-19', [ask(OTHER)]);
    const lines = [
      named('Zoe', {}),
      named('Ada', { alerts: [alert({ act: done(NOW) })] }),
      named('Ended', { enrolment: { ...ENROLMENT, state: 'ended' } }),
      named('Silent', { runs: [silent] }),
      named('Stale', { enrolment: { ...ENROLMENT, stale: { since: NOW, why: 'order' } } }),
      named('Later', { alerts: [alert({ callBackBy: NOW + DAY })] }),
      named('Sooner', { alerts: [alert({ callBackBy: NOW + 60_000 })] }),
      // Chosen is not done: the clock runs.
      named('Red', { alerts: [alert({ band: 'red', act: { ...done(NOW), doneAt: null } as never })] }),
    ];
    expect([...lines].sort(worstFirst).map(({ patient }) => patient)).toEqual([
      'Red',
      'Sooner',
      'Later',
      'Silent',
      'Stale',
      'Ada',
      'Zoe',
      'Ended',
    ]);
    expect(lines.find(({ patient }) => patient === 'Sooner')?.dueBy).toBe(NOW + 60_000);
  });
});
