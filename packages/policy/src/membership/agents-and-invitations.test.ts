import { type AgentWrite, type ConversationKind, type EntryOp, JOBS, type Manifest } from '@baton/wire';
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
  manifest,
  manifestHash,
  named,
  outcome,
  removeOp,
  role,
  rotateOp,
  T0,
  withAccount,
  withDutyRecord,
  withInvitation,
  withHolders,
} from '../fixtures/organisation.ts';
import { type ConversationState, type DutyRecord, mayAgentWrite } from '../index.ts';

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

  it('write what the manifest lists for the kind of conversation, and members of keyrings only with duty', () => {
    const may = (kind: AgentWrite, conversationKind: ConversationKind, changes: Partial<Manifest> = {}) =>
      mayAgentWrite({ ...manifest, ...changes }, { kind, conversationKind });
    const access = [
      { kind: 'group', history: false, writes: ['message', 'members'] },
      { kind: 'keyring', history: true, writes: ['members'] },
    ] satisfies Manifest['access'];
    expect(may('message', 'group', { access })).toBe(true);
    expect(may('edit', 'group', { access })).toBe(false);
    expect(may('message', 'patient', { access })).toBe(false);
    expect(may('members', 'keyring', { access })).toBe(true);
    expect(may('members', 'keyring', { access, duty: false })).toBe(false);
    expect(may('members', 'group', { access })).toBe(false);
    expect(may('members', 'keyring', { access: [{ ...access[1]!, writes: [] }] })).toBe(false);
  });

  describe('on duty', () => {
    const minute = 60_000;
    const slot = { day: 5, from: 8 * 60, to: 9 * 60, account: account('ben') };
    // T0 is Friday, 15 January 2027, 08:00 UTC.
    const schedule: DutyRecord = {
      body: { kind: 'schedule', role: role('desk'), timeZone: 'UTC', weekly: [slot], active: true },
      at: T0 - minute,
      replacedAt: null,
    };
    const cover: DutyRecord = {
      body: {
        kind: 'cover',
        cover: named('event', 'cover'),
        role: role('desk'),
        account: account('cleo'),
        instead: account('transport'),
        from: T0,
        until: T0 + 60 * minute,
        active: true,
      },
      at: T0 - minute,
      replacedAt: null,
    };
    const tried = (op: EntryOp, record: DutyRecord = schedule, ts = T0) =>
      outcome(
        attempt({
          view: withDutyRecord(view, 'reason', record),
          state: inKeyring,
          author: 'agent',
          op,
          ts,
        }),
      );
    const reason = bytes('reason');
    const addBen = addOp([account('ben')], true, reason);
    const removeAna = removeOp([account('ana')], reason);

    it('change nothing by a manifest that does not list members, whatever the record says', () => {
      const silent = {
        ...manifest,
        access: manifest.access.map((listed) => ({ ...listed, writes: [] })),
      };
      const shown = { ...withDutyRecord(view, 'reason', schedule), manifest: () => silent };
      expect(outcome(attempt({ view: shown, state: inKeyring, author: 'agent', op: addBen }))).toBe(
        'policy.forbidden@op',
      );
    });

    it('are taken at their manifest’s word by who is not told of schedules, and at no more', () => {
      const trusting = { ...view, trustsDutyAgents: true };
      const by = (op: EntryOp, shown: typeof view = trusting) =>
        outcome(attempt({ view: shown, state: inKeyring, author: 'agent', op }));
      expect(by(addBen)).toBe('ok');
      expect(by(addBen, view)).toBe('policy.forbidden@op');
      expect(by(addOp([account('ben')]))).toBe('policy.forbidden@op');
      const idle = { ...trusting, manifest: () => ({ ...manifest, duty: false }) };
      expect(by(addBen, idle)).toBe('policy.forbidden@op');
    });

    it('enter and remove holders as the record says that they name', () => {
      expect(tried(addBen)).toBe('ok');
      expect(tried(removeAna)).toBe('ok');
      expect(tried(addOp([account('cleo')], true, reason), cover)).toBe('ok');
      expect(tried(removeOp([account('transport')], reason), cover)).toBe('ok');
    });

    it('do nothing without a reason, by one that is not known, or for another role', () => {
      expect(tried(addOp([account('ben')], true))).toBe('policy.forbidden@op');
      expect(tried(removeOp([account('ana')]))).toBe('policy.forbidden@op.members.0');
      expect(tried(addOp([account('ben')], true, bytes('nothing')))).toBe('policy.forbidden@op');
      const elsewhere = { ...schedule, body: { ...schedule.body, role: role('nurses') } };
      expect(tried(addBen, elsewhere)).toBe('policy.forbidden@op');
    });

    it('do nothing that the record does not call for', () => {
      expect(tried(addOp([account('cleo')], true, reason))).toBe('policy.forbidden@op');
      expect(tried(addOp([account('ben'), account('cleo')], true, reason))).toBe('policy.forbidden@op');
      expect(tried(addBen, cover)).toBe('policy.forbidden@op');
      expect(tried(removeAna, cover)).toBe('policy.forbidden@op.members.0');
      const whole = { ...slot, from: 0, to: 0, account: account('ana') };
      const always = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ ...whole, day }));
      const busy = { ...schedule, body: { ...schedule.body, weekly: always } } as DutyRecord;
      expect(tried(removeAna, busy)).toBe('policy.forbidden@op.members.0');
      const off = { ...schedule, body: { ...schedule.body, active: false } };
      expect(tried(addBen, off)).toBe('policy.forbidden@op');
      expect(tried(removeAna, off)).toBe('policy.forbidden@op.members.0');
    });

    it('do it at the time that the record names, give or take a quarter of an hour', () => {
      const at = (minutes: number, op = addBen) => tried(op, schedule, T0 + minutes * minute);
      expect(at(-15)).toBe('ok');
      expect(at(-16)).toBe('policy.forbidden@op');
      expect(at(74)).toBe('ok');
      expect(at(76)).toBe('policy.forbidden@op');
      const removeBen = removeOp([account('transport')], reason);
      const transports = { ...slot, account: account('transport') };
      const shift = { ...schedule, body: { ...schedule.body, weekly: [transports] } } as DutyRecord;
      expect(tried(removeBen, shift, T0 + 30 * minute)).toBe('policy.forbidden@op.members.0');
      expect(tried(removeBen, shift, T0 + 46 * minute)).toBe('ok');
    });

    it('do nothing by a record that was not in force then', () => {
      expect(tried(addBen, { ...schedule, replacedAt: T0 - 16 * minute })).toBe('policy.forbidden@op');
      expect(tried(addBen, { ...schedule, replacedAt: T0 - 14 * minute })).toBe('ok');
      expect(tried(addBen, { ...schedule, at: T0 + 16 * minute })).toBe('policy.forbidden@op');
    });
  });
});

