import type { Conversation } from '@baton/client';
import type { MessageId } from '@baton/kernel';
import { until } from '@baton/testkit';
import type { TextOrder } from '@baton/wire';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createTextingScene,
  isIn,
  LUIS,
  LUIS_PHONE,
  messagesOf,
  probe,
  ROSA,
  ROSA_PHONE,
  say,
  textOf,
  type TextingScene,
} from './fixtures/texting-scene.ts';
import { zoneAtHour } from './fixtures/test-time.ts';

const HOUR_MS = 3_600_000;
let scene: TextingScene;
let rosa: Conversation;
let luis: Conversation;

beforeAll(async () => {
  scene = await createTextingScene();
  rosa = await scene.open(ROSA);
  luis = await scene.open(LUIS);
  await scene.consent(ROSA, 'texts');
}, 90_000);

afterAll(() => scene?.close());

beforeEach(async () => {
  await atHour(ROSA, 12);
  await atHour(LUIS, 12);
});

const committed = (thread: Conversation, text: string) => until(thread.timeline, () => isIn(thread, text));
/** Written by staff and seen by the assistant. */
async function write(thread: Conversation, text: string): Promise<MessageId> {
  const id = await say(thread, text);
  await committed(thread, text);
  await scene.settled();
  return id;
}
const deliveryOf = (thread: Conversation, id: MessageId) =>
  messagesOf(thread).find((message) => message.id === id)?.delivery ?? null;
const marked = (thread: Conversation, id: MessageId, state: string) =>
  until(thread.timeline, () => deliveryOf(thread, id)?.state === state, {
    withinMs: 15_000,
    show: () => [deliveryOf(thread, id), scene.carrier.sent.map(({ text }) => text), scene.run().lines],
  });
/** Sets the assistant's clock on, after what is under way has ended; what is due then is done. */
const pass = async (ms: number) => {
  await scene.settled();
  scene.time.pass(ms);
  await scene.settled();
};
/** By the clock of the assistant it is about that hour at the patient's place now. */
const atHour = (ref: string, hour: number) =>
  scene.reach(ref, { timeZone: zoneAtHour(hour, scene.time.nowMs()) });
const to = (number: string) => scene.carrier.to(number);
const lastId = () => scene.carrier.sent.at(-1)?.id ?? '';

