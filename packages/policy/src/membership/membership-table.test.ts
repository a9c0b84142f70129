import type { MemberId } from '@baton/kernel';
import { type ConversationKind, type EntryOp, JOBS } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import {
  account,
  addOp,
  advance,
  attempt,
  bytes,
  conversation,
  createOp,
  makeOrganisation,
  outcome,
  removeOp,
  role,
  withAccount,
  withRole,
} from '../fixtures/organisation.ts';
import type { ConversationState } from '../index.ts';

const view = makeOrganisation();
const CLINICAL =
  'physician app nurse charge-nurse medical-assistant therapist case-manager social-worker pharmacist';
const STAFF = `${CLINICAL} transport front-desk practice-manager compliance-officer it-admin`;
const PATIENT_SIDE = `${CLINICAL} front-desk`;

function sorted(text: string): string[] {
  return text.split(' ').filter(Boolean).sort();
}

/** Jobs whose holder may do it; every job is tried. */
function jobsThatMay(tryAs: (job: string) => string): string[] {
  return JOBS.filter((job) => tryAs(job) === 'ok').sort();
}

/** A group that Ana made, with everybody in it. */
const everybody = JOBS.filter(
  (job) => view.accounts.get(account(job))?.kind === 'user' && job !== 'outside-clinician',
);
const group = advance({
  view,
  state: null,
  author: 'ana',
  op: createOp('group', ['ana', 'ben', ...everybody].map(account)),
});
/** Conversations of team roles, which everybody holds here. */
const teamConversation = (kind: ConversationKind): ConversationState =>
  advance({ view, state: null, author: 'ana', op: createOp(kind, [role('nurses'), role('desk')]) });
const keyring = advance({
  view,
  state: null,
  author: 'practice-manager',
  conv: conversation('keyring:desk'),
  op: createOp('keyring', ['practice-manager', 'ana', 'transport'].map(account)),
});

describe('create', () => {
  const tryCreate = (kind: ConversationKind, members: (job: string) => readonly MemberId[]) =>
    jobsThatMay((job) =>
      outcome(
        attempt({
          view,
          state: null,
          author: job,
          conv: conversation('keyring:desk'),
          op: createOp(kind, members(job)),
        }),
      ),
    );
  const team = () => [role('desk')];

  it.each<[ConversationKind, (job: string) => readonly MemberId[], string]>([
    ['direct', (job) => [account(job), account('ana')], STAFF],
    ['group', (job) => [account(job)], STAFF],
    ['keyring', (job) => [account(job)], 'practice-manager it-admin'],
    ['patient', team, `${PATIENT_SIDE} practice-manager it-admin`],
    ['sidebar', team, `${PATIENT_SIDE} practice-manager it-admin`],
    ['queue', team, `${PATIENT_SIDE} practice-manager it-admin`],
    ['referral', team, `${PATIENT_SIDE} practice-manager it-admin`],
    ['collection', team, `${PATIENT_SIDE} practice-manager it-admin`],
  ])('%s', (kind, members, jobs) => {
    expect(tryCreate(kind, members)).toEqual(sorted(jobs));
  });

  const refusals: [string, ConversationKind, readonly MemberId[], string][] = [
    ['direct of one', 'direct', [account('ana')], 'policy.kind@op.members'],
    ['direct of three', 'direct', ['ana', 'ben', 'nurse'].map(account), 'policy.kind@op.members'],
    ['direct with oneself', 'direct', [account('ana'), account('ana')], 'policy.already_member@op.members.1'],
    ['direct with a role', 'direct', [account('ana'), role('desk')], 'policy.kind@op.members.1'],
    ['direct with an agent', 'direct', [account('ana'), account('agent')], 'policy.kind@op.members.1'],
    ['direct with a patient', 'direct', [account('ana'), account('patient')], 'policy.kind@op.members.1'],
    ['direct of others', 'direct', [account('ben'), account('nurse')], 'policy.not_a_member@author'],
    ['group of others', 'group', [account('ben')], 'policy.not_a_member@author'],
    ['group with a patient', 'group', [account('ana'), account('patient')], 'policy.kind@op.members.1'],
    ['group with an agent', 'group', [account('ana'), account('agent')], 'policy.kind@op.members.1'],
    ['group with a stranger', 'group', [account('ana'), account('zoe')], 'policy.kind@op.members.1'],
    ['patient conversation of persons', 'patient', [account('ana')], 'policy.kind@op.members.0'],
    ['sidebar with a patient', 'sidebar', [role('desk'), account('patient')], 'policy.kind@op.members.1'],
    ['queue of persons', 'queue', [account('ana')], 'policy.kind@op.members.0'],
    ['collection of persons', 'collection', [account('ana')], 'policy.kind@op.members.0'],
    ['collection of a duty role', 'collection', [role('on-call')], 'policy.kind@op.members.0'],
  ];
  it.each(refusals)('%s is refused', (_, kind, members, code) => {
    expect(outcome(attempt({ view, state: null, author: 'ana', op: createOp(kind, members) }))).toBe(code);
  });

  it('of a keyring belongs to the role that names it', () => {
    const op = createOp('keyring', [account('it-admin')]);
    const make = (conv: string, changes: object = {}) =>
      outcome(
        attempt({
          view,
          state: null,
          author: 'it-admin',
          conv: conversation(conv),
          op: { ...op, ...changes },
        }),
      );
    expect(make('keyring:desk')).toBe('ok');
    expect(make('keyring:nurses')).toBe('policy.kind@op.role');
    const ended = withRole(view, role('desk'), { active: false });
    const late = { view: ended, state: null, author: 'it-admin', conv: conversation('keyring:desk'), op };
    expect(outcome(attempt(late))).toBe('policy.kind@op.role');
    expect(make('keyring:desk', { role: null })).toBe('policy.kind@op.role');
    expect(make('keyring:desk', { members: [{ m: role('nurses'), hist: true }] })).toBe(
      'policy.kind@op.members.0',
    );
  });

  it('of a sidebar names its parent, and nothing else does', () => {
    const sidebar = createOp('sidebar', [role('desk')]);
    const bare = { ...sidebar, parent: null } as EntryOp;
    expect(outcome(attempt({ view, state: null, author: 'ana', op: bare }))).toBe('policy.kind@op.parent');
    const group = { ...createOp('group', [account('ana')]), parent: conversation('x') } as EntryOp;
    expect(outcome(attempt({ view, state: null, author: 'ana', op: group }))).toBe('policy.kind@op.parent');
  });

  it('where history is for all leaves nobody without', () => {
    const op = createOp('patient', [role('desk')], false);
    expect(outcome(attempt({ view, state: null, author: 'ana', op }))).toBe('policy.kind@op.members.0.hist');
    expect(
      outcome(attempt({ view, state: null, author: 'ana', op: createOp('group', [account('ana')], false) })),
    ).toBe('ok');
  });
});

