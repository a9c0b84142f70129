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
  manifestHash,
  named,
  outcome,
  removeOp,
  role,
  rotateOp,
  T0,
  withAccount,
  withHolders,
} from '../fixtures/organisation.ts';
import type { ConversationState } from '../index.ts';

const view = makeOrganisation();
const CLINICAL =
  'physician app nurse charge-nurse medical-assistant therapist case-manager social-worker pharmacist';
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

describe('agents', () => {
  const grant = (hist = false, manifest = manifestHash): EntryOp => ({
    op: 'agent-grant',
    agent: account('agent'),
    hist,
    manifest,
  });
  const withAgent = advance({ view, state: group, author: 'ana', op: grant() });
  const inKeyring = advance({ view, state: keyring, author: 'ana', op: grant() });

  it('come by a member’s grant within their manifest, and only so', () => {
    const tried = (op: EntryOp, state: ConversationState = group, author = 'ana') =>
      outcome(attempt({ view, state, author, op }));
    expect(tried(grant())).toBe('ok');
    expect(tried(grant(), group, 'transport')).toBe('policy.forbidden@op');
    expect(tried(grant(false, bytes('other')))).toBe('policy.manifest@op.manifest');
    expect(tried(grant(true))).toBe('policy.manifest@op.hist');
    expect(tried(grant(), teamConversation('queue'))).toBe('policy.manifest@op.manifest');
    expect(tried({ ...grant(), agent: account('ben') } as EntryOp)).toBe('policy.already_member@op.agent');
    expect(tried({ ...grant(), agent: account('cleo') } as EntryOp)).toBe('policy.kind@op.agent');
    expect(tried(grant(), withAgent)).toBe('policy.already_member@op.agent');
  });

  it('go at any person’s word, at once, with a new generation', () => {
    const op: EntryOp = { op: 'agent-revoke', agent: account('agent') };
    const gone = advance({ view, state: withAgent, author: 'transport', op });
    expect(gone.gen).toBe(withAgent.gen + 1);
    expect(gone.members.has(account('agent'))).toBe(false);
    expect(outcome(attempt({ view, state: withAgent, author: 'agent', op }))).toBe('ok');
    expect(outcome(attempt({ view, state: withAgent, author: 'cleo', op }))).toBe(
      'policy.not_a_member@author',
    );
    expect(outcome(attempt({ view, state: group, author: 'ana', op }))).toBe('policy.not_a_member@op.agent');
    expect(
      outcome(
        attempt({ view, state: withAgent, author: 'practice-manager', op: removeOp([account('agent')]) }),
      ),
    ).toBe('policy.kind@op.members.0');
  });

  it('rotate as any member does, and change no members', () => {
    expect(outcome(attempt({ view, state: withAgent, author: 'agent', op: rotateOp }))).toBe('ok');
    expect(outcome(attempt({ view, state: withAgent, author: 'agent', op: addOp([account('cleo')]) }))).toBe(
      'policy.forbidden@op',
    );
    expect(
      outcome(attempt({ view, state: withAgent, author: 'agent', op: removeOp([account('ben')]) })),
    ).toBe('policy.forbidden@op.members.0');
  });

  it('on duty enter and remove holders for a reason that they name', () => {
    const tried = (op: EntryOp) => outcome(attempt({ view, state: inKeyring, author: 'agent', op }));
    const schedule = bytes('schedule');
    expect(tried(addOp([account('ben')], true, schedule))).toBe('ok');
    expect(tried(addOp([account('ben')], true))).toBe('policy.forbidden@op');
    expect(tried(removeOp([account('ana')], schedule))).toBe('ok');
    expect(tried(removeOp([account('ana')]))).toBe('policy.forbidden@op.members.0');
  });
});

