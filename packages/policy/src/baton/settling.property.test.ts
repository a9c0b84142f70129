import { type AccountId, batonOfMessage, encodeHex, type IntegrationId } from '@baton/kernel';
import { type BatonOp, CLOSE_REASONS, CONTRACTS, type ConversationKind, type Manifest } from '@baton/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeDutyOrg } from '../fixtures/duty-scene.ts';
import { account, bytes, conversation, manifest, named, org, role } from '../fixtures/organisation.ts';
import {
  type AccountFacts,
  applyBatonEvent,
  type BatonFacts,
  type BatonState,
  createBatonFacts,
  type DutyConversation,
  type DutyOrg,
  emptyRecordBook,
  judgeBatonEvent,
  openBaton,
} from '../index.ts';

// What an agent may end by itself, and what not (docs/protocol/programmes.md §3).

const AGENT = account('agent');
const TEXTING = account('texting');
const PATIENT = account('patient');
const NURSE = account('nurse');
const CONV = conversation('thread');
const SETTLES: BatonOp = { op: 'close', reason: 'automation' };
const SETTLE_HASH = bytes('settles');

interface Scene {
  readonly kind?: ConversationKind;
  readonly members?: readonly AccountId[];
  /** The conversation's log is not here. */
  readonly isUnknown?: boolean;
  readonly access?: Manifest['access'];
  readonly agent?: Partial<AccountFacts>;
  readonly isManifestUnknown?: boolean;
}

const PATIENT_ACCESS: Manifest['access'] = [
  { kind: 'patient', history: true, writes: ['message', 'settle'] },
];

function factsOf(scene: Scene = {}): BatonFacts {
  const duty = makeDutyOrg({ 'on-call': ['nurse'], supervisor: ['nurse'] });
  const place: DutyConversation = {
    kind: scene.kind ?? 'patient',
    hasMember: (id) => (scene.members ?? [AGENT, TEXTING]).includes(id),
  };
  const agent: AccountFacts = {
    kind: 'agent',
    active: true,
    jobs: ['agent'],
    boxKeyGen: 1,
    manifest: SETTLE_HASH,
    revokedAt: -1,
    ...scene.agent,
  };
  const full: DutyOrg = {
    ...duty,
    conversation: () => (scene.isUnknown === true ? null : place),
    view: {
      ...duty.view,
      account: (id) =>
        id === AGENT ? agent : id === TEXTING ? { ...agent, active: true } : duty.view.account(id),
      manifest: (hash) =>
        scene.isManifestUnknown !== true && encodeHex(hash) === encodeHex(SETTLE_HASH)
          ? { ...manifest, program: 'reminders', access: scene.access ?? PATIENT_ACCESS }
          : null,
    },
  };
  return createBatonFacts(emptyRecordBook(), full);
}

const facts = factsOf();
const BATON = batonOfMessage(named('message', 'answer'), 0);

function opened(
  change: { readonly contract?: BatonState['contract']; readonly opener?: AccountId | IntegrationId } = {},
): BatonState {
  const asked = {
    org,
    baton: BATON,
    conv: CONV,
    opener: change.opener ?? PATIENT,
    contract: change.contract ?? 'reply',
    to: role('on-call'),
    deadline: 5000,
    reference: null,
  } as const;
  return follow(null, { op: openBaton(asked, facts, 1000), by: null, at: 1000 });
}

function tryFollow(
  state: BatonState | null,
  { op, by, at }: { readonly op: BatonOp; readonly by: AccountId | null; readonly at: number },
) {
  const n = state === null ? 0 : state.n + 1;
  const event = {
    v: 1,
    t: 'baton',
    org,
    baton: BATON,
    n,
    prev: state?.head ?? null,
    by,
    as: null,
    dk: null,
    ts: at,
    op,
  } as const;
  return applyBatonEvent(state, { event, hash: bytes(`event ${n}`), at });
}

function follow(state: BatonState | null, act: Parameters<typeof tryFollow>[1]): BatonState {
  const result = tryFollow(state, act);
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}

const judge = (state: BatonState, scene: Scene = {}, by: AccountId = AGENT): string => {
  const result = judgeBatonEvent(state, { by, op: SETTLES, at: 2000 }, factsOf(scene));
  return result.ok ? 'ok' : `${result.error.code} ${result.error.at}`;
};

