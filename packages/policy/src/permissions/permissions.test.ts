import { JOBS, type Job } from '@baton/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACTIONS, type Action, type Actor, can, explain, isAction } from '../index.ts';

const kindOf = (job: Job): Actor['kind'] =>
  job === 'agent' ? 'agent' : job === 'patient' || job === 'proxy' ? 'patient' : 'user';
const actor = (job: Job, changes: Partial<Actor> = {}): Actor => ({
  kind: kindOf(job),
  active: true,
  jobs: [job],
  ...changes,
});

const SELF: readonly Action[] = [
  'session.read.own',
  'credential.manage.own',
  'device.register.own',
  'device.revoke.own',
  'vault.write.own',
  'keylog.read',
  'conversation.read',
  'message.send',
  'blob.write',
  'blob.read',
  'push.own',
];
const STAFF: readonly Action[] = [
  ...SELF,
  'conversation.create.direct',
  'conversation.create.group',
  'directory.read',
  'role.hold',
  'baton.read',
  'baton.act',
  'duty.availability.own',
  'notice.address.own',
];
const CARE: readonly Action[] = [
  ...STAFF,
  'conversation.create.patient',
  'conversation.create.sidebar',
  'conversation.create.queue',
  'conversation.create.referral',
  'conversation.create.collection',
  'people.invite.patient',
  'patient.registry.read',
  'patient.registry.write',
];
const CLINICAL: readonly Action[] = [...CARE, 'protocol.write'];
const CLINICIAN: readonly Action[] = [
  ...CLINICAL,
  'protocol.sign.clinician',
  'regimen.confirm',
  'alert.act.red',
];
const ADMIN: readonly Action[] = [
  ...CARE.filter((action) => !action.startsWith('patient.') && action !== 'people.invite.patient'),
  'conversation.create.keyring',
  'people.invite',
  'people.invite.agent',
  'people.grant',
  'people.deactivate',
  'device.revoke.other',
  'role.define',
  'import.run',
  'org.settings',
  'server.status.read',
  'duty.policy',
  'duty.schedule',
  'agent.manage',
  'agent.activity.read',
  'integration.manage',
];

/** What each job may do, written out a second time: job by job where the table goes action by action. */
const EXPECTED: Readonly<Record<Job, readonly Action[]>> = {
  physician: CLINICIAN,
  app: CLINICIAN,
  nurse: CLINICIAN,
  'charge-nurse': [...CLINICIAN, 'duty.schedule'],
  'medical-assistant': CLINICAL,
  therapist: CLINICAL,
  'case-manager': CLINICAL,
  'social-worker': CLINICAL,
  pharmacist: CLINICIAN,
  'front-desk': CARE,
  transport: STAFF,
  'practice-manager': [
    ...ADMIN,
    'people.invite.patient',
    'patient.registry.read',
    'patient.registry.write',
    'protocol.write',
    'org.authority',
    'retention.set',
  ],
  'it-admin': ADMIN,
  'compliance-officer': [
    ...STAFF,
    'agent.activity.read',
    'audit.read',
    'audit.export',
    'retention.set',
    'hold.set',
  ],
  patient: SELF,
  proxy: SELF,
  'outside-clinician': [...SELF, 'baton.read'],
  agent: [...SELF, 'baton.read', 'baton.settle'],
};

describe('every action and every job', () => {
  const pairs = JOBS.flatMap((job) => ACTIONS.map((action) => [job, action] as const));

  it('is decided as written down', () => {
    const wrong = pairs.filter(([job, action]) => can(actor(job), action) !== EXPECTED[job].includes(action));
    expect(wrong).toEqual([]);
    expect(pairs).toHaveLength(18 * ACTIONS.length);
  });

  it('is explained by the rule that decided', () => {
    for (const [job, action] of pairs) {
      const rule = EXPECTED[job].includes(action) ? `allow:${action}:${job}` : 'deny:default';
      expect(explain(actor(job), action).rule).toBe(rule);
    }
  });

  it('is denied to an account that is not active', () => {
    expect(pairs.filter(([job, action]) => can(actor(job, { active: false }), action))).toEqual([]);
  });

  it('counts only jobs that fit the kind of account', () => {
    for (const job of JOBS) {
      for (const kind of ['user', 'agent', 'patient'] as const) {
        if (kind === kindOf(job)) continue;
        expect(ACTIONS.filter((action) => can(actor(job, { kind }), action))).toEqual([]);
      }
    }
  });
});

describe('deny by default', () => {
  it('refuses an action that the table does not know', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString')), (text) => {
        fc.pre(!isAction(text));
        for (const job of JOBS)
          expect(explain(actor(job), text)).toEqual({ allowed: false, rule: 'deny:unknown-action' });
      }),
    );
  });

  it('refuses a job and a kind that the table does not know', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.string(), fc.constantFrom(...ACTIONS), (jobs, kind, action) => {
        const unknown = jobs.filter((job) => !(JOBS as readonly string[]).includes(job)) as Job[];
        expect(can({ kind: 'user', active: true, jobs: unknown }, action)).toBe(false);
        if (kind === 'user' || kind === 'agent' || kind === 'patient') return;
        expect(can({ kind: kind as 'user', active: true, jobs: [...JOBS] }, action)).toBe(false);
      }),
    );
  });

  it('adds up jobs, and never more than their sum', () => {
    const some = fc.uniqueArray(fc.constantFrom(...JOBS), { maxLength: 4 });
    fc.assert(
      fc.property(some, fc.constantFrom(...ACTIONS), (jobs, action) => {
        const expected = jobs.some((job) => kindOf(job) === 'user' && EXPECTED[job].includes(action));
        expect(can({ kind: 'user', active: true, jobs }, action)).toBe(expected);
      }),
    );
  });

  it('lets nobody deactivate or regrade oneself', () => {
    const manager = actor('practice-manager');
    expect(can(manager, 'people.deactivate')).toBe(true);
    expect(explain(manager, 'people.deactivate', { onOneself: true }).rule).toBe('deny:on-oneself');
    expect(can(manager, 'people.grant', { onOneself: true })).toBe(false);
    expect(can(manager, 'device.revoke.own', { onOneself: true })).toBe(true);
  });
});
