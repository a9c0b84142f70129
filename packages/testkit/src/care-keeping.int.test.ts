import type { LiveSession } from '@baton/client';
import type { AccountId, ConversationId, MessageId } from '@baton/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BEN,
  type CareScene,
  createCareScene,
  MANY,
  messagesOf,
  ROSA,
  seesThread,
  TEEN,
  text,
  threadOf,
} from './care-scene.ts';
import type { Device } from './practice.ts';
import { until } from './until.ts';

const MINUTE = 60_000;

let scene: CareScene;
let admin: Device;
let maria: Device;
let finn: Device;
let rosaAt: ConversationId;

beforeAll(async () => {
  scene = await createCareScene();
  ({ admin, maria, finn } = scene);
  rosaAt = await maria.session.care.start(ROSA);
}, 90_000);

afterAll(() => scene?.close());

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
    const over = scene.clock.nowMs() + 20 * MINUTE;
    const carlos = await scene.enter({ ref: ROSA, relation: 'family', name: 'Carlos', consent, until: over });
    const chart = finn.session.care.chart(ROSA);
    const shown = () => chart.read().people.find(({ name }) => name === 'Carlos');
    await until(chart, () => shown()?.state === 'joined');
    expect(finn.session.directory.member(shown()!.account)?.name).toBe('Carlos');
    const isMember = (): boolean =>
      finn.session.parts.book.get(rosaAt)?.members.includes(shown()!.account) === true;
    expect(isMember()).toBe(true);
    scene.pass(21 * MINUTE);
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
    const found = await seesThread(finn, own, () => true);
    expect(found).toMatchObject({ confidential: true, ref: TEEN });
    expect(await seesThread(finn, shared, () => true)).toMatchObject({
      confidential: false,
      sidebar: found.sidebar,
    });
  });
});

describe('settings', () => {
  it('are told to every conversation by a new card, once, although the device died in the middle', async () => {
    const { care } = maria.session;
    const conversations: ConversationId[] = [];
    for (const ref of MANY) conversations.push(await care.start(ref));
    const settings = care.settings.read()!;
    const closing: Promise<void>[] = [];
    await care
      .saveSettings({ ...settings, phone: '+1 617 555 0000' }, (done) => {
        if (done === 3) closing.push(maria.session.close());
      })
      // What is asked of a closed store fails in its own way.
      .catch(() => {});
    await Promise.all(closing);
    const cards = (device: Device): number =>
      conversations.filter(
        (conv) => device.session.parts.book.get(conv)?.card?.card.phone === '+1 617 555 0000',
      ).length;
    expect(cards(finn)).toBeLessThan(conversations.length);
    maria = await scene.reopen();
    await until(finn.session.care.threads, () => cards(finn) === conversations.length);
    for (const conv of conversations) {
      const open = await finn.session.conversations.open(conv);
      const rows = await finn.session.parts.streams.read(conv, { from: 0, to: 1000 });
      expect(open.card.read()?.phone).toBe('+1 617 555 0000');
      expect(rows.filter((row) => row.s === 'message' && row.content.t === 'card')).toHaveLength(2);
    }
  });

  it('let a role of the team in everywhere, and take out one that is none any more, leaving what was done by hand', async () => {
    const { people, care } = admin.session;
    const fragment = admin.link.slice(admin.link.indexOf('#') + 1);
    await admin.session.security.stepUp({ kind: 'demo', fragment });
    const holders = [maria.account, finn.account];
    const define = (name: string) => people.defineRole({ name, unit: null, use: 'team', holders });
    const [north, guests] = [await define('North'), await define('Guests')];
    await until(maria.session.directory.roles, (all) =>
      all.some(({ id, heldByMe }) => id === guests && heldByMe),
    );
    const open = await maria.session.conversations.open(rosaAt);
    await open.addMembers([guests], { history: true });
    const settings = care.settings.read()!;
    const [team] = settings.team;
    // An administrator saves what staff are to carry out.
    await expect(care.saveSettings({ ...settings, team: [team!, north] })).rejects.toMatchObject({
      code: 'policy.forbidden',
      at: 'settings.team',
    });
    await until(maria.session.care.settings, (now) => now?.team.length === 2);
    await maria.session.care.saveSettings({ ...settings, team: [team!, north] });
    const rolesAt = (conv: ConversationId) => maria.session.care.readersOf(conv);
    const places = [
      rosaAt,
      threadOf(maria, rosaAt)!.sidebar!,
      maria.session.care.unknown.read().conversation!,
    ];
    for (const conv of places) expect(rolesAt(conv)).toEqual(expect.arrayContaining([team, north]));
    await maria.session.care.saveSettings(settings);
    for (const conv of places) expect(rolesAt(conv)).not.toContain(north);
    expect(rolesAt(rosaAt)).toEqual(expect.arrayContaining([team, guests]));
    expect(maria.session.parts.book.get(maria.session.parts.sealed.idOf('desk'))?.members).not.toContain(
      north,
    );
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
    maria = await scene.reopen();
    await until(maria.session.care.templates, ([found]) => found?.name === 'Refill 8');
    expect(maria.session.alarms.read()).toEqual([]);
  });
});