describe('an agent with `settle`', () => {
  it('ends what a patient asked, or what an agent wrote down for one', () => {
    for (const opener of [PATIENT, account('proxy'), TEXTING, AGENT]) {
      const state = opened({ opener });
      expect(judge(state)).toBe('ok');
      const next = follow(state, { op: SETTLES, by: AGENT, at: 2000 });
      expect(next).toMatchObject({ status: 'closed', ended: { by: AGENT, reason: 'automation' } });
    }
  });

  it('ends it for a reader who was reached by the ladder alone and has no log of the conversation', () => {
    expect(judge(opened(), { isUnknown: true })).toBe('ok');
  });

  it.each<[string, BatonState]>([
    ['an emergency', opened({ contract: 'stat' })],
    ['a call', opened({ contract: 'talk' })],
    [
      'what has been acknowledged',
      follow(opened(), { op: { op: 'acknowledge', readBack: false }, by: NURSE, at: 1500 }),
    ],
    ['what somebody has taken', follow(opened(), { op: { op: 'take' }, by: NURSE, at: 1500 })],
    [
      'what is being handed over',
      follow(opened(), { op: { op: 'offer', to: NURSE, note: null }, by: NURSE, at: 1500 }),
    ],
    [
      'what was acknowledged once, and is open again',
      follow(follow(opened(), { op: { op: 'acknowledge', readBack: false }, by: NURSE, at: 1500 }), {
        op: { op: 'step', step: 1, target: role('on-call'), offsetMs: 0, reached: [NURSE], empty: false },
        by: null,
        at: 1800,
      }),
    ],
    [
      'what is answered',
      follow(opened(), {
        op: { op: 'answer', conv: CONV, message: named('message', 'a') },
        by: NURSE,
        at: 1500,
      }),
    ],
  ])('does not end %s, and no chain that says so holds', (_, state) => {
    expect(judge(state)).toMatch(/^baton\.(not_yours op|ended baton)$/);
    expect(tryFollow(state, { op: SETTLES, by: AGENT, at: 2000 }).ok).toBe(false);
  });

  it('does not end what a colleague or an outside system asked', () => {
    expect(judge(opened({ opener: NURSE }))).toBe('baton.not_yours by');
    expect(judge(opened({ opener: named('integration', 'ehr') }))).toBe('baton.not_yours by');
    expect(judge(opened({ opener: account('nobody') }))).toBe('baton.not_yours by');
  });

  it('gives no other reason for what is not its own', () => {
    for (const reason of CLOSE_REASONS.filter((one) => one !== 'automation')) {
      const op: BatonOp = { op: 'close', reason };
      expect(judgeBatonEvent(opened(), { by: AGENT, op, at: 2000 }, facts).ok).toBe(false);
    }
  });

  it.each<[string, BatonOp]>([
    ['acknowledge', { op: 'acknowledge', readBack: false }],
    ['take', { op: 'take' }],
    ['answer', { op: 'answer', conv: CONV, message: named('message', 'a') }],
    ['offer', { op: 'offer', to: NURSE, note: null }],
    ['reopen', { op: 'reopen', message: named('message', 'a') }],
  ])('does not %s', (_, op) => {
    expect(judgeBatonEvent(opened(), { by: AGENT, op, at: 2000 }, facts).ok).toBe(false);
  });
});

describe('nobody else', () => {
  it.each<[string, Scene]>([
    ['an agent without `settle`', { access: [{ kind: 'patient', history: true, writes: ['message'] }] }],
    [
      'an agent with `settle` elsewhere',
      { access: [{ kind: 'sidebar', history: true, writes: ['settle'] }] },
    ],
    ['an agent whose manifest nobody knows', { isManifestUnknown: true }],
    ['an agent without a manifest', { agent: { manifest: null } }],
    ['an agent that is no member', { members: [TEXTING] }],
    ...(['sidebar', 'group', 'queue', 'direct', 'referral', 'collection'] as const).map(
      (kind): [string, Scene] => [`an agent in a conversation of kind ${kind}`, { kind }],
    ),
  ])('%s', (_, scene) => {
    expect(judge(opened(), scene)).toBe('baton.not_yours by');
  });

  it('an ended agent', () => {
    expect(judge(opened(), { agent: { active: false } })).toBe('policy.forbidden by');
  });

  it('a person, the owner and an administrator neither, nor the patient who asked', () => {
    for (const by of [NURSE, account('practice-manager'), account('it-admin'), PATIENT])
      expect(judge(opened(), {}, by)).toBe('baton.not_yours by');
  });
});

describe('whatever happened before', () => {
  it('an automation ends only a reply that nobody has touched', () => {
    const people = [NURSE, AGENT, PATIENT, account('practice-manager')];
    const target = role('on-call');
    let allowed = 0;
    const ops = fc.oneof(
      fc.constantFrom<BatonOp>(
        { op: 'acknowledge', readBack: false },
        { op: 'take' },
        { op: 'accept' },
        { op: 'decline' },
        { op: 'offer', to: NURSE, note: null },
        { op: 'reopen', message: named('message', 'edit') },
        { op: 'return', reached: [NURSE] },
        { op: 'reassign', cause: 'off-duty', to: NURSE, reached: [NURSE] },
      ),
      fc
        .record({ step: fc.integer({ min: 1, max: 3 }), offsetMs: fc.constantFrom(0, 100, 200) })
        .map((more): BatonOp => ({ op: 'step', target, reached: [NURSE], empty: false, ...more })),
    );
    const act = fc.record({
      op: ops,
      by: fc.constantFrom(null, ...people),
      wait: fc.integer({ min: 1, max: 50 }),
    });
    const property = fc.property(
      fc.constantFrom(...CONTRACTS.filter((contract) => contract !== 'fyi')),
      fc.array(act, { maxLength: 12 }),
      fc.constantFrom(...people),
      (contract, acts, by) => {
        let state = opened({ contract });
        let isTouched = false;
        let at = 1000;
        for (const { op, by: who, wait } of acts) {
          at += wait;
          const next = tryFollow(state, { op, by: who, at });
          if (!next.ok) continue;
          isTouched ||= ['acknowledge', 'take', 'accept'].includes(op.op);
          state = next.value;
        }
        const ends = tryFollow(state, { op: SETTLES, by, at: at + 1 });
        const may = judgeBatonEvent(state, { by, op: SETTLES, at: at + 1 }, facts);
        if (ends.ok) expect([contract, isTouched]).toEqual(['reply', false]);
        allowed += Number(may.ok);
        if (may.ok) expect([ends.ok, by]).toEqual([true, AGENT]);
        if (contract === 'reply' && !isTouched && state.offer === null && by === AGENT)
          expect(may.ok).toBe(true);
      },
    );
    fc.assert(property, { numRuns: 500 });
    expect(allowed, 'some were allowed').toBeGreaterThan(10);
  });
});
