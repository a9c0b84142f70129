import { CUSTODIAN, type Entry, type EntryOp, type StatementOf } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import {
  account,
  addOp,
  advance,
  applyIn,
  authorIn,
  bytes,
  conversation,
  createOp,
  type Draft,
  hashEntry,
  makeEntry,
  makeOrganisation,
  outcome,
  removeOp,
  role,
  rotateOp,
  T0,
  viewOf,
  withAccount,
  withRole,
} from '../fixtures/organisation.ts';
import {
  acceptEntry,
  checkRoleKey,
  isRotationUrgent,
  needsRotate,
  type RotateReason,
  wasMember,
} from '../index.ts';

const view = makeOrganisation();
const DAY = 86_400_000;
const group = advance({
  view,
  state: null,
  author: 'ana',
  op: createOp('group', [account('ana'), account('ben'), role('desk')]),
});

/** Outcome of an entry built by the book and then changed. */
function tampered(draft: Omit<Draft, 'view'>, change: (entry: Entry) => Partial<Entry>): string {
  const entry = makeEntry({ ...draft, view });
  return outcome(applyIn(view, draft.state, { ...entry, ...change(entry) }));
}

describe('recipients', () => {
  const rotate = { state: group, author: 'ana', op: rotateOp };

  it('are all members and the custodian with a new generation', () => {
    const entry = makeEntry({ ...rotate, view });
    expect(entry.recipients.map(({ m, g, h }) => [m, g, h])).toEqual([
      [account('ana'), 1, true],
      [account('ben'), 1, true],
      [role('desk'), 1, true],
      [CUSTODIAN, 1, true],
    ]);
    expect(tampered(rotate, () => ({}))).toBe('ok');
  });

  it('are the newcomers alone without one', () => {
    const add = { state: group, author: 'ana', op: addOp([account('cleo')]) };
    const entry = makeEntry({ ...add, view });
    expect(entry.gen).toBe(1);
    expect(entry.recipients.map(({ m }) => m)).toEqual([account('cleo')]);
    const fresh = makeEntry({ ...add, view, freshKeys: true });
    expect(fresh.gen).toBe(2);
    expect(fresh.recipients).toHaveLength(5);
    expect(outcome(applyIn(view, group, fresh))).toBe('ok');
    const quiet: EntryOp = { op: 'policy', retentionDays: 1, openInvite: false };
    expect(makeEntry({ state: group, author: 'ana', op: quiet, view }).recipients).toEqual([]);
  });

  it('are neither missing nor extra nor doubled nor behind nor wrong about history', () => {
    const first = (entry: Entry) => entry.recipients[0]!;
    const cases: [string, (entry: Entry) => Partial<Entry>, string][] = [
      ['missing', (e) => ({ recipients: e.recipients.slice(1) }), 'policy.recipients@recipients'],
      ['no custodian', (e) => ({ recipients: e.recipients.slice(0, -1) }), 'policy.recipients@recipients'],
      ['none', () => ({ recipients: [] }), 'policy.recipients@recipients'],
      [
        'extra',
        (e) => ({ recipients: [...e.recipients, { ...first(e), m: account('cleo') }] }),
        'policy.recipients@recipients',
      ],
      [
        'another',
        (e) => ({ recipients: e.recipients.with(1, { ...first(e), m: account('cleo') }) }),
        'policy.recipients@recipients.1.m',
      ],
      [
        'doubled',
        (e) => ({ recipients: e.recipients.with(1, first(e)) }),
        'policy.recipients@recipients.1.m',
      ],
      [
        'older key',
        (e) => ({ recipients: e.recipients.with(0, { ...first(e), g: 0 }) }),
        'policy.recipients@recipients.0.g',
      ],
      [
        'future key',
        (e) => ({ recipients: e.recipients.with(0, { ...first(e), g: 2 }) }),
        'policy.recipients@recipients.0.g',
      ],
      [
        'no history',
        (e) => ({ recipients: e.recipients.with(0, { ...first(e), h: false }) }),
        'policy.recipients@recipients.0.h',
      ],
      ['another order', (e) => ({ recipients: e.recipients.toReversed() }), 'ok'],
    ];
    for (const [name, change, code] of cases) expect([name, tampered(rotate, change)]).toEqual([name, code]);
  });

  it('cannot be sealed to without a key, nor to one who left the organisation', () => {
    const keyless = withAccount(view, account('ben'), { boxKeyGen: null });
    const gone = withAccount(view, account('ben'), { active: false });
    const ended = withRole(view, role('desk'), { active: false });
    const custodianless = { ...view, custodianGen: null };
    for (const [seen, at] of [
      [keyless, `members.${account('ben')}`],
      [gone, `members.${account('ben')}`],
      [ended, `members.${role('desk')}`],
      [custodianless, CUSTODIAN],
    ] as const) {
      const entry = makeEntry({ view, ...rotate });
      expect(outcome(applyIn(seen, group, entry))).toBe(`policy.recipients@${at}`);
    }
    const removed = advance({ view: gone, state: group, author: 'ana', op: removeOp([account('ben')]) });
    expect(removed.members.has(account('ben'))).toBe(false);
  });
});

