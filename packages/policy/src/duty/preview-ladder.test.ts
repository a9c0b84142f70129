import type { RecordBody } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { daily, makeDutyOrg, save } from '../fixtures/duty-scene.ts';
import { account, named, role } from '../fixtures/organisation.ts';
import {
  checkSchedule,
  createBatonFacts,
  defaultLadders,
  defaultPolicy,
  emptyRecordBook,
  previewLadder,
  type RecordBook,
} from '../index.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const AT = Date.UTC(2026, 10, 2, 15);
const org = makeDutyOrg({
  'on-call': ['ana'],
  backup: ['ben'],
  charge: ['charge-nurse'],
  supervisor: ['nurse'],
});
const unit: RecordBody = {
  kind: 'unit',
  unit: named('unit', 'west'),
  name: '4 West',
  backup: role('backup'),
  charge: role('charge'),
  ladders: { reply: null, talk: null, stat: null },
  callback: null,
  showSender: { reply: false, talk: false, stat: true },
  active: true,
};
const staffed = [
  ...Object.values(defaultLadders()),
  defaultPolicy(role('supervisor')),
  unit,
].reduce<RecordBook>((book, body) => save(book, body), emptyRecordBook());
const preview = (book = staffed, changes: Partial<Parameters<typeof previewLadder>[0]> = {}) => {
  const question = {
    to: role('on-call'),
    contract: 'stat',
    withinMs: 5 * MINUTE,
    at: AT,
    ...changes,
  } as const;
  const { steps, findings } = previewLadder(question, createBatonFacts(book, org));
  const names = ['on-call', 'backup', 'charge', 'supervisor'];
  return {
    steps: steps.map(({ at, target, reaches, empty }) => {
      const name = names.find((known) => role(known) === target) ?? target;
      return `${(at - AT) / MINUTE} ${name} ${reaches.length}${empty ? ' empty' : ''}`;
    }),
    codes: findings.map(({ code }) => code),
    problems: findings.filter(({ severity }) => severity === 'problem').map(({ code }) => code),
  };
};

describe('the preview of a ladder', () => {
  it('shows who would be reached when, from the opening to the supervisor', () => {
    expect(preview()).toEqual({
      steps: [
        '0 on-call 1',
        '3 on-call 1',
        // The deadline's reminder falls together with the step to the backup and comes a millisecond apart.
        `5 on-call 1`,
        `${5 + 1 / MINUTE} backup 1`,
        '10 charge 1',
        '15 supervisor 1',
      ],
      codes: [],
      problems: [],
    });
  });

  it('gives the time of a target that the unit does not name to the next one', () => {
    const book = save(staffed, { ...unit, backup: null });
    expect(preview(book, { withinMs: 7 * MINUTE }).steps).toEqual([
      '0 on-call 1',
      '3 on-call 1',
      '5 charge 1',
      '7 on-call 1',
      '15 supervisor 1',
    ]);
    expect(preview(book, { to: account('cleo'), withinMs: 7 * MINUTE }).steps.at(-1)).toBe('5 supervisor 1');
  });

  it('goes on at once from a step that finds nobody, and says so', () => {
    const book = save(staffed, daily(role('backup'), 'UTC', [['ben', 0, 12]]));
    const { steps, codes, problems } = preview(book, { withinMs: 7 * MINUTE });
    expect(steps).toEqual([
      '0 on-call 1',
      '3 on-call 1',
      '5 backup 0 empty',
      '5 charge 1',
      '15 supervisor 1',
    ]);
    expect(codes).toEqual(['step-empty', 'target-gap']);
    expect(problems, 'of the hour, not of the ladder').toEqual([]);
  });

  it('names the hours without a supervisor, and the end that comes too early', () => {
    const book = save(staffed, daily(role('supervisor'), 'America/New_York', [['nurse', 6, 5]]));
    expect(preview(book)).toMatchObject({ codes: ['supervisor-gap'], problems: [] });
    expect(preview(staffed, { withinMs: HOUR }).codes).toContain('ends-before-deadline');
    expect(preview(emptyRecordBook()).problems).toContain('no-supervisor');
  });

  it('judges the ladder that is being edited', () => {
    const { stat } = defaultLadders();
    const ladder = {
      ...stat,
      steps: [
        { from: 'deadline', afterMs: 0, target: 'charge' },
        { from: 'open', afterMs: MINUTE, target: 'backup' },
        { from: 'open', afterMs: MINUTE, target: 'charge' },
      ],
    } as const;
    const edited = { ...ladder, steps: [...ladder.steps] };
    expect(preview(staffed, { ladder: edited }).codes).toEqual(
      expect.arrayContaining(['steps-order', 'steps-cross']),
    );
    expect(preview(staffed, { ladder: edited }).problems).toEqual(['steps-order']);
    expect(preview(staffed, { ladder: edited }).steps.at(-1)).toMatch(/supervisor/);
  });
});

describe('the check of a schedule', () => {
  const check = (book: RecordBook) => checkSchedule(role('on-call'), AT, { book, org });

  it('finds gaps and overlaps of the next 14 days', () => {
    expect(check(staffed)).toEqual({ findings: [], gaps: [] });
    const { findings, gaps } = check(
      save(
        staffed,
        daily(role('on-call'), 'UTC', [
          ['ana', 6, 18],
          ['ben', 17, 5],
        ]),
      ),
    );
    expect(findings.map(({ code }) => code)).toEqual(['schedule-gap', 'schedule-overlap']);
    expect(gaps).toHaveLength(14);
    expect(gaps.every(({ from, until }) => until - from === HOUR)).toBe(true);
  });

  it('finds people who stand in for one another in a circle', () => {
    let book = staffed;
    for (const [name, standIn] of [
      ['ana', 'ben'],
      ['ben', 'ana'],
    ] as const) {
      const away = { kind: 'availability', duty: 'off', until: null } as const;
      book = save(book, { ...away, account: account(name), cover: account(standIn) });
    }
    expect(check(book).findings.map(({ code }) => code)).toEqual(['schedule-gap', 'cover-circle']);
  });
});
