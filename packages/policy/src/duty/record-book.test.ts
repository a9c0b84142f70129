import type { Ladder, RecordBody } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { daily, hashRecord, makeDutyOrg, nextRecord, save, trySave } from '../fixtures/duty-scene.ts';
import { account, bytes, named, role } from '../fixtures/organisation.ts';
import {
  applyRecord,
  checkRecordBody,
  coversOf,
  createBatonFacts,
  defaultLadders,
  defaultPolicy,
  emptyRecordBook,
  ladderOf,
  policyOf,
  recordByHash,
  replacedAt,
  scheduleOf,
  unitNamed,
} from '../index.ts';

const org = makeDutyOrg({ 'on-call': ['ana'], supervisor: [] });
const policy = defaultPolicy(role('supervisor'));
const { stat, talk, reply } = defaultLadders();
const empty = emptyRecordBook();
const cover = {
  kind: 'cover',
  cover: named('event', 'one'),
  role: role('on-call'),
  account: account('ben'),
  instead: null,
  from: 1000,
  until: 2000,
  active: true,
} as const;
const refusal = (body: RecordBody, saving = {}) => trySave(empty, body, saving).error?.code ?? 'ok';

describe('the book of records', () => {
  it('takes versions in order and shows the newest', () => {
    expect(policyOf(empty)).toBeNull();
    const one = save(save(empty, stat), policy);
    const two = save(one, { ...stat, name: 'Other' });
    expect(policyOf(two)).toEqual(policy);
    expect(ladderOf(two, stat.ladder)?.name).toBe('Other');
    expect(ladderOf(one, stat.ladder)?.name).toBe('Stat');
    expect(two.size).toBe(3);
  });

  it('is not changed by what follows it, even by two that follow', () => {
    const base = save(empty, stat);
    const left = save(base, { ...stat, name: 'Left' });
    const right = save(base, { ...stat, name: 'Right' });
    const further = save(left, talk);
    expect([base, left, right, further].map((book) => ladderOf(book, stat.ladder)?.name)).toEqual([
      'Stat',
      'Left',
      'Right',
      'Left',
    ]);
    expect(ladderOf(right, talk.ladder)).toBeNull();
    const hash = hashRecord(nextRecord(base, { ...stat, name: 'Left' }, account('it-admin')));
    expect([base, left, right].map((book) => recordByHash(book, hash)?.record.version)).toEqual([
      undefined,
      2,
      undefined,
    ]);
  });

  it('tells when a version was replaced', () => {
    const one = save(empty, daily(role('on-call'), 'UTC', []), { at: 5 });
    const two = save(one, daily(role('on-call'), 'UTC', [['ana', 0, 0]]), { at: 9 });
    const first = one.store.log[0];
    if (first === undefined) throw new Error('no record');
    expect([replacedAt(one, first), replacedAt(two, first)]).toEqual([null, 9]);
    expect(scheduleOf(two, role('on-call'))?.weekly).toHaveLength(7);
  });

  it('refuses what does not follow', () => {
    const book = save(empty, stat, { at: 10 });
    const record = nextRecord(book, { ...stat, name: 'Next' }, account('it-admin'));
    const actor = {
      account: account('it-admin'),
      jobs: ['it-admin'],
      active: true,
      onDutyIn: () => false,
      inChargeOf: () => false,
    } as const;
    const tried = (changes: object, place = {}) => {
      const placed = { record: { ...record, ...changes }, hash: bytes('hash'), at: 10, pos: 2, ...place };
      const result = applyRecord(book, placed, actor);
      return result.ok ? 'ok' : `${result.error.code}@${result.error.at}`;
    };
    expect(tried({})).toBe('ok');
    expect(tried({ version: 1 })).toBe('conflict.version@version');
    expect(tried({ version: 3 })).toBe('conflict.version@version');
    expect(tried({ prev: null })).toBe('ledger.bad_chain@prev');
    expect(tried({ prev: bytes('other') })).toBe('ledger.bad_chain@prev');
    expect(tried({}, { pos: 3 })).toBe('ledger.bad_chain@pos');
    expect(tried({}, { at: 9 })).toBe('ledger.bad_chain@at');
    expect(tried({ author: account('ana') })).toBe('policy.forbidden@author');
  });

  it('lets sign who may decide it', () => {
    const as = (job: 'nurse' | 'charge-nurse' | 'it-admin' | 'agent', body: RecordBody, changes = {}) => {
      const by = account('ana');
      return refusal(body, {
        by,
        actor: {
          account: by,
          jobs: [job],
          active: true,
          onDutyIn: () => false,
          inChargeOf: () => false,
          ...changes,
        },
      });
    };
    for (const body of [stat, policy]) {
      expect(as('it-admin', body)).toBe('ok');
      expect(as('charge-nurse', body)).toBe('policy.forbidden');
    }
    const schedule = daily(role('on-call'), 'UTC', []);
    expect(['it-admin', 'charge-nurse', 'nurse'].map((job) => as(job as 'nurse', schedule))).toEqual([
      'ok',
      'ok',
      'policy.forbidden',
    ]);
    expect(as('nurse', cover)).toBe('policy.forbidden');
    expect(as('nurse', cover, { onDutyIn: (id: string) => id === role('on-call') })).toBe('ok');
    expect(as('nurse', cover, { inChargeOf: (id: string) => id === role('on-call') })).toBe('ok');
    expect(as('nurse', cover, { inChargeOf: (id: string) => id === role('other') })).toBe('policy.forbidden');
    expect(as('nurse', schedule, { inChargeOf: () => true }), 'a cover only').toBe('policy.forbidden');
    expect(as('agent', cover, { onDutyIn: () => true })).toBe('policy.forbidden');
    expect(as('agent', cover, { inChargeOf: () => true })).toBe('policy.forbidden');
    expect(as('it-admin', stat, { active: false })).toBe('policy.forbidden');
    const away = { kind: 'availability', duty: 'off', cover: null, until: null } as const;
    expect(as('nurse', { ...away, account: account('ana') })).toBe('ok');
    expect(as('nurse', { ...away, account: account('ben') })).toBe('policy.forbidden');
    expect(as('it-admin', { ...away, account: account('ben') })).toBe('ok');
  });

  it('moves no cover to another role', () => {
    const book = save(empty, cover);
    expect(trySave(book, { ...cover, role: role('supervisor') }).error?.code).toBe('duty.record');
    expect(coversOf(save(book, { ...cover, active: false }), role('on-call'))).toHaveLength(1);
  });

  it('refuses what cannot work whatever the organisation looks like', () => {
    const step = { from: 'open', afterMs: 1000, target: 'owner' } as const;
    const ladder = (changes: Partial<Ladder>): Ladder => ({ ...reply, ...changes });
    expect(refusal(ladder({ steps: [step, { ...step, target: 'charge' }] }))).toBe('duty.record');
    expect(refusal(ladder({ steps: [step, { ...step, from: 'deadline' }] }))).toBe('ok');
    for (const time of ['repeatMs', 'followUpMs', 'offerMs'] as const) {
      expect(refusal(ladder({ [time]: 29_999 }))).toBe('duty.record');
      expect(refusal(ladder({ [time]: 30_000 }))).toBe('ok');
    }
    expect(refusal({ ...cover, until: 1000 })).toBe('duty.record');
    expect(refusal({ ...cover, until: 1000 + 14 * 86_400_000 + 1 })).toBe('duty.record');
    expect(refusal({ ...cover, instead: cover.account })).toBe('duty.record');
  });
});

