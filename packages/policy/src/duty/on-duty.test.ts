import { describe, expect, it } from 'vitest';
import { daily, makeDutyOrg, save, without } from '../fixtures/duty-scene.ts';
import { account, named, role } from '../fixtures/organisation.ts';
import {
  type DutyOrg,
  dutySpans,
  emptyRecordBook,
  findOnDuty,
  nextDutyChange,
  type RecordBook,
} from '../index.ts';

const ROLE = role('on-call');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Monday, 2 November 2026, 00:00 UTC. */
const MONDAY = Date.UTC(2026, 10, 2);
const org = makeDutyOrg({ 'on-call': ['ana', 'agent'], supervisor: ['charge-nurse'] });
const names = ['ana', 'ben', 'cleo', 'nurse', 'charge-nurse', 'it-admin'];
const nameOf = (id: string): string => names.find((name) => account(name) === id) ?? id;
const onDuty = (book: RecordBook, at: number, duty: DutyOrg = org): string[] =>
  findOnDuty(ROLE, at, { book, org: duty }).map(nameOf);
const cover = (name: string, instead: string | null, from: number, until: number) =>
  ({
    kind: 'cover',
    cover: named('event', name),
    role: ROLE,
    account: account(name),
    instead: instead === null ? null : account(instead),
    from,
    until,
    active: true,
  }) as const;
const away = (name: string, standIn: string | null, until: number | null = null) =>
  ({
    kind: 'availability',
    account: account(name),
    duty: 'off',
    cover: standIn === null ? null : account(standIn),
    until,
  }) as const;
const weekly = save(
  emptyRecordBook(),
  daily(ROLE, 'America/New_York', [
    ['ana', 7, 19],
    ['ben', 19, 7],
  ]),
);

describe('who is on duty', () => {
  it('is who has the keys where there is no schedule, and never an agent', () => {
    expect(onDuty(emptyRecordBook(), MONDAY)).toEqual(['ana']);
    expect(findOnDuty(role('unknown'), MONDAY, { book: weekly, org })).toEqual([]);
  });

  it('is who the schedule says, to the minute, over midnight too', () => {
    const seven = MONDAY + 12 * HOUR;
    expect(onDuty(weekly, seven - 1)).toEqual(['ben']);
    expect(onDuty(weekly, seven)).toEqual(['ana']);
    expect(onDuty(weekly, seven + 12 * HOUR - 1)).toEqual(['ana']);
    expect(onDuty(weekly, seven + 12 * HOUR)).toEqual(['ben']);
    const off = save(weekly, { ...daily(ROLE, 'UTC', []), active: false });
    expect(onDuty(off, seven)).toEqual(['ana']);
    expect(onDuty(save(weekly, daily(ROLE, 'UTC', [])), seven)).toEqual([]);
  });

  it('has nobody by a time zone that is not known', () => {
    expect(onDuty(save(weekly, daily(ROLE, 'Mars/Base', [['ana', 0, 0]])), MONDAY)).toEqual([]);
  });

  it('is changed by covers in the order of their commit', () => {
    const noon = MONDAY + 17 * HOUR;
    const one = save(weekly, cover('cleo', 'ana', noon, noon + HOUR));
    expect(onDuty(one, noon - 1)).toEqual(['ana']);
    expect(onDuty(one, noon)).toEqual(['cleo']);
    expect(onDuty(one, noon + HOUR)).toEqual(['ana']);
    const two = save(one, cover('nurse', 'cleo', noon, noon + HOUR));
    expect(onDuty(two, noon)).toEqual(['nurse']);
    expect(onDuty(save(two, cover('ben', null, noon, noon + HOUR)), noon)).toEqual(['nurse', 'ben']);
    expect(onDuty(save(one, { ...cover('cleo', 'ana', noon, noon + HOUR), active: false }), noon)).toEqual([
      'ana',
    ]);
  });

  it('leaves out those who are off duty or gone, and brings in who stands in', () => {
    const at = MONDAY + 13 * HOUR;
    expect(onDuty(save(weekly, away('ana', null)), at)).toEqual([]);
    expect(onDuty(save(weekly, away('ana', 'cleo')), at)).toEqual(['cleo']);
    expect(onDuty(save(weekly, away('ana', 'cleo', at)), at)).toEqual(['ana']);
    expect(onDuty(weekly, at, without(org, new Set([account('ana')])))).toEqual([]);
    expect(onDuty(save(save(weekly, away('ana', 'cleo')), away('cleo', 'ben')), at)).toEqual(['ben']);
  });

  it('ends in nobody where covers go round in a circle or too far', () => {
    const at = MONDAY + 13 * HOUR;
    let book = weekly;
    for (const [name, standIn] of [
      ['ana', 'ben'],
      ['ben', 'cleo'],
      ['cleo', 'ana'],
    ] as const)
      book = save(book, away(name, standIn));
    expect(onDuty(book, at)).toEqual([]);
    let far = weekly;
    for (const [name, standIn] of [
      ['ana', 'ben'],
      ['ben', 'cleo'],
      ['cleo', 'nurse'],
      ['nurse', 'charge-nurse'],
    ] as const)
      far = save(far, away(name, standIn));
    expect(onDuty(far, at)).toEqual(['charge-nurse']);
    expect(onDuty(save(far, away('charge-nurse', 'it-admin')), at)).toEqual([]);
    const byRole = save(weekly, { ...away('ana', null), cover: role('supervisor') });
    expect(onDuty(byRole, at)).toEqual(['charge-nurse']);
    expect(onDuty(save(weekly, { ...away('ana', null), cover: ROLE }), at)).toEqual([]);
  });
});

