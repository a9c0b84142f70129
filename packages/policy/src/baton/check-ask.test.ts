import type { MemberId, OwnerId } from '@baton/kernel';
import type { EnvelopeHeader, RecordBody } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { makeDutyOrg, save } from '../fixtures/duty-scene.ts';
import { account, bytes, conversation, named, org, outcome, role } from '../fixtures/organisation.ts';
import {
  checkAsk,
  createBatonFacts,
  defaultLadders,
  defaultPolicy,
  emptyRecordBook,
  ladderRecipients,
  type RecordBook,
} from '../index.ts';

const duty = makeDutyOrg({
  'on-call': ['ana'],
  backup: ['ben'],
  charge: ['charge-nurse'],
  supervisor: ['nurse'],
});
const QUEUE = named('queue', 'refills');
const bodies: readonly RecordBody[] = [
  ...Object.values(defaultLadders()),
  defaultPolicy(role('supervisor')),
  {
    kind: 'unit',
    unit: named('unit', 'west'),
    name: '4 West',
    backup: role('backup'),
    charge: role('charge'),
    ladders: { reply: null, talk: null, stat: null },
    callback: null,
    showSender: { reply: false, talk: false, stat: true },
    active: true,
  },
  {
    kind: 'queue',
    queue: QUEUE,
    name: 'Refills',
    roles: [role('on-call')],
    defaultOwner: account('ben'),
    active: true,
  },
];
const book = bodies.reduce<RecordBook>((grown, body) => save(grown, body), emptyRecordBook());
const facts = createBatonFacts(book, duty);

function header(
  to: readonly OwnerId[],
  boxes: readonly MemberId[] | null,
  changes: object = {},
): EnvelopeHeader {
  return {
    v: 1,
    t: 'envelope',
    org,
    conv: conversation('talk'),
    gen: 1,
    logN: 0,
    logHead: bytes('head'),
    author: account('ana'),
    dk: bytes('device'),
    ts: 0,
    salt: bytes('salt'),
    last: null,
    id: named('message', 'ask'),
    as: null,
    class: { kind: 'message', contract: 'stat', to: [...to], withinMs: 300_000, replyTo: null, ...changes },
    blobs: [],
    escalation:
      boxes === null
        ? null
        : {
            boxes: boxes.map((member) => ({ to: member, g: 1, b: bytes(member) })),
            context: bytes('context'),
          },
  };
}

describe('whom a message that asks is boxed to', () => {
  it('is the owner, the ladder of the unit, and the supervisor at the end', () => {
    expect(ladderRecipients({ to: [role('on-call')], contract: 'stat', at: 0 }, facts)).toEqual([
      role('on-call'),
      role('backup'),
      role('charge'),
      role('supervisor'),
    ]);
    expect(ladderRecipients({ to: [account('ana')], contract: 'stat', at: 0 }, facts)).toEqual([
      account('ana'),
      role('backup'),
      role('charge'),
      role('supervisor'),
    ]);
    expect(ladderRecipients({ to: [account('cleo')], contract: 'stat', at: 0 }, facts)).toEqual([
      account('cleo'),
      role('supervisor'),
    ]);
    expect(ladderRecipients({ to: [QUEUE], contract: 'reply', at: 0 }, facts)).toEqual([
      account('ben'),
      role('backup'),
      role('charge'),
      role('supervisor'),
    ]);
    expect(ladderRecipients({ to: [role('supervisor')], contract: 'stat', at: 0 }, facts)).toEqual([
      role('supervisor'),
    ]);
  });

  it('is also whoever stands in now without the keys', () => {
    const away = { kind: 'availability', account: account('ana'), duty: 'off', until: null } as const;
    const covered = createBatonFacts(save(book, { ...away, cover: account('cleo') }), duty);
    const ask = { to: [role('on-call')], contract: 'stat', at: 0 } as const;
    expect(ladderRecipients(ask, covered)).toContain(account('cleo'));
    expect(ladderRecipients(ask, covered, { standIns: false })).not.toContain(account('cleo'));
  });
});