describe('an invitation by link', () => {
  const invite = (changes: object = {}): EntryOp => ({
    op: 'invite',
    because: null,
    invitation: named('invitation', 'link'),
    account: account('invited'),
    sigPub: bytes('link signing key'),
    boxPub: new Uint8Array(1216),
    notAfter: T0 + 1000,
    hist: true,
    ...changes,
  });
  const patient = teamConversation('patient');
  const offered = withInvitation(view, 'link');
  const invited = advance({ view: offered, state: patient, author: 'ana', op: invite() });
  const claimed = withAccount(offered, account('invited'), { active: true, boxKeyGen: 1 });
  const claim: EntryOp = {
    op: 'claim',
    invitation: named('invitation', 'link'),
    account: account('invited'),
    proof: new Uint8Array(64),
  };

  it('is the care team’s, the front desk’s and the manager’s, in patient conversations, for one without keys', () => {
    const may = jobsThatMay((job) =>
      outcome(attempt({ view: offered, state: patient, author: job, op: invite() })),
    );
    expect(may).toEqual(sorted(`${PATIENT_SIDE} practice-manager`));
    const tried = (op: EntryOp, state = patient) =>
      outcome(attempt({ view: offered, state, author: 'ana', op }));
    expect(tried(invite(), group)).toBe('policy.kind@op');
    expect(tried(invite({ account: account('patient') }))).toBe('policy.forbidden@op.invitation');
    expect(tried(invite({ account: account('ana') }))).toBe('policy.kind@op.account');
    expect(tried(invite({ hist: false }))).toBe('policy.kind@op.hist');
    expect(tried(invite({ notAfter: T0 }))).toBe('policy.forbidden@op.notAfter');
    expect(tried(invite(), invited)).toBe('policy.already_member@op.account');
  });

  it('is one that the key log holds open, for this account, with this key, no longer than it lasts', () => {
    const tried = (seen: typeof view, changes: object = {}) =>
      outcome(attempt({ view: seen, state: patient, author: 'ana', op: invite(changes) }));
    expect(tried(view)).toBe('policy.forbidden@op.invitation');
    expect(tried(offered, { invitation: named('invitation', 'other') })).toBe(
      'policy.forbidden@op.invitation',
    );
    expect(tried(withInvitation(view, 'link', { open: false }))).toBe('policy.forbidden@op.invitation');
    expect(tried(withInvitation(view, 'link', { account: account('patient') }))).toBe(
      'policy.forbidden@op.invitation',
    );
    expect(tried(offered, { sigPub: bytes('a server’s own key') })).toBe('policy.forbidden@op.sigPub');
    expect(tried(offered, { notAfter: T0 + 1001 })).toBe('policy.forbidden@op.notAfter');
    expect(tried(offered, { notAfter: T0 + 999 })).toBe('ok');
  });

  it('replaces the keys of a lost phone: one with keys of an earlier generation is invited again', () => {
    const again = withInvitation(view, 'link', { account: account('patient') });
    const op = invite({ account: account('patient') });
    const state = advance({ view: again, state: patient, author: 'ana', op });
    expect(state.boxed.get(account('patient'))).toBe(0);
    // A member with keys is taken out first, and with that the conversation gets new keys.
    const member = advance({ view: again, state: patient, author: 'ana', op: addOp([account('patient')]) });
    const tried = (from: ConversationState) =>
      outcome(attempt({ view: again, state: from, author: 'ana', op }));
    expect(tried(member)).toBe('policy.already_member@op.account');
    const out = advance({ view: again, state: member, author: 'ana', op: removeOp([account('patient')]) });
    expect(out.gen).toBe(member.gen + 1);
    expect(tried(out)).toBe('ok');
  });

  it('needs a consent record for a proxy', () => {
    const proxy = withInvitation(view, 'link', { account: account('proxy') });
    const tried = (because: Uint8Array | null) => {
      const op = invite({ account: account('proxy'), because });
      return outcome(attempt({ view: proxy, state: patient, author: 'ana', op }));
    };
    expect(tried(null)).toBe('policy.forbidden@op.because');
    expect(tried(bytes('consent'))).toBe('ok');
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
