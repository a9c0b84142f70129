import type { CareThread, Conversation, LiveSession, OutgoingMessage, TimelineMessage } from '@baton/client';
import { createNodeDoor } from '@baton/client-node';
import type { AccountId, ConversationId, MessageId } from '@baton/kernel';
import type { Manifest } from '@baton/wire';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSteppedClock } from './chance/stepped-clock.ts';
import {
  type EnteredPatient,
  enterPatient,
  establishCare,
  invitePatient,
  patientRecord,
} from './patient-phone.ts';
import { createPractice, type Device, type Practice } from './practice.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { until } from './until.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const ROSA = 'Patient/rosa';
const BEN = 'Patient/ben';
const TEEN = 'Patient/teen';

const clock = createSteppedClock();
const folder = mkdtempSync(join(tmpdir(), 'baton-care-'));
const phones: EnteredPatient[] = [];
const agents: LiveSession[] = [];
let server: TestServer;
let practice: Practice;
let admin: Device;
let maria: Device;
let finn: Device;
let rosa: EnteredPatient;
let rosaAt: ConversationId;

beforeAll(async () => {
  server = await startTestServer({ clock });
  practice = await createPractice(server, {
    platform: { clock },
    people: [
      { name: 'Maria Lopez', jobs: ['nurse'] },
      { name: 'Finn Desk', jobs: ['front-desk'] },
    ],
  });
  admin = practice.admin;
  [maria, finn] = practice.people as [Device, Device];
  await establishCare(admin.session, {
    holders: [maria.account, finn.account],
    patients: [
      patientRecord(ROSA, { language: 'es' }),
      patientRecord(BEN, { given: ['Ben'], family: 'Adler' }),
      patientRecord(TEEN, { given: ['Tia'], family: 'Young', birthDate: '2012-01-01' }),
      patientRecord('Patient/late', { given: ['Lena'], family: 'Gone', deceased: '2026-01-01' }),
      ...Array.from({ length: 12 }, (_, index) => patientRecord(`Patient/many-${index}`)),
    ],
    others: [maria.session, finn.session],
  });
}, 90_000);