describe('a message that asks', () => {
  const full = ladderRecipients({ to: [role('on-call')], contract: 'stat', at: 0 }, facts);
  const staff = { kind: 'user', atMs: 0 } as const;
  const check = (...args: Parameters<typeof header>): string =>
    outcome(checkAsk(header(...args), facts, staff));
  const to = [role('on-call')];

  it('passes with everybody of its ladder, and more', () => {
    expect(check(to, full)).toBe('ok');
    expect(check(to, [...full, account('cleo')])).toBe('ok');
    expect(check([], null, { contract: 'fyi', withinMs: null })).toBe('ok');
  });

  it('is refused without any one of them', () => {
    for (const member of full)
      expect(
        check(
          to,
          full.filter((id) => id !== member),
        ),
      ).toBe('baton.escalation@escalation.boxes');
    expect(check(to, null)).toBe('baton.escalation@escalation.boxes');
  });

  it('is refused with a box at an old key, a second one, or one for nobody', () => {
    const old = header(to, full);
    const stale = {
      ...old,
      escalation: { context: bytes('c'), boxes: full.map((id) => ({ to: id, g: 2, b: bytes(id) })) },
    };
    expect(outcome(checkAsk(stale, facts, staff))).toBe('baton.escalation@escalation.boxes.0');
    expect(check(to, [...full, role('on-call')])).toBe('baton.escalation@escalation.boxes.4');
    expect(check(to, [...full, account('invited')])).toBe('baton.escalation@escalation.boxes.4');
  });

  it('is refused for owners that nobody can be, and before a supervisor is named', () => {
    expect(check([account('agent')], full)).toBe('baton.owner@class.to.0');
    expect(check([account('patient')], full)).toBe('baton.owner@class.to.0');
    expect(check([role('on-call'), named('queue', 'none')], full)).toBe('baton.owner@class.to.1');
    expect(check([role('on-call'), role('on-call')], full)).toBe('baton.owner@class.to');
    expect(check([], full)).toBe('baton.owner@class.to');
    expect(check(to, full, { withinMs: null })).toBe('baton.owner@class.to');
    expect(check(to, full, { kind: 'reaction' })).toBe('policy.kind@class.contract');
    const bare = createBatonFacts(emptyRecordBook(), duty);
    expect(outcome(checkAsk(header(to, full), bare, staff))).toBe('duty.no_supervisor@class.contract');
  });

  it('that asks nothing carries nothing', () => {
    expect(check(to, null, { contract: 'fyi', withinMs: null })).toBe('baton.owner@class.to');
    expect(check([], full, { contract: 'fyi', withinMs: null })).toBe('baton.escalation@escalation');
  });
});

describe('a message of a patient or an agent that asks', () => {
  const full = ladderRecipients({ to: [role('on-call')], contract: 'stat', at: 0 }, facts);
  const by = (kind: 'patient' | 'agent', ...args: Parameters<typeof header>): string =>
    outcome(checkAsk(header(...args), facts, { kind, atMs: 0 }));
  const to = [role('on-call')];

  it('is no refusal for want of boxes: a ladder may have changed, and members make late ones', () => {
    for (const kind of ['patient', 'agent'] as const) {
      expect(by(kind, to, full)).toBe('ok');
      expect(by(kind, to, [role('backup')])).toBe('ok');
      expect(by(kind, to, null)).toBe('ok');
      expect(by(kind, [QUEUE], null, { contract: 'reply' })).toBe('ok');
      const stale = header(to, full);
      const old = {
        ...stale,
        escalation: { context: bytes('c'), boxes: [{ to: role('backup'), g: 2, b: bytes('b') }] },
      };
      expect(outcome(checkAsk(old, facts, { kind, atMs: 0 }))).toBe('baton.escalation@escalation.boxes.0');
      expect(by(kind, to, null, { withinMs: null })).toBe('baton.owner@class.to');
      expect(by(kind, [], null)).toBe('baton.owner@class.to');
      expect(by(kind, to, null, { kind: 'form' })).toBe('policy.kind@class.contract');
      const bare = createBatonFacts(emptyRecordBook(), duty);
      expect(outcome(checkAsk(header(to, full), bare, { kind, atMs: 0 }))).toBe(
        'duty.no_supervisor@class.contract',
      );
    }
  });

  it('of a patient is for an answer or for help at once, of roles and queues, in a time that people can keep', () => {
    for (const contract of ['reply', 'stat']) expect(by('patient', to, null, { contract })).toBe('ok');
    expect(by('patient', to, null, { contract: 'talk' })).toBe('policy.forbidden@class.contract');
    expect(by('agent', to, null, { contract: 'talk' })).toBe('ok');
    expect(by('patient', [role('on-call'), account('ana')], null)).toBe('baton.owner@class.to.1');
    expect(by('agent', [account('ana')], null)).toBe('ok');
    expect(by('patient', to, [role('backup'), account('ana')])).toBe('baton.escalation@escalation.boxes.1');
    expect(by('agent', to, [account('ana')])).toBe('ok');
    const three = [role('on-call'), role('backup'), role('charge')];
    expect(by('patient', three, null)).toBe('baton.owner@class.to');
    expect(by('patient', three.slice(1), null)).toBe('ok');
    expect(by('patient', to, null, { withinMs: 59_999 })).toBe('policy.forbidden@class.withinMs');
    expect(by('patient', to, null, { withinMs: 60_000 })).toBe('ok');
    expect(by('patient', [named('queue', 'none')], null)).toBe('baton.owner@class.to.0');
  });

  it('that asks nothing carries nothing, whoever writes it', () => {
    expect(by('patient', to, null, { contract: 'fyi', withinMs: null })).toBe('baton.owner@class.to');
    expect(by('patient', [], null, { contract: 'fyi', withinMs: null })).toBe('ok');
  });
});
