import { describe, expect, it } from 'vitest';
import { daily, makeDutyOrg, save } from '../fixtures/duty-scene.ts';
import { account, named, role } from '../fixtures/organisation.ts';
import { createBatonFacts, type DutyOrg, emptyRecordBook, judgeServerEvent, openBaton } from '../index.ts';
import { BATON, CONV, placeNext } from '../fixtures/small-hospital.ts';
import { org } from '../fixtures/organisation.ts';

const HOUR = 3_600_000;
// Monday, 4 January 2027, 00:00 UTC.
const MIDNIGHT = Date.UTC(2027, 0, 4);
const NOON = MIDNIGHT + 12 * HOUR;
const NIGHT = MIDNIGHT + 22 * HOUR;

/** Ana: on call in 4 West by day, in Cardiology by night; holds the keys of both. Ben holds one role of 4 West. Cleo holds none. */
const UNITS: Readonly<Record<string, string | null>> = { day: '4 West', night: 'Cardiology', float: null };
const base = makeDutyOrg({ day: ['ana', 'ben'], night: ['ana'], float: ['cleo'] });
const duty: DutyOrg = {
  ...base,
  roles: () => base.roles().map((listing) => ({ ...listing, unit: UNITS[listing.name] ?? null })),
};
const book = [
  daily(role('day'), 'UTC', [['ana', 7, 19]]),
  daily(role('night'), 'UTC', [['ana', 21, 7]]),
].reduce((grown, body) => save(grown, body), emptyRecordBook());
const facts = createBatonFacts(book, duty);

describe('the unit of a person', () => {
  it('is that of the role for which they are on duty at that moment', () => {
    expect(facts.unitOf(account('ana'), NOON)).toBe('4 West');
    expect(facts.unitOf(account('ana'), NIGHT)).toBe('Cardiology');
  });

  it('is that of the roles they hold where they are on duty for none, if it is one', () => {
    expect(facts.unitOf(account('ana'), MIDNIGHT + 20 * HOUR), 'holds roles of two').toBeNull();
    expect(facts.unitOf(account('ben'), NOON)).toBe('4 West');
    expect(facts.unitOf(account('cleo'), NOON)).toBeNull();
    expect(facts.unitOf(account('nurse'), NOON)).toBeNull();
  });

  it('is none where they are on duty in two and hold both', () => {
    const both = save(book, daily(role('night'), 'UTC', [['ana', 7, 19]]));
    expect(createBatonFacts(both, duty).unitOf(account('ana'), NOON)).toBeNull();
  });

  it('is that of a cover while it lasts', () => {
    const covered = save(book, {
      kind: 'cover',
      cover: named('event', 'cover'),
      role: role('night'),
      account: account('cleo'),
      instead: null,
      from: NOON,
      until: NIGHT,
      active: true,
    });
    const then = createBatonFacts(covered, duty);
    expect(then.unitOf(account('cleo'), NOON - 1)).toBeNull();
    expect(then.unitOf(account('cleo'), NOON)).toBe('Cardiology');
    expect(then.unitOf(account('cleo'), NIGHT)).toBeNull();
    expect(then.possibleUnits(account('cleo'))).toEqual(['Cardiology']);
  });

  it('counts no role that is not in use', () => {
    const ended = { ...duty, roles: () => duty.roles().map((listing) => ({ ...listing, active: false })) };
    expect(createBatonFacts(book, ended).unitOf(account('ben'), NOON)).toBeNull();
  });

  it('of a queue is that of its default owner', () => {
    const queue = named('queue', 'refills');
    const kept = save(book, {
      kind: 'queue',
      queue,
      name: 'Refills',
      roles: [role('day')],
      defaultOwner: account('ben'),
      active: true,
    });
    expect(createBatonFacts(kept, duty).unitOf(queue, NOON)).toBe('4 West');
  });
});

describe('an opening for a person', () => {
  const opening = { org, baton: BATON, conv: CONV, opener: account('ben'), reference: null } as const;
  const open = openBaton(
    { ...opening, contract: 'stat', to: account('ana'), deadline: NOON + HOUR },
    facts,
    NOON,
  );
  const judge = (unit: string | null, to = open.to): string => {
    const placed = placeNext(null, { op: { ...open, unit, to }, by: null, at: NOON });
    const judged = judgeServerEvent(null, placed, facts);
    return judged.ok ? 'ok' : judged.error.at;
  };

  it('has the unit of that moment', () => {
    expect(open.unit).toBe('4 West');
    expect(judge('4 West')).toBe('ok');
  });

  it('is not doubted where the schedule has changed since, and is where they were never of that unit', () => {
    expect(judge('Cardiology')).toBe('ok');
    expect(judge(null)).toBe('ok');
    expect(judge('ICU')).toBe('op.unit');
    expect(judge('Cardiology', account('ben'))).toBe('op.unit');
    expect(judge('Cardiology', role('day'))).toBe('op.unit');
  });
});
