import type { LiveSession } from '@baton/client';
import { nodeRng } from '@baton/client-node';
import { type ConversationId, type EventId, newId } from '@baton/kernel';
import {
  type CheckInRun,
  type Consent,
  type Enrolment,
  type OptOut,
  type Reach,
  type SignOff,
  textingCodec,
  type TextingValue,
  type TextOrder,
} from '@baton/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CareScene, createCareScene, messagesOf, ROSA, text } from './care-scene.ts';
import { forgePut, forgeStatePut, valuesIn } from './malice/forge-values.ts';
import { alarmOf, catchUp } from './malice/stage.ts';
import { until } from './until.ts';

// A colleague, or an assistant whose input is hostile, who writes into the sealed collections past what their own client would let them: what does
// not count changes nothing for anybody, and whoever reads the collection is told.

let scene: CareScene;
let texting: LiveSession;
let feed: LiveSession;
let reminders: LiveSession;
let conversation: ConversationId;

beforeAll(async () => {
  scene = await createCareScene();
  const { admin, maria } = scene;
  conversation = await maria.session.care.start(ROSA);
  texting = await scene.addAgent('Texting', 'sms', [
    { kind: 'patient', history: true, writes: ['message', 'delivery'] },
    { kind: 'queue', history: true, writes: ['message', 'delivery'] },
    { kind: 'collection', history: true, writes: ['put'] },
  ]);
  feed = await scene.addAgent('Interface', 'hl7v2', [{ kind: 'collection', history: true, writes: ['put'] }]);
  reminders = await scene.addAgent('Reminders', 'reminders', [
    { kind: 'patient', history: true, writes: ['message'] },
    { kind: 'collection', history: true, writes: ['put'] },
  ]);
  await admin.session.programmes.establish();
  await admin.session.appointments.establish();
  await until(
    admin.session.agents.rows,
    (rows) => rows.length === 3 && rows.every(({ manifest }) => manifest),
  );
  await admin.session.care.keepAccess();
  for (const { session } of [maria, scene.finn])
    await until(session.programmes.state, ({ established, ready }) => established && ready);
  const { id } = await admin.session.collections.named('texting');
  for (const agent of [texting, feed, reminders])
    await until(agent.conversations.list, () => agent.collections.isMember(id));
}, 240_000);

afterAll(async () => {
  await scene?.close();
});

const reachOf = (session: LiveSession): Promise<readonly Reach[]> =>
  valuesIn(session, 'texting').then((values) =>
    values.filter((value): value is Reach => value.t === 'reach' && value.ref === ROSA),
  );

describe('a value under a key that is not its own', () => {
  it('is nobody’s reach: not the assistant’s that texts, nor a colleague’s, and both are told', async () => {
    const { finn, maria, admin } = scene;
    const [known] = await reachOf(finn.session);
    const own = '+16175550666';
    const reach: Reach = { ...known!, channel: 'plain', phones: [{ number: own, use: 'mobile' }] };
    await forgePut(finn.session, { collection: 'texting', key: 'reach:Patient/zzz', value: reach });
    // Before this was looked at, the assistant read two values for one patient, and went by the last.
    expect(await reachOf(texting)).toMatchObject([{ conversation, channel: 'link' }]);
    for (const { session } of [maria, admin]) {
      await catchUp(session);
      await alarmOf(session, 'ledger.wrong_purpose', session.parts.sealed.idOf('texting'));
      expect(session.care.chart(ROSA).read().reach?.phones).not.toContainEqual({
        number: own,
        use: 'mobile',
      });
    }
    await alarmOf(texting, 'ledger.wrong_purpose');
    const alarm = await alarmOf(maria.session, 'ledger.wrong_purpose');
    expect(alarm.sentence).toContain('Finn Desk');
  });

  it('leaves what lay there', async () => {
    const { finn, maria } = scene;
    const [known] = await reachOf(maria.session);
    await forgePut(finn.session, {
      collection: 'texting',
      key: `reach:${ROSA}`,
      value: { ...known!, ref: 'Patient/zzz', name: 'Nobody' },
    });
    expect(await reachOf(texting)).toEqual([known]);
    await catchUp(maria.session);
    expect(maria.session.care.chart(ROSA).read().reach).toEqual(known);
    // Whoever changes it afterwards goes on from there.
    await maria.session.care.changeReach(ROSA, (reach) => ({ ...reach, language: 'en' }));
    expect(await reachOf(texting)).toEqual([{ ...known, language: 'en' }]);
  });
});