describe('a schedule over a change of clocks', () => {
  /** Every minute of the days around it has exactly one of the two on duty, and shifts last what the clock on the wall says. */
  it.each([
    ['America/New_York', Date.UTC(2026, 9, 31), 13],
    ['America/New_York', Date.UTC(2027, 2, 13), 11],
    ['Europe/Berlin', Date.UTC(2026, 9, 24), 13],
    ['Europe/Berlin', Date.UTC(2027, 2, 27), 11],
    ['Australia/Lord_Howe', Date.UTC(2026, 9, 3), 11.5],
    ['Australia/Lord_Howe', Date.UTC(2027, 3, 3), 12.5],
    ['Asia/Kolkata', Date.UTC(2026, 9, 31), 12],
  ])('%s', (timeZone, from, longest) => {
    const shifts = [
      ['ana', 7, 19],
      ['ben', 19, 7],
    ] as const;
    const context = { book: save(emptyRecordBook(), daily(ROLE, timeZone, shifts)), org };
    for (let at = from - DAY; at < from + 3 * DAY; at += 5 * 60_000)
      expect(findOnDuty(ROLE, at, context)).toHaveLength(1);
    const spans = dutySpans(ROLE, from - DAY, from + 3 * DAY, context);
    const whole = spans.slice(1, -1);
    expect(whole.map((span, index) => span.from - (whole[index - 1]?.until ?? span.from))).toEqual(
      whole.map(() => 0),
    );
    const hours = new Set(whole.map((span) => (span.until - span.from) / HOUR));
    expect(hours).toEqual(new Set([12, longest]));
  });

  it('has its turn in an hour that comes twice counted from the first, and none in one that is skipped', () => {
    const shifts = [
      ['ana', 1, 2],
      ['ben', 2, 3],
      ['cleo', 3, 4],
    ] as const;
    const context = { book: save(emptyRecordBook(), daily(ROLE, 'America/New_York', shifts)), org };
    const spring = dutySpans(ROLE, Date.UTC(2027, 2, 14, 5), Date.UTC(2027, 2, 14, 9), context);
    expect(spring.map(({ account: id, from, until }) => [nameOf(id), (until - from) / HOUR])).toEqual([
      ['ana', 1],
      ['cleo', 1],
    ]);
    const autumn = dutySpans(ROLE, Date.UTC(2026, 10, 1, 4), Date.UTC(2026, 10, 1, 10), context);
    expect(autumn.map(({ account: id, from, until }) => [nameOf(id), (until - from) / HOUR])).toEqual([
      ['ana', 2],
      ['ben', 1],
      ['cleo', 1],
    ]);
  });
});

describe('the next change of duty', () => {
  it('misses no moment at which the holders change', () => {
    const from = Date.UTC(2026, 9, 31);
    let book = save(weekly, cover('cleo', 'ana', from + 20 * HOUR, from + 21 * HOUR));
    book = save(book, away('ben', 'nurse', from + 27 * HOUR));
    book = save(book, cover('it-admin', null, from + 40 * HOUR, from + 41 * HOUR));
    const context = { book, org };
    let next = nextDutyChange(ROLE, from, context) ?? 0;
    let before = findOnDuty(ROLE, from, context).join();
    for (let at = from + 60_000; at < from + 3 * DAY; at += 60_000) {
      const now = findOnDuty(ROLE, at, context).join();
      if (now !== before) expect(next).toBeLessThanOrEqual(at);
      if (at >= next) next = nextDutyChange(ROLE, at, context) ?? 0;
      expect(next).toBeGreaterThan(at);
      before = now;
    }
  });
});