describe('a message of staff, by link', () => {
  it('is announced by a text that says nothing of it, ten seconds after it was written, and marked', async () => {
    const id = await write(rosa, 'Your potassium is fine.');
    expect(to(ROSA_PHONE)).toEqual([]);
    await pass(10_000);
    await marked(rosa, id, 'sent');
    const [text] = to(ROSA_PHONE);
    expect(text).toContain('Harbor Family Practice');
    expect(text).toContain(`${scene.server.url}/p`);
    expect(text).toMatch(/STOP/);
    for (const word of ['potassium', 'Nora', 'Rosa', 'Martinez']) expect(text).not.toContain(word);
    expect(deliveryOf(rosa, id)).toMatchObject({ mode: 'link', segments: 1, code: null });
    await scene.carrier.report(lastId(), 'delivered');
    await marked(rosa, id, 'delivered');
    // A late report changes nothing.
    await scene.carrier.report(lastId(), 'sent');
    await scene.settled();
    expect(deliveryOf(rosa, id)?.state).toBe('delivered');
  });

  it('is announced by the same text as what was written meanwhile, and by reminders after 5 and 60 minutes', async () => {
    const before = to(ROSA_PHONE).length;
    const second = await write(rosa, 'One more thing');
    await marked(rosa, second, 'delivered');
    expect(to(ROSA_PHONE)).toHaveLength(before);
    await pass(5 * 60_000);
    await until(
      probe(() => to(ROSA_PHONE).length),
      (count) => count === before + 1,
    );
    expect(to(ROSA_PHONE).at(-1)).toMatch(/Reminder/);
    await pass(55 * 60_000);
    await until(
      probe(() => to(ROSA_PHONE).length),
      (count) => count === before + 2,
    );
    // The notice of STOP comes monthly, not each time.
    expect(to(ROSA_PHONE).at(-1)).not.toMatch(/STOP/);
    await pass(3 * HOUR_MS);
    expect(to(ROSA_PHONE)).toHaveLength(before + 2);
  });

  it('that the patient opens on the page needs no text', async () => {
    const patient = await scene.enter(ROSA);
    const before = to(ROSA_PHONE).length;
    const [row] = await until(patient.session.conversations, (all) => all.length > 0);
    if (!row) throw new Error('no conversation');
    const thread = await patient.session.open(row.id);
    const id = await write(rosa, 'Opened at once');
    await until(thread.timeline, () => isIn(thread, 'Opened at once'));
    thread.markOpened(textOf(thread, 'Opened at once')?.seq ?? 0);
    await until(
      rosa.timeline,
      () => textOf(rosa, 'Opened at once')?.receipts.some(({ state }) => state === 'opened') === true,
      { withinMs: 15_000 },
    );
    await pass(15_000);
    expect(to(ROSA_PHONE)).toHaveLength(before);
    expect(deliveryOf(rosa, id)).toBeNull();
    await patient.close();
  });

  it('waits for quiet hours to end, says so, and then goes', async () => {
    await atHour(ROSA, 3);
    const before = to(ROSA_PHONE).length;
    const id = await write(rosa, 'In the night');
    await pass(10_000);
    await marked(rosa, id, 'waiting');
    expect(deliveryOf(rosa, id)?.code).toBe('quiet-hours');
    expect(to(ROSA_PHONE)).toHaveLength(before);
    await atHour(ROSA, 12);
    await pass(7 * HOUR_MS);
    await marked(rosa, id, 'sent');
    expect(to(ROSA_PHONE)).toHaveLength(before + 1);
  });

  it('waits beside another that waits, and says so; an answer to what was urgent does not wait', async () => {
    // What went by day has been reminded of, twice, and takes nothing more along.
    await pass(2 * HOUR_MS);
    for (const _reminder of [1, 2]) await pass(10 * 60_000);
    await atHour(ROSA, 3);
    const before = to(ROSA_PHONE).length;
    const links = () =>
      to(ROSA_PHONE)
        .slice(before)
        .filter((text) => text.includes('/p'));
    const routine = await write(rosa, 'A form is ready');
    await pass(10_000);
    await marked(rosa, routine, 'waiting');
    const second = await write(rosa, 'And another one');
    await pass(10_000);
    await marked(rosa, second, 'waiting');
    expect(deliveryOf(rosa, second)?.code).toBe('quiet-hours');
    await scene.carrier.text(ROSA_PHONE, 'I have crushing chest pain and cannot breathe');
    await until(rosa.timeline, () =>
      messagesOf(rosa).some(({ contract, via }) => contract === 'stat' && via !== null),
    );
    expect(links()).toEqual([]);
    const urgent = await write(rosa, 'Call 911 now');
    await pass(10_000);
    await marked(rosa, urgent, 'sent');
    expect(links()).toHaveLength(1);
    // A minute later she writes once more: that is no part of the text that went before it.
    const next = await write(rosa, 'Are they with you?');
    await pass(10_000);
    await marked(rosa, next, 'sent');
    expect(links()).toHaveLength(2);
    await atHour(ROSA, 12);
    await pass(3 * HOUR_MS);
  });

  it('without consent counts against one text a day', async () => {
    const before = to(LUIS_PHONE).length;
    const first = await write(luis, 'uno');
    await pass(10_000);
    await marked(luis, first, 'sent');
    expect(to(LUIS_PHONE)).toHaveLength(before + 1);
    expect(to(LUIS_PHONE).at(-1)).toMatch(/Tiene un mensaje seguro/);
    await pass(10 * 60_000);
    const second = await write(luis, 'dos');
    await pass(10_000);
    await marked(luis, second, 'waiting');
    expect(deliveryOf(luis, second)?.code).toBe('cap');
    expect(to(LUIS_PHONE)).toHaveLength(before + 1);
    await scene.consent(LUIS, 'texts');
    await pass(24 * HOUR_MS);
    await marked(luis, second, 'sent');
  });
});