const TEXTING = 'texting' as const;
const eventId = (): EventId => newId('event', nodeRng);
const phone = '+16175550666';

/** The value that counts under a key for the assistant that texts, for a colleague, and for one whose device is new to the collection. */
async function standsFor<T extends TextingValue['t']>(t: T, key: (value: TextingValue) => boolean) {
  const found = [];
  for (const session of [texting, scene.maria.session]) {
    const values = await valuesIn(session, TEXTING);
    found.push(values.find((value) => value.t === t && key(value)) ?? null);
  }
  expect(found[0]).toEqual(found[1]);
  return found[0] as Extract<TextingValue, { t: T }> | null;
}
const standingReach = () => standsFor('reach', (value) => value.t === 'reach' && value.ref === ROSA);
const isNamed = (id: EventId) => (value: TextingValue) => 'id' in value && value.id === id;

describe('an interface that has been taken over', () => {
  it('says of a patient that they have died, and diverts no text', async () => {
    const before = await standingReach();
    const diverted: Reach = { ...before!, channel: 'plain', phones: [{ number: phone, use: 'mobile' }] };
    for (const value of [diverted, { ...diverted, deceased: true }, null])
      await forgePut(feed, { collection: TEXTING, key: `reach:${ROSA}`, value });
    expect(await standingReach()).toEqual(before);
    await alarmOf(scene.maria.session, 'policy.forbidden', scene.maria.session.parts.sealed.idOf(TEXTING));
    await forgePut(feed, {
      collection: TEXTING,
      key: `reach:${ROSA}`,
      value: { ...before!, deceased: true },
    });
    expect(await standingReach()).toEqual({ ...before, deceased: true });
    await scene.maria.session.care.changeReach(ROSA, (reach) => ({ ...reach, deceased: false }));
    expect(await standingReach()).toEqual(before);
  });

  it('gives no consent, orders no text, sets nothing, and takes nobody off the list of those who want none', async () => {
    const { maria } = scene;
    const out: OptOut = {
      t: 'optout',
      number: phone,
      out: true,
      at: 1,
      words: 'STOP',
      by: texting.me.read().account,
    };
    await forgePut(texting, { collection: TEXTING, key: `optout:${phone}`, value: out });
    const consent = consentBy(feed, eventId());
    const order = orderBy(feed, eventId());
    await forgePut(feed, { collection: TEXTING, key: `consent:${ROSA}:${consent.id}`, value: consent });
    await forgePut(feed, { collection: TEXTING, key: `order:${order.id}`, value: order });
    await forgePut(feed, { collection: TEXTING, key: `optout:${phone}`, value: { ...out, out: false } });
    await forgePut(feed, { collection: TEXTING, key: `optout:${phone}`, value: null });
    const settings = maria.session.care.settings.read()!;
    await forgePut(feed, {
      collection: TEXTING,
      key: 'settings',
      value: { ...settings, quiet: { from: 0, until: 0 } },
    });
    expect(await standsFor('consent', isNamed(consent.id))).toBeNull();
    expect(await standsFor('order', isNamed(order.id))).toBeNull();
    expect(await standsFor('optout', (value) => value.t === 'optout' && value.number === phone)).toEqual(out);
    expect(await standsFor('settings', () => true)).toEqual(settings);
  });
});

const consentBy = (session: LiveSession, id: EventId): Consent => ({
  t: 'consent',
  id,
  ref: ROSA,
  purpose: 'plain-text',
  phone: null,
  given: { at: 1, how: 'phone', by: session.me.read().account, warning: 'w1', note: '' },
  revoked: null,
});

