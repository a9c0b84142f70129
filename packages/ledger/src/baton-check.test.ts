import { batonOfMessage } from '@baton/kernel';
import {
  type BatonEvent,
  batonEventCodec,
  escalationBoxCodec,
  type OrgRecord,
  orgRecordCodec,
} from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { conv, makeEnvelopeHeader } from './fixtures/objects.ts';
import {
  digest,
  makeBytes,
  makeNamedId,
  makeSigner,
  type Signer,
  signBody,
  verify,
} from './fixtures/signing.ts';
import { valueOf } from './fixtures/vector-files.ts';
import {
  accountId,
  alter,
  certificateFor,
  certificateHash,
  DAY,
  deviceKeyOf,
  drafts,
  growKeyLog,
  makePractice,
  org,
  roleId,
  server,
  signCertificate,
  T0,
  uikOf,
} from './fixtures/world.ts';
import {
  checkBatonEvent,
  checkCertificate,
  checkEscalation,
  checkPastCertificate,
  checkRecord,
  escalationRecipients,
  findAccountAt,
  findAuthority,
  hashEscalationBox,
  hashEscalationContext,
  LABELS,
  openBatonEvent,
  openRecord,
} from './index.ts';

const practice = await makePractice();
const anaBytes = signCertificate(certificateFor(practice, 'ana'), uikOf('ana'));
const ana = valueOf(await checkCertificate(practice, anaBytes, { verify, atMs: T0 + DAY }));
const ben = valueOf(
  await checkCertificate(practice, signCertificate(certificateFor(practice, 'ben'), uikOf('ben')), {
    verify,
    atMs: T0 + DAY,
  }),
);
const message = makeNamedId('message', 'first');
const baton = batonOfMessage(message, 0);

const acknowledge: BatonEvent = {
  v: 1,
  t: 'baton',
  org,
  baton,
  n: 1,
  prev: makeBytes('open', 32),
  by: accountId('ana'),
  as: null,
  dk: certificateHash(certificateFor(practice, 'ana')),
  ts: T0 + DAY,
  op: { op: 'acknowledge', readBack: false },
};
const step: BatonEvent = {
  ...acknowledge,
  by: null,
  dk: null,
  op: { op: 'step', step: 1, target: roleId('front-desk'), offsetMs: 0, reached: [], empty: true },
};
const open: BatonEvent = {
  ...step,
  n: 0,
  prev: null,
  op: {
    op: 'open',
    conv,
    opener: accountId('ana'),
    contract: 'stat',
    to: accountId('ben'),
    deadline: T0 + DAY,
    unit: null,
    reference: null,
    reached: [accountId('ben')],
  },
};

async function judge(event: BatonEvent, by: Signer, signer: 'person' | 'server' = 'person'): Promise<string> {
  const bytes = signBody({ label: LABELS.batonEvent, body: batonEventCodec.encode(event), by });
  const opened = valueOf(openBatonEvent(digest, bytes));
  const check = signer === 'person' ? { certificate: ana } : { org, serverKey: server.pub };
  const result = await checkBatonEvent(opened, { digest, verify, ...check });
  return result.ok ? 'ok' : `${result.error.code}@${result.error.at}`;
}

describe('who signed an event', () => {
  it('a person by a device of theirs, the server by its key', async () => {
    expect(await judge(acknowledge, deviceKeyOf('ana'))).toBe('ok');
    expect(await judge(step, server, 'server')).toBe('ok');
    expect(await judge(open, server, 'server')).toBe('ok');
    expect(await judge(acknowledge, server)).toBe('ledger.bad_signature@s');
    expect(await judge(acknowledge, deviceKeyOf('ben'))).toBe('ledger.bad_signature@s');
    expect(await judge(step, deviceKeyOf('ana'), 'server')).toBe('ledger.bad_signature@s');
    expect(await judge(step, makeSigner('another server'), 'server')).toBe('ledger.bad_signature@s');
  });

  it.each([
    ['a server that acknowledges', { ...acknowledge, by: null, dk: null }, 'ledger.wrong_purpose@op'],
    ['a person that steps', { ...acknowledge, op: step.op }, 'ledger.wrong_purpose@op'],
    ['a person that opens', { ...open, by: acknowledge.by, dk: acknowledge.dk }, 'ledger.wrong_purpose@op'],
    ['a server with a device', { ...step, dk: acknowledge.dk }, 'ledger.wrong_purpose@dk'],
    ['a person without one', { ...acknowledge, dk: null }, 'ledger.wrong_purpose@dk'],
    ['a server for a role', { ...step, as: roleId('front-desk') }, 'ledger.wrong_purpose@as'],
    ['another account', { ...acknowledge, by: accountId('ben') }, 'ledger.wrong_purpose@by'],
    ['another certificate', { ...acknowledge, dk: ben.hash }, 'ledger.unknown_signer@dk'],
    [
      'another organisation',
      { ...acknowledge, org: makeNamedId('org', 'other') },
      'ledger.wrong_purpose@org',
    ],
    ['a certificate that ended', { ...acknowledge, ts: T0 + 91 * DAY }, 'ledger.expired@ts'],
    ['a certificate to come', { ...acknowledge, ts: T0 - 1 }, 'ledger.expired@ts'],
    ['a first event with one before', { ...open, prev: makeBytes('open', 32) }, 'ledger.bad_chain@prev'],
    ['a later event with none before', { ...acknowledge, prev: null }, 'ledger.bad_chain@prev'],
    ['an opening later on', { ...open, n: 1, prev: makeBytes('open', 32) }, 'ledger.bad_chain@op'],
    ['a first event that opens nothing', { ...step, n: 0, prev: null }, 'ledger.bad_chain@op'],
  ] as const)('%s is refused', async (_name, event, code) => {
    const isServer = event.by === null;
    expect(
      await judge(
        event as BatonEvent,
        isServer ? server : deviceKeyOf('ana'),
        isServer ? 'server' : 'person',
      ),
    ).toBe(code);
  });

  it('a server’s event is not judged by a person’s certificate, nor the other way round', async () => {
    expect(await judge(step, server, 'person')).toBe('ledger.unknown_signer@dk');
    expect(await judge(acknowledge, deviceKeyOf('ana'), 'server')).toBe('ledger.wrong_purpose@by');
    expect(await judge({ ...step, org: makeNamedId('org', 'other') }, server, 'server')).toBe(
      'ledger.wrong_purpose@org',
    );
  });
});