describe('add', () => {
  const may = (state: ConversationState, op: EntryOp) =>
    jobsThatMay((job) => outcome(attempt({ view, state, author: job, op })));

  it('to a group: any clinical member; the owner; anybody where invitations are open', () => {
    expect(may(group, addOp([account('cleo')]))).toEqual(sorted(CLINICAL));
    const mine = advance({
      view,
      state: null,
      author: 'transport',
      op: createOp('group', [account('transport')]),
    });
    expect(outcome(attempt({ view, state: mine, author: 'transport', op: addOp([account('ben')]) }))).toBe(
      'ok',
    );
    const op: EntryOp = { op: 'policy', retentionDays: null, openInvite: true };
    const open = advance({ view, state: group, author: 'ana', op });
    expect(may(open, addOp([account('cleo')]))).toEqual(sorted(STAFF));
  });

  it('to a direct conversation: nobody', () => {
    const direct = advance({
      view,
      state: null,
      author: 'ana',
      op: createOp('direct', ['ana', 'ben'].map(account)),
    });
    expect(outcome(attempt({ view, state: direct, author: 'ana', op: addOp([account('nurse')]) }))).toBe(
      'policy.kind@op',
    );
  });

  it('to a keyring: a holder, whatever the job', () => {
    expect(may(keyring, addOp([account('ben')]))).toEqual(sorted('practice-manager transport'));
    expect(outcome(attempt({ view, state: keyring, author: 'ana', op: addOp([account('ben')]) }))).toBe('ok');
    expect(
      outcome(attempt({ view, state: keyring, author: 'ana', op: addOp([account('ben')], false) })),
    ).toBe('policy.kind@op.members.0.hist');
  });

  it.each(['patient', 'sidebar', 'queue', 'referral', 'collection'] as const)(
    'to a %s conversation: care team and front desk add roles, to a patient conversation the manager too',
    (kind) => {
      const state = advance({ view, state: null, author: 'ana', op: createOp(kind, [role('nurses')]) });
      const manager = kind === 'patient' ? ' practice-manager' : '';
      expect(may(state, addOp([role('desk')]))).toEqual(sorted(PATIENT_SIDE + manager));
      expect(outcome(attempt({ view, state, author: 'ana', op: addOp([account('ben')]) }))).toBe(
        'policy.kind@op.members.0',
      );
    },
  );

  it('of one who speaks for a patient needs a consent record', () => {
    const state = teamConversation('patient');
    const op = (because: Uint8Array | null) => addOp([account('proxy')], true, because);
    expect(outcome(attempt({ view, state, author: 'ana', op: op(null) }))).toBe(
      'policy.forbidden@op.because',
    );
    expect(outcome(attempt({ view, state, author: 'ana', op: op(bytes('consent')) }))).toBe('ok');
    expect(outcome(attempt({ view, state, author: 'ana', op: addOp([account('patient')]) }))).toBe('ok');
  });

  it('takes nobody twice, no stranger, nobody who left the organisation, and no author from outside', () => {
    const tried = (op: EntryOp, author = 'ana') => outcome(attempt({ view, state: group, author, op }));
    expect(tried(addOp([account('ben')]))).toBe('policy.already_member@op.members.0');
    expect(tried(addOp([account('cleo'), account('cleo')]))).toBe('policy.already_member@op.members.1');
    expect(tried(addOp([account('zoe')]))).toBe('policy.kind@op.members.0');
    expect(tried(addOp([account('agent')]))).toBe('policy.kind@op.members.0');
    expect(tried(addOp([account('cleo')]), 'cleo')).toBe('policy.not_a_member@author');
    const gone = withAccount(view, account('cleo'), { active: false });
    expect(outcome(attempt({ view: gone, state: group, author: 'ana', op: addOp([account('cleo')]) }))).toBe(
      'policy.recipients@op.members.0',
    );
    const off = withAccount(view, account('ana'), { active: false });
    expect(outcome(attempt({ view: off, state: group, author: 'ana', op: addOp([account('cleo')]) }))).toBe(
      'policy.forbidden@author',
    );
  });
});