const orderBy = (session: LiveSession, id: EventId): TextOrder => ({
  t: 'order',
  id,
  ref: ROSA,
  to: { phone },
  language: 'en',
  purpose: 'staff',
  text: 'Call us',
  urgentBy: null,
  createdAt: 1,
  notAfter: 9_999_999_999_999,
  by: session.me.read().account,
  state: 'refused',
  code: null,
  dueAt: null,
  segments: 0,
  updatedAt: 1,
});

describe('a colleague', () => {
  it('writes consents, orders and sign-offs in nobody else’s name', async () => {
    const { finn, maria } = scene;
    const consent = consentBy(maria.session, eventId());
    await forgePut(finn.session, {
      collection: TEXTING,
      key: `consent:${ROSA}:${consent.id}`,
      value: consent,
    });
    expect(await standsFor('consent', isNamed(consent.id))).toBeNull();
    const order = orderBy(maria.session, eventId());
    const urgent: TextOrder = { ...orderBy(finn.session, eventId()), urgentBy: maria.account };
    for (const value of [order, urgent])
      await forgePut(finn.session, { collection: TEXTING, key: `order:${value.id}`, value });
    expect(await standsFor('order', isNamed(order.id))).toBeNull();
    expect(await standsFor('order', isNamed(urgent.id))).toBeNull();
    const signed: SignOff = {
      t: 'sign-off',
      content: 'triage',
      version: '1',
      hash: new Uint8Array(32),
      by: maria.account,
      at: 1,
    };
    for (const by of [maria.account, finn.account])
      await forgePut(finn.session, { collection: 'desk', key: 'sign-off:triage', value: { ...signed, by } });
    expect((await valuesIn(maria.session, 'desk')).filter(({ t }) => t === 'sign-off')).toEqual([]);
  });

  it('ends a consent by saying so, and not by wiping it', async () => {
    const { finn, maria } = scene;
    const id = await maria.session.care.giveConsent({
      ref: ROSA,
      purpose: 'check-ins',
      phone: null,
      how: 'in-person',
      warning: null,
      note: '',
    });
    const given = await standsFor('consent', isNamed(id));
    expect(given).toMatchObject({ given: { by: maria.account }, revoked: null });
    await forgePut(finn.session, { collection: TEXTING, key: `consent:${ROSA}:${id}`, value: null });
    const widened = { ...given!, purpose: 'plain-text' as const };
    await forgePut(finn.session, { collection: TEXTING, key: `consent:${ROSA}:${id}`, value: widened });
    expect(await standsFor('consent', isNamed(id))).toEqual(given);
    await finn.session.care.revokeConsent(ROSA, id, 'phone');
    expect(await standsFor('consent', isNamed(id))).toMatchObject({ revoked: { by: finn.account } });
  });

  it('is told by their own client what nobody would let count, before it is written', async () => {
    const { finn, maria } = scene;
    const order = orderBy(maria.session, eventId());
    const collection = await finn.session.collections.named('texting');
    await expect(collection.put(`order:${order.id}`, () => textingCodec.encode(order))).rejects.toMatchObject(
      { code: 'policy.forbidden', at: 'order.by' },
    );
  });

  it('confirms no doses for a clinician, and shows no answers that a patient never gave', async () => {
    const { finn, maria } = scene;
    const enrolment = enrolmentBy(maria.session);
    const key = `enrolment:${enrolment.id}`;
    await forgePut(maria.session, { collection: 'programmes', key, value: enrolment });
    const doubled: Enrolment = {
      ...enrolment,
      regimen: { ...enrolment.regimen!, version: 2, times: [{ id: 'morning', doses: [DOSE, DOSE] }] },
    };
    await forgePut(finn.session, { collection: 'programmes', key, value: doubled });
    const run: CheckInRun = {
      t: 'run',
      enrolment: enrolment.id,
      ref: ROSA,
      date: '2026-11-20',
      slot: 'morning',
      protocol: { id: 'x', version: 1 },
      startedAt: 1,
      state: '{}',
      steps: [],
      outcome: 'advised',
      band: 'green',
      endedAt: 2,
    };
    await forgePut(maria.session, {
      collection: 'programmes',
      key: `run:${enrolment.id}:2026-11-20:morning`,
      value: run,
    });
    const values = await valuesIn(scene.admin.session, 'programmes');
    expect(values.filter(({ t }) => t !== 'protocol')).toEqual([enrolment]);
    // Their own name, without the right: it stands, and no assistant names a dose by it.
    const own = { ...doubled, regimen: { ...doubled.regimen!, confirmedBy: finn.account } };
    await forgePut(finn.session, { collection: 'programmes', key, value: own });
    const collection = await scene.admin.session.collections.named('programmes');
    await collection.refresh();
    expect(await collection.get(key)).toMatchObject({ author: { account: finn.account }, firm: false });
  });
});