describe('who signed a record', () => {
  const record: OrgRecord = {
    v: 1,
    t: 'record',
    org,
    version: 1,
    prev: null,
    author: accountId('ana'),
    dk: ana.hash,
    ts: T0 + DAY,
    body: { kind: 'availability', account: accountId('ana'), duty: 'off', cover: null, until: null },
  };
  const codeOf = async (changes: Partial<OrgRecord>, by = deviceKeyOf('ana')) => {
    const body = orgRecordCodec.encode({ ...record, ...changes });
    const opened = valueOf(openRecord(digest, signBody({ label: LABELS.record, body, by })));
    const result = await checkRecord(opened, { digest, verify, certificate: ana });
    return result.ok ? 'ok' : `${result.error.code}@${result.error.at}`;
  };

  it('its author’s device', async () => {
    expect(await codeOf({})).toBe('ok');
    expect(await codeOf({ version: 2, prev: makeBytes('one', 32) })).toBe('ok');
    expect(await codeOf({}, deviceKeyOf('ben'))).toBe('ledger.bad_signature@s');
    expect(await codeOf({}, server)).toBe('ledger.bad_signature@s');
  });

  it.each([
    [{ author: accountId('ben') }, 'ledger.wrong_purpose@author'],
    [{ dk: ben.hash }, 'ledger.unknown_signer@dk'],
    [{ org: makeNamedId('org', 'other') }, 'ledger.wrong_purpose@org'],
    [{ ts: T0 + 91 * DAY }, 'ledger.expired@ts'],
    [{ version: 0 }, 'ledger.bad_chain@version'],
    [{ version: 2 }, 'ledger.bad_chain@prev'],
    [{ prev: makeBytes('one', 32) }, 'ledger.bad_chain@prev'],
  ] as const)('%o is refused', async (changes, code) => {
    expect(await codeOf(changes)).toBe(code);
  });
});