describe('generations', () => {
  it('are made by removal and rotation, and by adding without history', () => {
    const cases: [Omit<Draft, 'view'>, number][] = [
      [{ state: group, author: 'ana', op: rotateOp }, 2],
      [{ state: group, author: 'ana', op: removeOp([account('ana')]) }, 2],
      [{ state: group, author: 'ana', op: addOp([account('cleo')], false) }, 2],
      [{ state: group, author: 'ana', op: addOp([account('cleo')], true) }, 1],
    ];
    for (const [draft, gen] of cases) {
      const state = advance({ ...draft, view });
      expect(state.gen).toBe(gen);
      const other = gen === 2 ? 1 : 3;
      expect(tampered(draft, () => ({ gen: other, link: null }))).toMatch(/^policy.generation/);
    }
    expect(tampered({ state: group, author: 'ana', op: rotateOp }, () => ({ link: null }))).toBe(
      'policy.generation@link',
    );
    const add = { state: group, author: 'ana', op: addOp([account('cleo')]) };
    expect(tampered(add, () => ({ link: new Uint8Array(92) }))).toBe('policy.generation@link');
  });

  it('of a mixed addition are new, and give history to those who may have it only', () => {
    const op: EntryOp = {
      op: 'add',
      members: [
        { m: account('cleo'), hist: true },
        { m: account('nurse'), hist: false },
      ],
      because: null,
    };
    const entry = makeEntry({ view, state: group, author: 'ana', op });
    expect(entry.gen).toBe(2);
    expect(entry.recipients.find(({ m }) => m === account('nurse'))?.h).toBe(false);
    expect(entry.recipients.find(({ m }) => m === account('cleo'))?.h).toBe(true);
    const state = advance({ view, state: group, author: 'ana', op });
    const later = makeEntry({ view, state, author: 'ana', op: rotateOp });
    expect(later.recipients.find(({ m }) => m === account('nurse'))?.h).toBe(false);
  });

  it('remember who was a member when', () => {
    const without = advance({ view, state: group, author: 'ana', op: removeOp([account('ana')]) });
    const rotated = advance({ view, state: without, author: 'ben', op: rotateOp });
    const back = advance({ view, state: rotated, author: 'ben', op: addOp([account('ana')], false) });
    expect([0, 1, 2, 3, 4, 5].map((gen) => wasMember(back, account('ana'), gen))).toEqual([
      false,
      true,
      false,
      false,
      true,
      false,
    ]);
    expect(back.generations).toHaveLength(4);
    expect(back.generations[3]).toEqual(back.head);
  });

  it('go with the chain: author, conversation, key log', () => {
    const draft = { state: group, author: 'ana', op: rotateOp };
    expect(tampered(draft, () => ({ conv: conversation('other') }))).toBe('ledger.wrong_purpose@conv');
    expect(tampered(draft, () => ({ n: 2 }))).toBe('conflict.head@n');
    expect(tampered(draft, () => ({ keylog: { size: 9, root: bytes('r') } }))).toBe(
      'ledger.rollback@keylog.size',
    );
    expect(tampered(draft, () => ({ as: role('zoe') }))).toBe('policy.forbidden@as');
    expect(tampered(draft, () => ({ as: role('desk') }))).toBe('ok');
    const entry = makeEntry({ ...draft, view });
    const input = { state: group, entry, entryHash: hashEntry(entry), view };
    const impostor = { ...input, author: authorIn(view, account('ben')) };
    expect(outcome(acceptEntry(impostor, impostor))).toBe('policy.forbidden@author');
  });
});

describe('accepting', () => {
  it('asks the key log that the author saw and the newest one', () => {
    const entry = makeEntry({ view, state: group, author: 'ana', op: rotateOp });
    const input = {
      state: group,
      entry,
      entryHash: hashEntry(entry),
      view,
      author: authorIn(view, account('ana')),
    };
    expect(outcome(acceptEntry(input, { view, author: input.author }))).toBe('ok');
    const reset = withAccount(view, account('ben'), { boxKeyGen: 2 });
    const newest = { view: reset, author: input.author };
    expect(outcome(acceptEntry(input, newest))).toBe('policy.recipients@recipients.1.g');
    expect(outcome(acceptEntry({ ...input, ...newest }, { view, author: input.author }))).toMatch(
      /^policy.recipients/,
    );
  });
});