const DOSE = { strengthMg: 500, tablets: 3 };
const enrolmentBy = (session: LiveSession): Enrolment => ({
  t: 'enrolment',
  id: eventId(),
  ref: ROSA,
  protocol: { id: 'x', version: 1, hash: new Uint8Array(32) },
  consent: eventId(),
  language: 'en',
  timeZone: 'America/New_York',
  times: {},
  proxy: null,
  startsOn: '2026-11-16',
  state: 'paused',
  reason: null,
  since: 1,
  resumesOn: null,
  regimen: {
    drug: 'capecitabine',
    order: null,
    version: 1,
    cycleStart: '2026-11-16',
    cycleDays: 21,
    onDays: [1],
    cycles: null,
    times: [{ id: 'morning', doses: [DOSE] }],
    holds: [],
    reviewBy: '2027-01-01',
    confirmedBy: session.me.read().account,
    confirmedAt: 1,
  },
  stale: null,
  settings: {},
  askTo: null,
  by: session.me.read().account,
  createdAt: 1,
});

describe('what an assistant remembers', () => {
  it('is written by that assistant alone', async () => {
    const { admin } = scene;
    const account = texting.me.read().account;
    await admin.session.collections.establishState(account);
    const conv = admin.session.collections.stateOf(account);
    await until(texting.conversations.list, () => texting.collections.isMember(conv));
    await forgeStatePut(texting, conv, 'lease/holder', new Uint8Array([1]));
    await forgeStatePut(admin.session, conv, 'lease/holder', new Uint8Array([2]));
    await forgeStatePut(admin.session, conv, 'lease/other', new Uint8Array([2]));
    const state = await texting.collections.open(conv);
    await state.refresh();
    expect((await state.list()).map(({ value }) => value)).toEqual([new Uint8Array([1])]);
    await alarmOf(texting, 'policy.forbidden', conv);
  });
});

describe('words that only say that they came by text', () => {
  const via = { channel: 'sms', from: '+16175550101', person: null, segments: 1 } as const;

  it('are a colleague’s own words, or the assistant’s that wrote them, and nobody’s text', async () => {
    const { finn, maria } = scene;
    const forReminders = await reminders.conversations.open(conversation);
    await forReminders.send(text('I cannot come (1)', { marks: { via } }));
    const forFinn = await finn.session.conversations.open(conversation);
    await forFinn.send(text('I cannot come (2)', { marks: { via } }));
    const forTexting = await texting.conversations.open(conversation);
    await forTexting.send(text('I cannot come (3)', { marks: { via } }));
    const threads = [
      await maria.session.conversations.open(conversation),
      await reminders.conversations.open(conversation),
      forTexting,
    ];
    for (const thread of threads) {
      const said = (words: string) => messagesOf(thread).find((message) => message.text === words);
      await until(thread.timeline, () => [1, 2, 3].every((n) => said(`I cannot come (${n})`)?.seq));
      expect([1, 2, 3].map((n) => said(`I cannot come (${n})`)?.via ?? null)).toEqual([null, null, via]);
    }
  });
});