describe('remove', () => {
  it('from a group: the adder, a charge role, an administrator, or oneself', () => {
    const state = advance({ view, state: group, author: 'pharmacist', op: addOp([account('cleo')]) });
    const may = jobsThatMay((job) =>
      outcome(attempt({ view, state, author: job, op: removeOp([account('cleo')]) })),
    );
    expect(may).toEqual(sorted('pharmacist charge-nurse practice-manager it-admin'));
    for (const name of ['cleo', 'transport', 'ana'])
      expect(outcome(attempt({ view, state, author: name, op: removeOp([account(name)]) }))).toBe('ok');
    const both = removeOp([account('cleo'), account('ben')]);
    expect(outcome(attempt({ view, state, author: 'pharmacist', op: both }))).toBe(
      'policy.forbidden@op.members.1',
    );
  });

  it('from a keyring: a holder or oneself, never the last', () => {
    const may = jobsThatMay((job) =>
      outcome(attempt({ view, state: keyring, author: job, op: removeOp([account('ana')]) })),
    );
    expect(may).toEqual(sorted('practice-manager transport'));
    const alone = advance({
      view,
      state: keyring,
      author: 'ana',
      op: removeOp([account('practice-manager'), account('transport')]),
    });
    expect(outcome(attempt({ view, state: alone, author: 'ana', op: removeOp([account('ana')]) }))).toBe(
      'policy.kind@op.members',
    );
  });

  it.each(['patient', 'sidebar', 'queue', 'referral', 'collection'] as const)(
    'from a %s conversation: care team, front desk, administrators',
    (kind) => {
      const state = teamConversation(kind);
      const may = jobsThatMay((job) =>
        outcome(attempt({ view, state, author: job, op: removeOp([role('desk')]) })),
      );
      expect(may).toEqual(sorted(`${PATIENT_SIDE} practice-manager it-admin`));
    },
  );

  it('from a direct conversation: only one who left the organisation', () => {
    const state = advance({
      view,
      state: null,
      author: 'ana',
      op: createOp('direct', ['ana', 'practice-manager'].map(account)),
    });
    const tried = (seen: typeof view, author: string, target: string) =>
      outcome(attempt({ view: seen, state, author, op: removeOp([account(target)]) }));
    expect(tried(view, 'practice-manager', 'ana')).toBe('policy.forbidden@op.members.0');
    expect(tried(view, 'ana', 'ana')).toBe('policy.forbidden@op.members.0');
    const gone = withAccount(view, account('practice-manager'), { active: false });
    expect(tried(gone, 'ana', 'practice-manager')).toBe('ok');
  });

  it('of one who left the organisation is any member’s to carry out', () => {
    const gone = withAccount(view, account('ben'), { active: false });
    expect(
      outcome(attempt({ view: gone, state: group, author: 'transport', op: removeOp([account('ben')]) })),
    ).toBe('ok');
    expect(
      outcome(attempt({ view, state: group, author: 'transport', op: removeOp([account('ben')]) })),
    ).toBe('policy.forbidden@op.members.0');
  });

  it('takes members only', () => {
    expect(outcome(attempt({ view, state: group, author: 'ana', op: removeOp([account('cleo')]) }))).toBe(
      'policy.not_a_member@op.members.0',
    );
    const twice = removeOp([account('ana'), account('ana')]);
    expect(outcome(attempt({ view, state: group, author: 'ana', op: twice }))).toBe(
      'policy.not_a_member@op.members.1',
    );
  });
});