describe('an act of the past', async () => {
  const revoked = await growKeyLog(practice, () => drafts.revocation('ana', 'ana', 'account', T0 + 2 * DAY));
  const left = await growKeyLog(practice, (state) =>
    alter(drafts.grant(state, 'ana', ['physician'], false), { ts: T0 + 2 * DAY }),
  );
  const again = await growKeyLog(
    practice,
    () => alter(drafts.invitation('ana', ['nurse'], 2), { ts: T0 + 2 * DAY }),
    (state) => alter(drafts.account(state, 'ana', 2), { ts: T0 + 2 * DAY }),
  );
  const codeAt = async (state: typeof practice, committedAtMs: number) => {
    const result = await checkPastCertificate(state, anaBytes, { verify, atMs: T0 + DAY, committedAtMs });
    return result.ok ? 'ok' : result.error.code;
  };

  it('stays, when the device is revoked or the person leaves or is invited anew', async () => {
    for (const state of [practice, revoked, left, again]) expect(await codeAt(state, T0 + DAY)).toBe('ok');
  });

  it('is none, when it was committed after that', async () => {
    expect(await codeAt(practice, T0 + 4 * DAY)).toBe('ok');
    for (const state of [revoked, left, again]) {
      expect(await codeAt(state, T0 + 2 * DAY), 'at that very moment').not.toBe('ok');
      expect(await codeAt(state, T0 + 4 * DAY)).toBe('ledger.revoked');
    }
  });

  it('is judged by the jobs of then and of now', async () => {
    const promoted = await growKeyLog(practice, (state) =>
      alter(drafts.grant(state, 'ana', ['physician', 'it-admin']), { ts: T0 + 2 * DAY }),
    );
    const demoted = await growKeyLog(promoted, (state) =>
      alter(drafts.grant(state, 'ana', ['nurse']), { ts: T0 + 3 * DAY }),
    );
    const jobsAt = (atMs: number) => findAuthority(demoted, accountId('ana'), atMs)?.jobs;
    expect(jobsAt(T0 + DAY)).toEqual(['physician', 'nurse']);
    expect(jobsAt(T0 + 2 * DAY)).toEqual(['physician', 'it-admin', 'nurse']);
    expect(jobsAt(T0 + 4 * DAY)).toEqual(['nurse']);
    expect(findAuthority(left, accountId('ana'), T0 + DAY)).toMatchObject({ active: true });
    expect(findAuthority(left, accountId('ana'), T0 + 3 * DAY)).toMatchObject({ active: false, jobs: [] });
    expect(findAuthority(practice, makeNamedId('account', 'nobody'), T0)).toBeNull();
    expect(findAccountAt(again, accountId('ana'), T0 + DAY)?.gen).toBe(1);
    expect(findAccountAt(again, accountId('ana'), T0 + 3 * DAY)?.gen).toBe(2);
  });
});

describe('what stands beside an asking message', () => {
  const boxFor = (name: string, changes: object = {}) =>
    escalationBoxCodec.encode({
      v: 1,
      t: 'escalation-box',
      conv,
      message,
      to: accountId(name),
      g: 1,
      enc: makeBytes(`enc ${name}`, 1120),
      ct: makeBytes(`ct ${name}`, 48),
      ...changes,
    });
  const boxes = [boxFor('ana'), boxFor('ben')];
  const context = makeBytes('context', 284);
  const named = (list: readonly Uint8Array[]) =>
    list.map((box, index) => ({
      to: accountId(['ana', 'ben'][index] ?? ''),
      g: 1,
      b: hashEscalationBox(digest, box),
    }));
  const escalation = { boxes: named(boxes), context: hashEscalationContext(digest, context) };
  const header = makeEnvelopeHeader(practice, { escalation });
  const codeOf = (parts: Parameters<typeof checkEscalation>[2], changed = header) => {
    const result = checkEscalation(digest, changed, parts);
    return result.ok ? 'ok' : `${result.error.code}@${result.error.at}`;
  };

  it('is exactly what the header names', () => {
    expect(codeOf({ boxes, context })).toBe('ok');
    expect(codeOf(null, makeEnvelopeHeader(practice))).toBe('ok');
    expect(escalationRecipients(header)).toEqual([
      { to: accountId('ana'), g: 1 },
      { to: accountId('ben'), g: 1 },
    ]);
    expect(escalationRecipients(makeEnvelopeHeader(practice))).toEqual([]);
  });

  it('is refused when something is missing, added, exchanged or of another place', () => {
    expect(codeOf(null)).toBe('ledger.bad_proof@escalation');
    expect(codeOf({ boxes, context }, makeEnvelopeHeader(practice))).toBe('ledger.bad_proof@escalation');
    expect(codeOf({ boxes: boxes.slice(1), context })).toBe('ledger.bad_proof@escalation.boxes');
    expect(codeOf({ boxes: boxes.toReversed(), context })).toBe('ledger.wrong_purpose@escalation.boxes.0');
    const another = boxFor('ben', { enc: makeBytes('another', 1120) });
    expect(codeOf({ boxes: [boxes[0] as Uint8Array, another], context })).toBe(
      'ledger.bad_proof@escalation.boxes.1',
    );
    expect(codeOf({ boxes, context: makeBytes('another', 284) })).toBe('ledger.bad_proof@escalation.context');
    expect(codeOf({ boxes: [boxes[0] as Uint8Array, makeBytes('rubbish', 90)], context })).toMatch(/^wire\./);
    const moved = [boxFor('ana', { message: makeNamedId('message', 'other') }), boxFor('ben')];
    const aboutMoved = { ...header, escalation: { ...escalation, boxes: named(moved) } };
    expect(codeOf({ boxes: moved, context }, aboutMoved)).toBe('ledger.wrong_purpose@escalation.boxes.0');
    const twice = { ...header, escalation: { ...escalation, boxes: named([boxes[0] as Uint8Array]) } };
    const doubled = {
      ...twice,
      escalation: { ...twice.escalation, boxes: [...twice.escalation.boxes, ...twice.escalation.boxes] },
    };
    expect(codeOf({ boxes: [boxes[0] as Uint8Array, boxes[0] as Uint8Array], context }, doubled)).toBe(
      'ledger.wrong_purpose@h.escalation.boxes',
    );
  });
});
