import type { EnteredPatient } from './patient-phone.ts';
import type { TimelineMessage } from '@baton/client';
import type { ConversationId } from '@baton/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BEN,
  type CareScene,
  createCareScene,
  LENA,
  MANY,
  messagesOf,
  ROSA,
  seesThread,
  text,
  threadOf,
} from './care-scene.ts';
import type { Device } from './practice.ts';
import { until } from './until.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

let scene: CareScene;
let admin: Device;
let maria: Device;
let finn: Device;
let rosa: EnteredPatient;
let rosaAt: ConversationId;

beforeAll(async () => {
  scene = await createCareScene();
  ({ admin, maria, finn } = scene);
}, 90_000);

afterAll(() => scene?.close());

describe('a patient’s conversation', () => {
  it('is made once by two who start it at the same time, and is a line of the shared inbox alone', async () => {
    const [a, b] = await Promise.all([maria.session.care.start(ROSA), finn.session.care.start(ROSA)]);
    expect(a).toBe(b);
    rosaAt = a;
    const found = await seesThread(finn, a, ({ sidebar }) => sidebar !== null);
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
    expect(card).toMatchObject({
      name: 'Harbor Family Practice',
      about: 'Rosa',
      boxTo: [expect.any(String) as string, expect.any(String) as string],
    });
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
    await expect(care.start(LENA)).rejects.toMatchObject({
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
      notAfter: scene.clock.nowMs() + DAY,
      urgentBy: null,
    } as const;
    await expect(care.order(order)).rejects.toMatchObject(refused);
    await care.changeReach(BEN, (reach) => ({ ...reach, doNotContact: false }));
    const id = await care.order(order);
    const chart = await until(finn.session.care.chart(BEN), ({ orders }) => orders.length === 1);
    expect(chart.orders[0]).toMatchObject({ id, state: 'waiting', by: maria.account });
  });

  it('shows what the patient waits for, and one answer of anybody in the team ends all of it', async () => {
    rosa = await scene.enter({ ref: ROSA });
    await until(rosa.session.conversations, (rows) => rows.some(({ id }) => id === rosaAt));
    const phone = await rosa.session.open(rosaAt);
    await until(phone.card, (card) => card !== null);
    await phone.send(text('I need a refill'));
    await phone.send(text('And an appointment'));
    const waiting = await seesThread(finn, rosaAt, ({ owed, unread }) => owed.all === 2 && unread === 2);
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
    await seesThread(finn, rosaAt, ({ owed, waitingSince }) => owed.all === 0 && waitingSince === null);
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

describe('a patient who comes in late', () => {
  it('finds the practice card however much was written since, and what they write is owed', async () => {
    const [ref] = MANY as [string];
    const conv = await maria.session.care.start(ref);
    const open = await maria.session.conversations.open(conv);
    for (let index = 0; index < 70; index++) await open.send(text(`Note ${index}`));
    await until(open.timeline, () => messagesOf(open).every(({ seq }) => seq !== null), { withinMs: 30_000 });
    const late = await scene.enter({ ref });
    const rows = await until(late.session.conversations, ([row]) => row?.card !== null && row !== undefined);
    expect(rows[0]?.card).toMatchObject({ name: 'Harbor Family Practice' });
    await (await late.session.open(conv)).send(text('Here I am'));
    await seesThread(finn, conv, ({ owed }) => owed.all === 1);
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
      await seesThread(device, rosaAt, ({ assignee }) => assignee?.id === winner.account);
    await winner.session.care.changeThread(rosaAt, { assignee: null });
    expect((await finn.session.care.claim(rosaAt)).mine).toBe(true);
    await finn.session.care.changeThread(rosaAt, { assignee: null });
  });

  it('says who is answering until they stop, and does not let a second one hide the first', async () => {
    maria.session.care.answering(rosaAt);
    await seesThread(finn, rosaAt, ({ answering }) => answering?.id === maria.account);
    expect(threadOf(maria, rosaAt)?.answering).toBeNull();
    finn.session.care.answering(rosaAt);
    await seesThread(finn, rosaAt, ({ answering }) => answering?.id === maria.account);
    expect(threadOf(maria, rosaAt)?.answering).toBeNull();
    scene.pass(31_000);
    await seesThread(finn, rosaAt, ({ answering }) => answering === null);
    finn.session.care.answering(rosaAt);
    await seesThread(maria, rosaAt, ({ answering }) => answering?.id === finn.account);
    scene.pass(31_000);
  });

  it('snoozes until a time', async () => {
    const over = scene.clock.nowMs() + 10 * MINUTE;
    await maria.session.care.changeThread(rosaAt, { snoozedUntil: over });
    await seesThread(
      finn,
      rosaAt,
      ({ status, snoozedUntil }) => status === 'snoozed' && snoozedUntil === over,
    );
    scene.pass(11 * MINUTE);
    const awake = await seesThread(finn, rosaAt, ({ status }) => status === 'open');
    expect(awake.snoozedUntil).toBeNull();
  });

  it('opens what was snoozed or closed when the patient writes, and ends what was owed when it is closed', async () => {
    const phone = await rosa.session.open(rosaAt);
    const snoozed = { snoozedUntil: scene.clock.nowMs() + DAY };
    for (const change of [snoozed, { status: 'closed' }, { status: 'waiting' }] as const) {
      await maria.session.care.changeThread(rosaAt, change);
      await seesThread(finn, rosaAt, ({ status }) => status !== 'open');
      await phone.send(text('One more thing'));
      const opened = await seesThread(
        finn,
        rosaAt,
        ({ status, owed }) => status === 'open' && owed.all === 1,
      );
      expect(opened.snoozedUntil).toBeNull();
      // Somebody who begins to answer does not carry the old standing along.
      finn.session.care.answering(rosaAt);
      await seesThread(maria, rosaAt, ({ status, owed }) => status === 'open' && owed.all === 1);
      await maria.session.care.changeThread(rosaAt, { status: 'closed' });
      await seesThread(finn, rosaAt, ({ status, owed }) => status === 'closed' && owed.all === 0);
      scene.pass(31_000);
    }
  });

  it('keeps a conversation open in which a stat is open, and puts it first', async () => {
    const other = await finn.session.care.start(BEN);
    const phone = await rosa.session.open(rosaAt);
    await phone.send({ ...text('My chest hurts'), urgent: true });
    await seesThread(maria, rosaAt, ({ urgent }) => urgent);
    expect(maria.session.care.threads.read()[0]?.conversation).toBe(rosaAt);
    await maria.session.care.changeThread(rosaAt, { status: 'closed' });
    await seesThread(finn, rosaAt, ({ status, urgent }) => status === 'open' && urgent);
    const open = await maria.session.conversations.open(rosaAt);
    const [stat] = open.asking.read().answers;
    await maria.session.batons.close(stat!.id, 'done');
    await seesThread(finn, rosaAt, ({ status, urgent }) => status === 'closed' && !urgent);
    expect(threadOf(finn, other)?.status).toBe('open');
  });
});

describe('nobody', () => {
  it('has seen an alarm in all of this', () => {
    for (const { session } of [admin, maria, finn]) expect(session.alarms.read()).toEqual([]);
  });
});