describe('an invitation by link', () => {
  const invite = (changes: object = {}): EntryOp => ({
    op: 'invite',
    invitation: named('invitation', 'link'),
    account: account('invited'),
    sigPub: bytes('link signing key'),
    boxPub: new Uint8Array(1216),
    notAfter: T0 + 1000,
    hist: true,
    ...changes,
  });
  const patient = teamConversation('patient');
  const invited = advance({ view, state: patient, author: 'ana', op: invite() });
  const claimed = withAccount(view, account('invited'), { active: true, boxKeyGen: 1 });
  const claim: EntryOp = {
    op: 'claim',
    invitation: named('invitation', 'link'),
    account: account('invited'),
    proof: new Uint8Array(64),
  };

  it('is the care team’s and the front desk’s, in patient conversations, for one without keys', () => {
    const may = jobsThatMay((job) => outcome(attempt({ view, state: patient, author: job, op: invite() })));
    expect(may).toEqual(sorted(PATIENT_SIDE));
    const tried = (op: EntryOp, state = patient) => outcome(attempt({ view, state, author: 'ana', op }));
    expect(tried(invite(), group)).toBe('policy.kind@op');
    expect(tried(invite({ account: account('patient') }))).toBe('policy.kind@op.account');
    expect(tried(invite({ account: account('ana') }))).toBe('policy.kind@op.account');
    expect(tried(invite({ hist: false }))).toBe('policy.kind@op.hist');
    expect(tried(invite({ notAfter: T0 }))).toBe('policy.forbidden@op.notAfter');
    expect(tried(invite(), invited)).toBe('policy.already_member@op.account');
  });

  it('seals to the link’s key until somebody claims it, once, in time', () => {
    expect(invited.boxed.get(account('invited'))).toBe(0);
    const member = advance({ view: claimed, state: invited, author: 'invited', op: claim });
    expect(member.boxed.get(account('invited'))).toBe(1);
    expect(member.outsiderHoldsKey).toBe(true);
    const tried = (changes: object, state = invited) =>
      outcome(attempt({ view: claimed, state, author: 'invited', op: claim, ...changes }));
    expect(tried({}, member)).toBe('policy.forbidden@op.invitation');
    expect(tried({ ts: T0 + 1000 })).toBe('policy.forbidden@op.invitation');
    expect(tried({ author: 'ana' })).toBe('policy.not_a_member@author');
    expect(tried({}, patient)).toBe('policy.not_a_member@author');
    expect(outcome(attempt({ view, state: invited, author: 'invited', op: claim }))).toBe(
      'policy.forbidden@author',
    );
  });

  it('gives no other right before the claim', () => {
    const roleless = withHolders(withHolders(claimed, role('nurses'), []), role('desk'), []);
    const tried = { view: roleless, state: invited, author: 'invited', op: rotateOp };
    expect(outcome(attempt(tried))).toBe('policy.not_a_member@author');
    expect(outcome(attempt({ ...tried, op: claim }))).toBe('ok');
  });
});

describe('standing, policy and closing', () => {
  it('of a group: owner, charge, administrator', () => {
    const may = (op: EntryOp) =>
      jobsThatMay((job) => outcome(attempt({ view, state: group, author: job, op })));
    const leaders = sorted('charge-nurse practice-manager it-admin');
    expect(may({ op: 'role', member: account('ben'), standing: 'owner' })).toEqual(leaders);
    expect(may({ op: 'policy', retentionDays: 30, openInvite: false })).toEqual(leaders);
    expect(may({ op: 'close', reason: 'done' })).toEqual(leaders);
    expect(outcome(attempt({ view, state: group, author: 'ana', op: { op: 'close', reason: 'done' } }))).toBe(
      'ok',
    );
    const promoted = advance({
      view,
      state: group,
      author: 'ana',
      op: { op: 'role', member: account('ben'), standing: 'owner' },
    });
    expect(
      outcome(attempt({ view, state: promoted, author: 'ben', op: { op: 'close', reason: 'done' } })),
    ).toBe('ok');
  });

  it('of a closed conversation: members may only go', () => {
    const closed = advance({ view, state: group, author: 'ana', op: { op: 'close', reason: 'done' } });
    const tried = (op: EntryOp) => outcome(attempt({ view, state: closed, author: 'ana', op }));
    expect(tried(addOp([account('cleo')]))).toBe('policy.closed@op');
    expect(tried({ op: 'close', reason: 'done' })).toBe('policy.closed@op');
    expect(tried(rotateOp)).toBe('ok');
    expect(tried(removeOp([account('ana')]))).toBe('ok');
  });
});