describe('a message of staff, in plain text', () => {
  it('goes nowhere without the consent that names the warning, and says so', async () => {
    await scene.reach(LUIS, { channel: 'plain' });
    const before = to(LUIS_PHONE).length;
    const id = await write(luis, 'Su examen salió bien');
    await marked(luis, id, 'refused');
    expect(deliveryOf(luis, id)).toMatchObject({ mode: 'plain', code: 'no-consent' });
    expect(to(LUIS_PHONE)).toHaveLength(before);
  });

  it('carries the words once there is one, and a link for what is attached', async () => {
    await scene.consent(LUIS, 'plain-text', { phone: LUIS_PHONE });
    const id = await write(luis, 'Puede venir mañana a las 3');
    await marked(luis, id, 'sent');
    expect(to(LUIS_PHONE).at(-1)).toContain('Harbor Family Practice: Puede venir mañana a las 3');
    const file = {
      name: 'plan.pdf',
      mime: 'application/pdf',
      bytes: new Uint8Array([37, 80, 68, 70]),
      width: null,
      height: null,
    };
    const withFile = await luis.send({ text: '', files: [file], mentions: [], replyTo: null, as: null });
    await marked(luis, withFile, 'sent');
    expect(to(LUIS_PHONE).at(-1)).toBe(
      `Tiene un archivo seguro de Harbor Family Practice. Abra: ${scene.server.url}/p`,
    );
  });

  it('goes also where it was here before it was known whose conversation this is', async () => {
    await scene.reach(LUIS, { conversation: null });
    const id = await write(luis, 'Bienvenido');
    expect(to(LUIS_PHONE).join('\n')).not.toContain('Bienvenido');
    await scene.reach(LUIS, { conversation: luis.id });
    await marked(luis, id, 'sent');
    expect(to(LUIS_PHONE).at(-1)).toContain('Bienvenido');
  });

  it('is counted and joined where it is long', async () => {
    const id = await write(luis, `El plan: ${'tome la medicina con agua. '.repeat(90)}`);
    await marked(luis, id, 'sent');
    const parts = scene.carrier.sent.filter(({ reference }) => reference.startsWith(`m.${id}.`));
    expect(parts.length).toBe(2);
    expect(parts[0]?.text).toMatch(/^\(1\/2\) /);
    await scene.carrier.report(parts[0]?.id ?? '', 'delivered');
    await scene.settled();
    expect(deliveryOf(luis, id)?.state).toBe('sent');
    await scene.carrier.report(parts[1]?.id ?? '', 'failed', 'carrier.unreachable');
    await marked(luis, id, 'failed');
    expect(deliveryOf(luis, id)?.code).toBe('carrier.unreachable');
    expect(deliveryOf(luis, id)?.segments).toBeGreaterThan(10);
  });

  it('is tried again where the carrier was busy, and fails visibly where it says no', async () => {
    scene.carrier.refusals.push(
      { code: 'carrier.busy', isPassing: true },
      { code: 'carrier.busy', isPassing: true },
    );
    const id = await write(luis, 'otra vez');
    await pass(10_000);
    await pass(10_000);
    await marked(luis, id, 'sent');
    scene.carrier.refusals.push({ code: 'carrier.bad-number', isPassing: false });
    const bad = await write(luis, 'no llega');
    await marked(luis, bad, 'failed');
    expect(deliveryOf(luis, bad)?.code).toBe('carrier.bad-number');
  });

  it('does not go where it was taken back before', async () => {
    await atHour(LUIS, 3);
    const before = to(LUIS_PHONE).length;
    const id = await write(luis, 'equivocado');
    await marked(luis, id, 'waiting');
    await luis.withdraw(id, null);
    await atHour(LUIS, 12);
    await pass(9 * HOUR_MS);
    expect(to(LUIS_PHONE).slice(before).join('\n')).not.toContain('equivocado');
    expect(deliveryOf(luis, id)?.state).toBe('waiting');
  });

  it('by a named clinician goes at night where the patient’s own text asked stat, past what waits for the morning', async () => {
    await atHour(LUIS, 3);
    const before = to(LUIS_PHONE).length;
    const routine = await write(luis, 'Su receta está lista');
    await marked(luis, routine, 'waiting');
    const second = await write(luis, 'Y su factura también');
    await marked(luis, second, 'waiting');
    expect(deliveryOf(luis, second)?.code).toBe('quiet-hours');
    expect(to(LUIS_PHONE)).toHaveLength(before);
    await scene.carrier.text(LUIS_PHONE, 'me duele mucho el pecho y no puedo respirar');
    await until(luis.timeline, () => messagesOf(luis).some(({ contract }) => contract === 'stat'));
    const urgent = await write(luis, 'Llame al 911 ahora. Le llamo en un minuto.');
    await marked(luis, urgent, 'sent');
    expect(to(LUIS_PHONE).at(-1)).toContain('Le llamo en un minuto');
    expect(to(LUIS_PHONE).slice(before).join('\n')).not.toMatch(/receta|factura/);
    expect(deliveryOf(luis, routine)?.state).toBe('waiting');
    await pass(9 * HOUR_MS);
    await marked(luis, second, 'sent');
    const texts = to(LUIS_PHONE).slice(before);
    const places = ['Le llamo', 'receta', 'factura'].map((word) =>
      texts.findIndex((text) => text.includes(word)),
    );
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places).not.toContain(-1);
  });
});