describe('needs-rotate', () => {
  const reasons = (changes: Partial<Parameters<typeof needsRotate>[1]>, state = group): RotateReason[] =>
    needsRotate(state, { view, nowMs: T0, messagesInGeneration: 0, ...changes });

  it('is quiet where nothing happened', () => {
    expect(reasons({})).toEqual([]);
    expect(reasons({ nowMs: T0 + 7 * DAY, messagesInGeneration: 1000 })).toEqual([]);
  });

  it.each<[string, Partial<Parameters<typeof needsRotate>[1]>, RotateReason, boolean]>([
    ['a device was revoked', { view: withAccount(view, account('ben'), { revokedAt: 10 }) }, 'revoked', true],
    ['a box key is newer', { view: withAccount(view, account('ben'), { boxKeyGen: 2 }) }, 'revoked', true],
    ['a box key is gone', { view: withAccount(view, account('ben'), { boxKeyGen: null }) }, 'revoked', true],
    ['an account ended', { view: withAccount(view, account('ben'), { active: false }) }, 'deactivated', true],
    ['a role ended', { view: withRole(view, role('desk'), { active: false }) }, 'deactivated', true],
    ['a role key is newer', { view: withRole(view, role('desk'), { keyGen: 2 }) }, 'role-key', true],
    ['the custodian key is newer', { view: viewOf({ ...view, custodianGen: 2 }) }, 'policy', false],
    ['the keys are old', { nowMs: T0 + 7 * DAY + 1 }, 'age', false],
    ['the keys are worn', { messagesInGeneration: 1001 }, 'count', false],
  ])('%s', (_, facts, reason, urgent) => {
    expect(reasons(facts)).toEqual([reason]);
    expect(isRotationUrgent([reason])).toBe(urgent);
  });

  it('says so of a revocation that the last rotation had not seen, and no other', () => {
    const revoked = withAccount(view, account('ben'), { revokedAt: 9 });
    expect(reasons({ view: revoked })).toEqual([]);
    const late = withAccount(view, account('ben'), { revokedAt: 12 });
    const blind = advance({ view: late, state: group, author: 'ana', op: rotateOp, keylogSize: 12 });
    expect(reasons({ view: late }, blind)).toEqual(['revoked']);
    const seeing = advance({ view: late, state: group, author: 'ana', op: rotateOp, keylogSize: 13 });
    expect(reasons({ view: late }, seeing)).toEqual([]);
  });

  it('is asked for by one who left, and ends with the next rotation', () => {
    const two = advance({
      view,
      state: null,
      author: 'ana',
      op: createOp('group', ['ana', 'ben'].map(account)),
    });
    const left = advance({ view, state: two, author: 'ana', op: removeOp([account('ana')]) });
    expect(reasons({}, left)).toEqual(['left']);
    const rotated = advance({ view, state: left, author: 'ben', op: rotateOp });
    expect(reasons({}, rotated)).toEqual([]);
    const evicted = advance({
      view,
      state: group,
      author: 'ana',
      op: removeOp([role('desk')]),
      freshKeys: true,
    });
    expect(reasons({}, evicted)).toEqual([]);
  });

  it('does not lapse by an addition', () => {
    const two = advance({
      view,
      state: null,
      author: 'ana',
      op: createOp('group', ['ana', 'ben'].map(account)),
    });
    const left = advance({ view, state: two, author: 'ana', op: removeOp([account('ana')]) });
    const added = advance({ view, state: left, author: 'ben', op: addOp([account('cleo')]) });
    expect(reasons({}, added)).toEqual(['left']);
  });
});

describe('a role’s box key', () => {
  const keyring = advance({
    view,
    state: null,
    author: 'it-admin',
    conv: conversation('keyring:desk'),
    op: createOp('keyring', ['it-admin', 'ana'].map(account)),
  });
  const next = advance({ view, state: keyring, author: 'ana', op: removeOp([account('it-admin')]) });
  const statement: StatementOf<'rolekey'> = {
    v: 1,
    org: keyring.org,
    ts: T0,
    t: 'rolekey',
    role: role('desk'),
    gen: 2,
    pub: new Uint8Array(1216),
    keyring: keyring.conv,
    entry: next.head,
    account: account('ana'),
    dk: bytes('device'),
  };

  it('is published by a holder of that generation', () => {
    expect(outcome(checkRoleKey(statement, next))).toBe('ok');
    expect(
      outcome(
        checkRoleKey({ ...statement, gen: 1, entry: keyring.head, account: account('it-admin') }, next),
      ),
    ).toBe('ok');
    expect(outcome(checkRoleKey({ ...statement, account: account('it-admin') }, next))).toBe(
      'policy.not_a_member@account',
    );
    expect(outcome(checkRoleKey({ ...statement, entry: keyring.head }, next))).toBe('ledger.bad_chain@entry');
    expect(outcome(checkRoleKey({ ...statement, gen: 3 }, next))).toBe('ledger.bad_chain@entry');
    expect(outcome(checkRoleKey({ ...statement, role: role('nurses') }, next))).toBe(
      'ledger.wrong_purpose@keyring',
    );
    expect(outcome(checkRoleKey(statement, group))).toBe('ledger.wrong_purpose@keyring');
  });
});