describe('assistants', () => {
  const WRITES = ['message', 'delivery'] as const;
  let texting: LiveSession;
  let unknown: ConversationId;

  it('that come later are let in where their work is, and nowhere else', async () => {
    texting = await scene.addAgent('Texting', 'sms', [
      { kind: 'patient', history: true, writes: [...WRITES] },
      { kind: 'queue', history: true, writes: [...WRITES] },
      { kind: 'collection', history: true, writes: ['put'] },
    ]);
    const triage = await scene.addAgent('Triage', 'triage', [
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
    await seesThread(maria, conv, ({ owed }) => owed.all === 1);
    await expect(maria.session.care.match(message, ROSA)).rejects.toMatchObject({ code: 'baton.ended' });
  });

  it('and what was urgent stays urgent with whoever has to see to it, in the time that is left', async () => {
    const settings = maria.session.care.settings.read()!;
    const queue = await texting.conversations.open(unknown);
    const from = '+16175557777';
    const withinMs = Math.max(settings.urgentWithinMs, 2 * MINUTE);
    await queue.send(
      text('crushing chest pain', {
        marks: {
          via: { channel: 'sms', from, person: null, segments: 1 },
          flags: [{ rule: 'chest-pain', version: '1' }],
        },
        ask: { contract: 'stat', to: [settings.urgentTo], withinMs, callback: from, patient: null },
      }),
    );
    const forFinn = await finn.session.conversations.open(unknown);
    const inQueue = () => messagesOf(forFinn).find(({ text: words }) => words === 'crushing chest pain');
    await until(forFinn.timeline, () => (inQueue()?.batons.length ?? 0) > 0);
    const [asked] = inQueue()!.batons;
    scene.pass(MINUTE);
    await finn.session.care.match(inQueue()!.id, BEN);
    const conv = finn.session.care.chart(BEN).read().reach!.conversation!;
    const forMaria = await maria.session.conversations.open(conv);
    const moved = () => messagesOf(forMaria).find(({ text: words }) => words === 'crushing chest pain');
    await until(forMaria.timeline, () => (moved()?.batons.length ?? 0) > 0);
    expect(moved()).toMatchObject({ contract: 'stat', flags: [{ rule: 'chest-pain' }] });
    const [baton] = moved()!.batons;
    expect(baton).toMatchObject({ contract: 'stat', addressed: { id: settings.urgentTo } });
    // The same end, not as long again: a minute had gone.
    expect(Math.abs(baton!.deadline - asked!.deadline)).toBeLessThan(MINUTE / 2);
    await until(maria.session.care.unknown, ({ open }) => open === 0);
  });
});

describe('what the texting assistant is told of the registry', () => {
  it('is whose patient somebody is, and who else has the number of a patient with a conversation', async () => {
    const { care, patients } = admin.session;
    const record = patients.read(ROSA)!;
    const source = (byte: number) => new Uint8Array(32).fill(byte);
    const practitioners = [{ ref: 'Practitioner/chen', name: 'Dr. Chen' }];
    await patients.put({ ...record, practitioners, source: source(201) });
    const { telecom } = record;
    expect(telecom.length).toBeGreaterThan(0);
    await patients.put({ ...record, ref: 'Patient/sam', given: ['Sam'], telecom, source: source(202) });
    await patients.put({ ...record, ref: 'Patient/far', given: ['Far'], telecom: [], source: source(203) });
    await care.keepAccess();
    await until(care.chart(ROSA), ({ reach }) => reach?.practitioners?.includes('Dr. Chen') === true);
    const sam = await until(care.chart('Patient/sam'), ({ reach }) => reach !== null);
    expect(sam.reach).toMatchObject({ given: ['Sam'], conversation: null, sidebar: null });
    expect(care.chart('Patient/far').read().reach).toBeNull();
    // Nothing is written a second time.
    const asOf = () => care.chart(ROSA).read().reach;
    const before = asOf();
    await care.keepAccess();
    expect(asOf()).toBe(before);
  });
});

describe('nobody', () => {
  it('has seen an alarm in all of this', () => {
    for (const { session } of [admin, maria, finn]) expect(session.alarms.read()).toEqual([]);
  });
});