describe('what a record refers to', () => {
  const codes = (body: RecordBody, book = empty) => checkRecordBody(body, org, book).map(({ code }) => code);

  it('must be there', () => {
    expect(codes(policy)).toEqual(['supervisor-without-holder']);
    expect(codes({ ...policy, supervisor: role('nobody') })).toContain('supervisor-gone');
    expect(codes({ ...policy, ladders: { ...policy.ladders, stat: named('ladder', 'none') } })).toContain(
      'ladder-gone',
    );
    expect(codes(daily(role('on-call'), 'Mars/Base', [['ana', 0, 0]]))).toEqual(['time-zone']);
    expect(codes(daily(role('on-call'), 'UTC', [['nobody', 0, 1]]))).toContain('account-gone');
    expect(codes(daily(role('on-call'), 'UTC', [['agent', 0, 1]]))).toContain('account-gone');
    const queue = { kind: 'queue', queue: named('queue', 'q'), name: 'Refills', active: true } as const;
    const roles = [role('on-call')];
    expect(codes({ ...queue, roles, defaultOwner: account('ana') })).toEqual([]);
    expect(codes({ ...queue, roles, defaultOwner: account('patient') })).toEqual(['default-owner-gone']);
  });
});

describe('the facts of an organisation without records', () => {
  it('reach administrators and throw nothing', () => {
    const facts = createBatonFacts(empty, org);
    expect(facts.hasSupervisor()).toBe(false);
    expect(facts.isOwner(facts.supervisor())).toBe(false);
    expect(facts.ladder('stat', '4 West')).toBe(stat);
    expect(facts.admins()).toEqual(expect.arrayContaining([account('it-admin')]));
    expect(facts.holders(named('queue', 'none'), 0)).toEqual([]);
    expect(unitNamed(empty, '4 West')).toBeNull();
  });
});