describe('an order', () => {
  const order = (more: Partial<Parameters<typeof scene.nora.session.care.order>[0]> = {}) =>
    scene.nora.session.care.order({
      ref: ROSA,
      to: { phone: ROSA_PHONE },
      language: 'en',
      purpose: 'reminder',
      text: 'Harbor Family Practice: your visit is tomorrow at 3.',
      notAfter: Date.now() + 400 * HOUR_MS,
      urgentBy: null,
      ...more,
    });
  const chart = () => scene.nora.session.care.chart(ROSA);
  const state = (id: string, wanted: TextOrder['state']) =>
    until(chart(), ({ orders }) => orders.some((one) => one.id === id && one.state === wanted), {
      withinMs: 15_000,
      show: ({ orders }) => [orders, scene.run().lines],
    }).then(({ orders }) => orders.find((one) => one.id === id) as TextOrder);

  it('is sent once, and its state follows the carrier’s reports', async () => {
    const before = to(ROSA_PHONE).length;
    const id = await order();
    expect(await state(id, 'sent')).toMatchObject({ code: null, segments: 1 });
    expect(to(ROSA_PHONE)).toHaveLength(before + 1);
    await scene.carrier.report(lastId(), 'delivered');
    await state(id, 'delivered');
  });

  it('waits for the morning and says until when; after its time it is not sent', async () => {
    await atHour(ROSA, 3);
    const before = to(ROSA_PHONE).length;
    const [waits, dies] = [await order(), await order({ notAfter: scene.time.nowMs() + HOUR_MS })];
    const waiting = await until(chart(), ({ orders }) =>
      orders.some((one) => one.id === waits && one.dueAt !== null),
    );
    expect(waiting.orders.find((one) => one.id === waits)).toMatchObject({
      state: 'waiting',
      code: 'quiet-hours',
    });
    expect(await state(dies, 'refused')).toMatchObject({ code: 'too-late' });
    await atHour(ROSA, 12);
    await pass(7 * HOUR_MS);
    await state(waits, 'sent');
    expect(to(ROSA_PHONE)).toHaveLength(before + 1);
  });

  it('that was planned is not sent after an opt-out', async () => {
    await atHour(ROSA, 3);
    const before = to(ROSA_PHONE).length;
    const id = await order();
    await until(chart(), ({ orders }) => orders.some((one) => one.id === id && one.dueAt !== null));
    await scene.carrier.text(ROSA_PHONE, 'STOP');
    await until(
      probe(() => to(ROSA_PHONE).length),
      (count) => count === before + 1,
    );
    await atHour(ROSA, 12);
    await pass(9 * HOUR_MS);
    expect(await state(id, 'refused')).toMatchObject({ code: 'opted-out' });
    expect(to(ROSA_PHONE)).toHaveLength(before + 1);
    await scene.carrier.text(ROSA_PHONE, 'START');
    await until(chart(), ({ optedOut }) => optedOut?.out !== true);
  });

  it('to somebody who died or is not to be contacted is refused', async () => {
    await atHour(ROSA, 3);
    const id = await order();
    await until(chart(), ({ orders }) => orders.some((one) => one.id === id && one.dueAt !== null));
    await scene.reach(ROSA, { doNotContact: true });
    await atHour(ROSA, 12);
    await pass(9 * HOUR_MS);
    expect(await state(id, 'refused')).toMatchObject({ code: 'do-not-contact' });
    await scene.reach(ROSA, { doNotContact: false });
  });
});