afterAll(async () => {
  for (const phone of phones) await phone.close();
  for (const agent of agents) await agent.close();
  await practice?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function text(words: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return { text: words, files: [], mentions: [], replyTo: null, as: null, ...more };
}

function messagesOf(thread: Conversation): TimelineMessage[] {
  return thread.timeline.read().items.filter((item): item is TimelineMessage => item.type === 'message');
}

const threadOf = (device: Device, conv: ConversationId): CareThread | undefined =>
  device.session.care.threads.read().find(({ conversation }) => conversation === conv);

async function thread(
  device: Device,
  conv: ConversationId,
  holds: (thread: CareThread) => boolean,
): Promise<CareThread> {
  await until(device.session.care.threads, () => {
    const found = threadOf(device, conv);
    return found !== undefined && holds(found);
  });
  return threadOf(device, conv) as CareThread;
}

async function enter(ref: string, wish: Parameters<typeof invitePatient>[1] | null = null) {
  const invitation = await invitePatient(maria.session, wish ?? { ref });
  const phone = await enterPatient(server.url, invitation, { clock });
  phones.push(phone);
  return phone;
}

/** Set on, and everything looked at again: what time alone changes is otherwise noticed within ten seconds. */
async function pass(ms: number): Promise<void> {
  clock.step(ms);
  for (const { session } of [admin, maria, finn]) session.care.changedAll();
}

/** An assistant with this program in the station, without a station. */
async function addAgent(name: string, program: string, access: Manifest['access']): Promise<LiveSession> {
  const fragment = admin.link.slice(admin.link.indexOf('#') + 1);
  await admin.session.security.stepUp({ kind: 'demo', fragment });
  const { link } = await admin.session.agents.invite({
    name,
    manifest: {
      program,
      purposes: ['Works for patients'],
      access,
      duty: false,
      hosts: [],
      code: new Uint8Array(32).fill(7),
      responsible: admin.account,
    },
  });
  const door = await createNodeDoor({
    serverUrl: server.url,
    publicUrl: server.url,
    dataDir: join(folder, program),
    deviceClass: 'agent',
    durable: false,
    clock,
  });
  const session = await door.claim(link.slice(link.indexOf('#') + 1), [{ kind: 'device', label: 'Station' }]);
  agents.push(session);
  return session;
}

describe('a patient’s conversation', () => {
  it('is made once by two who start it at the same time, and is a line of the shared inbox alone', async () => {
    const [a, b] = await Promise.all([maria.session.care.start(ROSA), finn.session.care.start(ROSA)]);
    expect(a).toBe(b);
    rosaAt = a;
    const found = await thread(finn, a, ({ sidebar }) => sidebar !== null);
    expect(found).toMatchObject({
      ref: ROSA,
      name: 'Rosa Martinez',
      status: 'open',
      language: 'es',
      channel: 'link',
      assignee: null,
      owner: { kind: 'queue', name: 'Patient messages' },
      owed: { all: 0, mine: 0 },
      waitingSince: null,
    });
    const open = await finn.session.conversations.open(a);
    const card = await until(open.card, (shown) => shown !== null);
    expect(card).toMatchObject({ name: 'Harbor Family Practice', about: 'Rosa', boxTo: expect.any(Array) });
    expect(open.summary.read().title).toBe('Rosa Martinez');
    const sidebar = await maria.session.conversations.open(found.sidebar!);
    expect(sidebar.summary.read().title).toBe('Rosa Martinez');
    for (const { session } of [maria, finn]) {
      const listed = session.conversations.list.read().map(({ id }) => id);
      for (const conv of [a, found.sidebar, session.care.unknown.read().conversation])
        expect(listed).not.toContain(conv);
    }
    expect(finn.session.care.refOf(found.sidebar!)).toBe(ROSA);
    expect(finn.session.care.readersOf(a)).toHaveLength(1);
    // Nothing is made twice.
    expect(await maria.session.care.start(ROSA)).toBe(a);
    const events = open.timeline.read().items.filter((item) => item.type === 'event');
    expect(events.filter(({ what }) => what === 'created')).toHaveLength(1);
  });

  it('is not begun with somebody who has died or is not to be contacted, nor is anything sent to them', async () => {
    const { care } = maria.session;
    await expect(care.start('Patient/late')).rejects.toMatchObject({
      code: 'policy.forbidden',
      at: 'patient.deceased',
    });
    await care.changeReach(BEN, (reach) => ({ ...reach, doNotContact: true }));
    const refused = { code: 'policy.forbidden', at: 'patient.doNotContact' };
    await expect(care.start(BEN)).rejects.toMatchObject(refused);
    const order = {
      ref: BEN,
      to: { phone: '+16175550101' },
      language: 'en',
      purpose: 'staff',
      text: 'Please call us.',
      notAfter: clock.nowMs() + DAY,
      urgentBy: null,
    } as const;
    await expect(care.order(order)).rejects.toMatchObject(refused);
    await care.changeReach(BEN, (reach) => ({ ...reach, doNotContact: false }));
    const id = await care.order(order);
    const chart = await until(finn.session.care.chart(BEN), ({ orders }) => orders.length === 1);
    expect(chart.orders[0]).toMatchObject({ id, state: 'waiting', by: maria.account });
  });

  it('shows what the patient waits for, and one answer of anybody in the team ends all of it', async () => {
    rosa = await enter(ROSA);
    await until(rosa.session.conversations, (rows) => rows.some(({ id }) => id === rosaAt));
    const phone = await rosa.session.open(rosaAt);
    await until(phone.card, (card) => card !== null);
    await phone.send(text('I need a refill'));
    await phone.send(text('And an appointment'));
    const waiting = await thread(finn, rosaAt, ({ owed, unread }) => owed.all === 2 && unread === 2);
    expect(waiting).toMatchObject({ urgent: false, owner: { kind: 'queue' } });
    expect(waiting.preview).toMatchObject({ author: 'Rosa Martinez', text: 'And an appointment' });
    const first = messagesOf(await finn.session.conversations.open(rosaAt)).find(
      ({ text: words }) => words === 'I need a refill',
    );
    expect(waiting.waitingSince).toBe(first?.at);
    const open = await maria.session.conversations.open(rosaAt);
    await until(open.asking, ({ answers }) => answers.length === 2);
    expect(open.asking.read().suggested).toBe('fyi');
    const answers = open.asking.read().answers.map(({ id }) => id);
    const id = await open.send(text('Sent to your pharmacy; Monday at nine', { answers }));
    await thread(finn, rosaAt, ({ owed, waitingSince }) => owed.all === 0 && waitingSince === null);
    // Opened means: by the patient. Colleagues and assistants do not count.
    const seen = messagesOf(await finn.session.conversations.open(rosaAt));
    (await finn.session.conversations.open(rosaAt)).markOpened(seen.at(-1)?.seq ?? 0);
    await until(phone.timeline, () => messagesOf(phone).some((message) => message.id === id));
    const mine = (): TimelineMessage | undefined => messagesOf(open).find((message) => message.id === id);
    await until(open.timeline, () => mine()?.receipts.some(({ state }) => state === 'opened') === true);
    expect(mine()?.state).not.toBe('opened');
    phone.markOpened(messagesOf(phone).at(-1)?.seq ?? 0);
    await until(open.timeline, () => mine()?.state === 'opened');
  });
});

describe('the shared inbox', () => {
  it('gives a conversation to exactly one of two who claim it at the same time', async () => {
    const claims = await Promise.all([
      maria.session.care.claim(rosaAt),
      finn.session.care.claim(rosaAt),
      maria.session.care.claim(rosaAt),
    ]);
    const winner = claims[0].mine ? maria : finn;
    expect(claims.map(({ by }) => by?.id)).toEqual([winner.account, winner.account, winner.account]);
    expect(claims[1].mine).toBe(winner === finn);
    for (const device of [maria, finn])
      await thread(device, rosaAt, ({ assignee }) => assignee?.id === winner.account);
    await winner.session.care.changeThread(rosaAt, { assignee: null });
    expect((await finn.session.care.claim(rosaAt)).mine).toBe(true);
    await finn.session.care.changeThread(rosaAt, { assignee: null });
  });

  it('says who is answering until they stop, and does not let a second one hide the first', async () => {
    maria.session.care.answering(rosaAt);
    await thread(finn, rosaAt, ({ answering }) => answering?.id === maria.account);
    expect(threadOf(maria, rosaAt)?.answering).toBeNull();
    finn.session.care.answering(rosaAt);
    await thread(finn, rosaAt, ({ answering }) => answering?.id === maria.account);
    expect(threadOf(maria, rosaAt)?.answering).toBeNull();
    await pass(31_000);
    await thread(finn, rosaAt, ({ answering }) => answering === null);
    finn.session.care.answering(rosaAt);
    await thread(maria, rosaAt, ({ answering }) => answering?.id === finn.account);
    await pass(31_000);
  });

  it('snoozes until a time', async () => {
    const until = clock.nowMs() + 10 * MINUTE;
    await maria.session.care.changeThread(rosaAt, { snoozedUntil: until });
    await thread(finn, rosaAt, ({ status, snoozedUntil }) => status === 'snoozed' && snoozedUntil === until);
    await pass(11 * MINUTE);
    await thread(finn, rosaAt, ({ status, snoozedUntil }) => status === 'open' && snoozedUntil === null);
  });

  it('opens what was snoozed or closed when the patient writes, and ends what was owed when it is closed', async () => {
    const phone = await rosa.session.open(rosaAt);
    const snoozed = { snoozedUntil: clock.nowMs() + DAY };
    for (const change of [snoozed, { status: 'closed' }, { status: 'waiting' }] as const) {
      await maria.session.care.changeThread(rosaAt, change);
      await thread(finn, rosaAt, ({ status }) => status !== 'open');
      await phone.send(text('One more thing'));
      const opened = await thread(finn, rosaAt, ({ status, owed }) => status === 'open' && owed.all === 1);
      expect(opened.snoozedUntil).toBeNull();
      // Somebody who begins to answer does not carry the old standing along.
      finn.session.care.answering(rosaAt);
      await thread(maria, rosaAt, ({ status, owed }) => status === 'open' && owed.all === 1);
      await maria.session.care.changeThread(rosaAt, { status: 'closed' });
      await thread(finn, rosaAt, ({ status, owed }) => status === 'closed' && owed.all === 0);
      await pass(31_000);
    }
  });

  it('keeps a conversation open in which a stat is open, and puts it first', async () => {
    const other = await finn.session.care.start(BEN);
    const phone = await rosa.session.open(rosaAt);
    await phone.send({ ...text('My chest hurts'), urgent: true });
    await thread(maria, rosaAt, ({ urgent }) => urgent);
    expect(maria.session.care.threads.read()[0]?.conversation).toBe(rosaAt);
    await maria.session.care.changeThread(rosaAt, { status: 'closed' });
    await thread(finn, rosaAt, ({ status, urgent }) => status === 'open' && urgent);
    const open = await maria.session.conversations.open(rosaAt);
    const [stat] = open.asking.read().answers;
    await maria.session.batons.close(stat!.id, 'done');
    await thread(finn, rosaAt, ({ status, urgent }) => status === 'closed' && !urgent);
    expect(threadOf(finn, other)?.status).toBe('open');
  });
});

describe('consent', () => {
  it('is recorded with who, how and what was shown, holds for one number or all, and is revoked, never deleted', async () => {
    const { care } = maria.session;
    const give = {
      ref: ROSA,
      purpose: 'plain-text',
      phone: null,
      how: 'phone',
      note: 'Asked for it',
    } as const;
    await expect(care.giveConsent({ ...give, warning: null })).rejects.toMatchObject({
      code: 'request.invalid',
      at: 'consent.warning',
    });
    const id = await care.giveConsent({ ...give, warning: 'en-1' });
    const other = await care.giveConsent({ ...give, purpose: 'texts', phone: '+16175559999', warning: null });
    const chart = finn.session.care.chart(ROSA);
    await until(chart, ({ consents }) => consents.length === 2);
    expect(chart.read().consentFor('plain-text')).toMatchObject({ id, given: { by: maria.account } });
    // Given for another number than the one that texts go to.
    expect(chart.read().consentFor('texts')).toBeNull();
    await finn.session.care.revokeConsent(ROSA, id, 'text');
    await until(chart, ({ consentFor }) => consentFor('plain-text') === null);
    expect(chart.read().consents).toHaveLength(2);
    expect(chart.read().consents.find((consent) => consent.id === id)?.revoked).toMatchObject({
      by: finn.account,
      how: 'text',
    });
    await expect(finn.session.care.revokeConsent(BEN, other, 'text')).rejects.toMatchObject({
      code: 'request.not_found',
    });
  });

  it('of a proxy ends with its time: shown at once, and out of the conversation by whoever looks', async () => {
    const { care } = maria.session;
    const consent = await care.giveConsent({
      ref: ROSA,
      purpose: 'proxy',
      phone: null,
      how: 'paper',
      warning: null,
      note: '',
    });
    const over = clock.nowMs() + 20 * MINUTE;
    const carlos = await enter(ROSA, { ref: ROSA, relation: 'family', name: 'Carlos', consent, until: over });
    const chart = finn.session.care.chart(ROSA);
    const shown = () => chart.read().people.find(({ name }) => name === 'Carlos');
    await until(chart, () => shown()?.state === 'joined');
    expect(finn.session.directory.member(shown()!.account)?.name).toBe('Carlos');
    const isMember = (): boolean =>
      finn.session.parts.book.get(rosaAt)?.members.includes(shown()!.account) === true;
    expect(isMember()).toBe(true);
    await pass(21 * MINUTE);
    expect(shown()?.state).toBe('ended');
    await admin.session.care.keepAccess();
    await until(chart, () => !isMember());
    await until(carlos.session.conversations, (rows) =>
      rows.every(({ closed, blocked }) => closed || !blocked),
    );
    expect(
      admin.session.care
        .chart(ROSA)
        .read()
        .people.find(({ name }) => name === 'Carlos')?.state,
    ).toBe('ended');
  });
});

describe('a conversation of one’s own', () => {
  it('is possible where the practice has decided from what age, and only then', async () => {
    const { care } = maria.session;
    const confidential = { confidential: true };
    await expect(care.start(TEEN, confidential)).rejects.toMatchObject({ at: 'patient.confidential' });
    const settings = care.settings.read()!;
    await care.saveSettings({ ...settings, confidentialFromAge: 16 });
    await expect(care.start(TEEN, confidential)).rejects.toMatchObject({ at: 'patient.confidential' });
    await care.saveSettings({ ...settings, confidentialFromAge: 12 });
    const [own, shared] = [await care.start(TEEN, confidential), await care.start(TEEN)];
    expect(own).not.toBe(shared);
    const found = await thread(finn, own, () => true);
    expect(found).toMatchObject({ confidential: true, ref: TEEN });
    expect(await thread(finn, shared, () => true)).toMatchObject({
      confidential: false,
      sidebar: found.sidebar,
    });
  });
});

describe('settings', () => {
  it('are told to every conversation by a new card, once, although the device died in the middle', async () => {
    const { care } = maria.session;
    const refs = Array.from({ length: 12 }, (_, index) => `Patient/many-${index}`);
    const conversations: ConversationId[] = [];
    for (const ref of refs) conversations.push(await care.start(ref));
    const settings = care.settings.read()!;
    let closing: Promise<void> | null = null;
    await care
      .saveSettings({ ...settings, phone: '+1 617 555 0000' }, (done) => {
        if (done === 3) closing = maria.session.close();
      })
      // What is asked of a closed store fails in its own way.
      .catch(() => {});
    await closing;
    const cards = (device: Device): number =>
      conversations.filter(
        (conv) => device.session.parts.book.get(conv)?.card?.card.phone === '+1 617 555 0000',
      ).length;
    expect(cards(finn)).toBeLessThan(conversations.length);
    maria = await practice.reopen(maria, server.url, { clock });
    await until(finn.session.care.threads, () => cards(finn) === conversations.length);
    for (const conv of conversations) {
      const open = await finn.session.conversations.open(conv);
      const rows = await finn.session.parts.streams.read(conv, { from: 0, to: 1000 });
      expect(open.card.read()?.phone).toBe('+1 617 555 0000');
      expect(rows.filter((row) => row.s === 'message' && row.content.t === 'card')).toHaveLength(2);
    }
  });

  it('name nobody in person for what patients write', async () => {
    const { care } = admin.session;
    await expect(care.saveSettings({ ...care.settings.read()!, askTo: maria.account })).rejects.toMatchObject(
      { code: 'request.invalid', at: 'settings.askTo' },
    );
  });
});

describe('templates', () => {
  it('are saved for everybody and filled for a patient; what is not known stays to be seen', async () => {
    const { care } = maria.session;
    const template = {
      t: 'template',
      id: care.newTemplateId(),
      kind: 'message',
      name: 'Refill',
      text: {
        en: 'Hello {patient}, {practice} here. Ask {provider} on {date}. {unheard}',
        es: 'Hola {patient}: {practice}, {date}.',
      },
      active: true,
    } as const;
    await care.saveTemplate(template);
    const [saved] = await until(finn.session.care.templates, (all) => all.length === 1);
    const filled = finn.session.care.fill(saved!, ROSA, 'en');
    expect(filled).toContain('Hello Rosa, Harbor Family Practice here. Ask {provider} on ');
    expect(filled).toContain('{unheard}');
    expect(finn.session.care.fill(saved!, ROSA, 'es')).toMatch(/^Hola Rosa: Harbor Family Practice, \d+ de /);
  });
});

describe('a value that changed often while a device was away', () => {
  it('comes to it in order, and as no forgery', async () => {
    await maria.session.close();
    const { care } = finn.session;
    const [template] = care.templates.read();
    for (let version = 1; version <= 8; version++)
      await care.saveTemplate({ ...template!, name: `Refill ${version}` });
    maria = await practice.reopen(maria, server.url, { clock });
    await until(maria.session.care.templates, ([found]) => found?.name === 'Refill 8');
    expect(maria.session.alarms.read()).toEqual([]);
  });
});

describe('assistants', () => {
  const WRITES = ['message', 'delivery'] as const;
  let texting: LiveSession;
  let unknown: ConversationId;

  it('that come later are let in where their work is, and nowhere else', async () => {
    texting = await addAgent('Texting', 'sms', [
      { kind: 'patient', history: true, writes: [...WRITES] },
      { kind: 'queue', history: true, writes: [...WRITES] },
      { kind: 'collection', history: true, writes: ['put'] },
    ]);
    const triage = await addAgent('Triage', 'triage', [
      { kind: 'patient', history: true, writes: [] },
      { kind: 'sidebar', history: false, writes: ['message'] },
      { kind: 'collection', history: true, writes: [] },
    ]);
    const ids = [texting, triage].map((agent) => agent.me.read().account) as [AccountId, AccountId];
    await until(
      admin.session.agents.rows,
      (rows) => rows.length === 2 && rows.every(({ manifest }) => manifest),
    );
    await admin.session.care.keepAccess();
    unknown = admin.session.care.unknown.read().conversation!;
    const membersOf = (conv: ConversationId): readonly string[] =>
      admin.session.parts.book.get(conv)?.members ?? [];
    const { sidebar } = threadOf(admin, rosaAt)!;
    const { sealed, patients } = admin.session.parts;
    const has = (conv: ConversationId) => ids.map((id) => membersOf(conv).includes(id));
    expect(has(rosaAt)).toEqual([true, true]);
    expect(has(sidebar!)).toEqual([false, true]);
    expect(has(unknown)).toEqual([true, false]);
    expect(has(sealed.idOf('texting'))).toEqual([true, false]);
    expect(has(sealed.idOf('desk'))).toEqual([false, true]);
    expect(has(patients.id!)).toEqual([false, false]);
    // And into what is begun from now on.
    const conv = await maria.session.care.start('Patient/new');
    const row = await until(maria.session.care.threads, () => maria.session.parts.book.get(conv) !== null);
    expect(row).toBeDefined();
    expect(maria.session.parts.book.get(conv)?.members).toEqual(expect.arrayContaining(ids));
  });

  it('write down texts of unknown numbers, which somebody gives to a patient, once', async () => {
    await until(texting.conversations.list, (rows) => rows.some(({ id }) => id === unknown));
    const settings = maria.session.care.settings.read()!;
    const queue = await texting.conversations.open(unknown);
    const via = { channel: 'sms', from: '+16175557777', person: null, segments: 1 } as const;
    await queue.send(
      text('This is Ben, new phone', {
        marks: { via },
        ask: {
          contract: 'reply',
          to: [settings.askTo],
          withinMs: 60 * MINUTE,
          callback: null,
          patient: null,
        },
      }),
    );
    await until(finn.session.care.unknown, ({ open }) => open === 1);
    const forFinn = await finn.session.conversations.open(unknown);
    await until(forFinn.timeline, () => messagesOf(forFinn).length === 1);
    const message = messagesOf(forFinn)[0]?.id as MessageId;
    expect(forFinn.summary.read().title).toBe('Unknown numbers');
    await finn.session.care.match(message, BEN);
    const conv = finn.session.care.chart(BEN).read().reach!.conversation!;
    const forMaria = await maria.session.conversations.open(conv);
    await until(forMaria.timeline, () => messagesOf(forMaria).length === 1);
    expect(messagesOf(forMaria)[0]).toMatchObject({
      text: 'This is Ben, new phone',
      author: { id: finn.account },
      via: { from: '+16175557777' },
      contract: 'reply',
    });
    await until(maria.session.care.unknown, ({ open }) => open === 0);
    await thread(maria, conv, ({ owed }) => owed.all === 1);
    await expect(maria.session.care.match(message, ROSA)).rejects.toMatchObject({ code: 'baton.ended' });
  });
});

describe('nobody', () => {
  it('has seen an alarm in all of this', () => {
    for (const { session } of [admin, maria, finn]) expect(session.alarms.read()).toEqual([]);
  });
});
