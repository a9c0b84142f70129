import type { Conversation } from '@baton/client';
import { until } from '@baton/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ANA,
  BEN,
  createTextingScene,
  FAMILY_PHONE,
  isIn,
  LUIS,
  LUIS_PHONE,
  messagesOf,
  MIA,
  PABLO,
  probe,
  ROSA,
  ROSA_PHONE,
  say,
  SHARED_PHONE,
  STRANGER,
  textOf,
  type TextingScene,
} from './fixtures/texting-scene.ts';

let scene: TextingScene;
let rosa: Conversation;
let queue: Conversation;

beforeAll(async () => {
  scene = await createTextingScene();
  rosa = await scene.open(ROSA);
  queue = await scene.openQueue();
}, 90_000);

afterAll(() => scene?.close());

const arrived = (thread: Conversation, text: string) =>
  until(thread.timeline, () => isIn(thread, text) && (textOf(thread, text)?.batons.length ?? 0) > 0, {
    show: () => messagesOf(thread).map((message) => [message.text, message.batons.length]),
  }).then(() => textOf(thread, text) as NonNullable<ReturnType<typeof textOf>>);
const answered = (number: string, count: number) =>
  until(
    probe(() => scene.carrier.to(number)),
    (texts) => texts.length >= count,
    {
      show: (texts) => [texts, scene.run().lines],
    },
  );

describe('an inbound text', () => {
  it('is in the conversation of the one patient whose number it is, with its phone, and somebody owes the answer', async () => {
    await scene.carrier.text(ROSA_PHONE, 'Can I eat before the test tomorrow?');
    const message = await arrived(rosa, 'Can I eat before the test tomorrow?');
    expect(message.via).toMatchObject({ channel: 'sms', from: ROSA_PHONE, person: null });
    expect(message.author).toMatchObject({ kind: 'agent', name: 'Texting assistant' });
    const settings = scene.nora.session.care.settings.read();
    expect(message.batons).toMatchObject([
      { contract: 'reply', status: 'open', owner: { id: settings?.askTo } },
    ]);
  });

  it('is answered once in a run: nobody watches for emergencies', async () => {
    await answered(ROSA_PHONE, 1);
    await scene.carrier.text(ROSA_PHONE, 'And drink?');
    await arrived(rosa, 'And drink?');
    await scene.settled();
    expect(scene.carrier.to(ROSA_PHONE)).toHaveLength(1);
    expect(scene.carrier.to(ROSA_PHONE)[0]).toMatch(/not monitored for emergencies.*911/);
    const shown = await until(rosa.timeline, () => messagesOf(rosa).some(({ automatic }) => automatic));
    expect(
      shown.items.some((item) => item.type === 'message' && item.automatic && item.batons.length === 0),
    ).toBe(true);
  });

  it('is one message however often the carrier repeats it', async () => {
    const id = await scene.carrier.text(ROSA_PHONE, 'the same');
    await Promise.all([1, 2, 3].map(() => scene.carrier.text(ROSA_PHONE, 'the same', { id })));
    await arrived(rosa, 'the same');
    expect(messagesOf(rosa).filter(({ text }) => text === 'the same')).toHaveLength(1);
  });

  it('with a red flag asks stat, also where it ends all texts', async () => {
    const { urgentTo } = scene.nora.session.care.settings.read() ?? {};
    await scene.carrier.text(LUIS_PHONE, 'Tengo un dolor muy fuerte en el pecho y no puedo respirar');
    const luis = await scene.open(LUIS);
    const message = await arrived(luis, 'Tengo un dolor muy fuerte en el pecho y no puedo respirar');
    expect(message.batons).toMatchObject([{ contract: 'stat', owner: { id: urgentTo } }]);
    expect(message.flags.length).toBeGreaterThan(0);
    await answered(LUIS_PHONE, 1);
    expect(scene.carrier.to(LUIS_PHONE)[0]).toMatch(/911/);
    await scene.carrier.text(LUIS_PHONE, 'STOP');
    await arrived(luis, 'STOP');
    await scene.carrier.text(LUIS_PHONE, 'stop texting me, I have chest pain and cannot breathe');
    const last = await arrived(luis, 'stop texting me, I have chest pain and cannot breathe');
    expect(last.batons).toMatchObject([{ contract: 'stat' }]);
  });

  it('of an unknown number is in the queue, with an owner', async () => {
    await scene.carrier.text(STRANGER, 'Hello, is this the clinic?');
    const message = await arrived(queue, 'Hello, is this the clinic?');
    expect(message.via).toMatchObject({ from: STRANGER, person: null });
    expect(message.batons).toMatchObject([{ contract: 'reply', status: 'open' }]);
    await answered(STRANGER, 1);
    await until(scene.nora.session.care.unknown, ({ open }) => open === 1);
  });

  it('brings its pictures sealed with it, and says which were not taken', async () => {
    const bytes = new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10, 1, 2, 3]);
    scene.carrier.media.set('a', { ok: true, bytes, mime: 'image/png', ending: 'png' });
    scene.carrier.media.set('b', { ok: false, why: 'malware' });
    await scene.carrier.text(ROSA_PHONE, 'my rash', {
      media: [
        { url: 'a', mime: 'image/png' },
        { url: 'b', mime: 'image/png' },
      ],
    });
    const isIt = ({ text }: { text: string }) => text.startsWith('my rash');
    await until(rosa.timeline, () => messagesOf(rosa).some((one) => isIt(one) && one.seq !== null));
    const message = messagesOf(rosa).find(isIt);
    expect(message?.text).toContain('malware');
    const [file] = message?.attachments ?? [];
    expect(message?.attachments).toHaveLength(1);
    if (!file) throw new Error('no file');
    expect(new Uint8Array(await rosa.readAttachment(file))).toEqual(bytes);
  });

  it('brings a picture later where the carrier did not have it yet', async () => {
    await scene.carrier.text(ROSA_PHONE, 'and this', { media: [{ url: 'late', mime: 'image/png' }] });
    await until(rosa.timeline, () => messagesOf(rosa).some(({ text }) => text.includes('and this')));
    expect(messagesOf(rosa).find(({ text }) => text.includes('and this'))?.text).toContain('follows');
    scene.carrier.media.set('late', {
      ok: true,
      bytes: new Uint8Array([1, 2]),
      mime: 'image/png',
      ending: 'png',
    });
    scene.time.pass(11_000);
    await until(rosa.timeline, () => messagesOf(rosa).at(-1)?.attachments.length === 1, {
      show: () => [
        messagesOf(rosa).map(({ text, attachments }) => [text, attachments.length]),
        scene.run().lines,
      ],
    });
    expect(messagesOf(rosa).at(-1)?.via?.from).toBe(ROSA_PHONE);
  });
});

describe('a number of several patients', () => {
  it('is asked whose message it is without a name being given away; what waited goes where the answer says', async () => {
    const [ana, pablo] = [await scene.open(ANA), await scene.open(PABLO)];
    await scene.carrier.text(SHARED_PHONE, 'she has a rash again');
    const waiting = await arrived(queue, 'she has a rash again');
    expect(waiting.batons).toMatchObject([{ status: 'open' }]);
    await answered(SHARED_PHONE, 1);
    const [question] = scene.carrier.to(SHARED_PHONE);
    expect(question).toMatch(/first name/);
    for (const name of ['Ana', 'Pablo', 'Silva']) expect(question).not.toContain(name);

    await scene.carrier.text(SHARED_PHONE, 'Ana');
    await arrived(ana, 'Ana');
    const moved = await arrived(ana, 'she has a rash again');
    expect(moved.via).toMatchObject({ from: SHARED_PHONE, person: 'Ana' });
    await until(
      queue.timeline,
      () => textOf(queue, 'she has a rash again')?.batons.every(({ ended }) => ended !== null) === true,
    );

    // For thirty minutes the answer holds.
    await scene.carrier.text(SHARED_PHONE, 'and it itches');
    expect((await arrived(ana, 'and it itches')).via?.person).toBe('Ana');
    scene.time.pass(31 * 60_000);
    await scene.carrier.text(SHARED_PHONE, 'now he coughs');
    await arrived(queue, 'now he coughs');
    expect(messagesOf(pablo).filter(({ via }) => via !== null)).toEqual([]);
    expect(messagesOf(ana).some(({ text }) => text === 'now he coughs')).toBe(false);
  });

  it('stays in the queue, owed, where the answer names nobody', async () => {
    await scene.carrier.text(SHARED_PHONE, 'me');
    const message = await arrived(queue, 'me');
    expect(message.batons).toMatchObject([{ status: 'open' }]);
    // Asked once in half an hour.
    expect(scene.carrier.to(SHARED_PHONE).filter((text) => text.includes('first name'))).toHaveLength(2);
  });
});

describe('a number of two, of whom one has a conversation', () => {
  it('is asked about as well: the text may be about the other', async () => {
    const mia = await scene.open(MIA);
    await until(scene.nora.session.care.chart(BEN), ({ reach }) => reach !== null);
    await scene.settled();
    await scene.carrier.text(FAMILY_PHONE, 'he fell off the swing');
    expect((await arrived(queue, 'he fell off the swing')).via?.person).toBeNull();
    await answered(FAMILY_PHONE, 1);
    expect(scene.carrier.to(FAMILY_PHONE)[0]).toMatch(/first name/);
    // Staff open his conversation by giving it to him.
    await scene.carrier.text(FAMILY_PHONE, 'Ben');
    await arrived(queue, 'Ben');
    await scene.carrier.text(FAMILY_PHONE, 'not Mia');
    await arrived(queue, 'not Mia');
    expect(messagesOf(mia).filter(({ via }) => via !== null)).toEqual([]);
    expect(textOf(queue, 'he fell off the swing')?.batons).toMatchObject([{ status: 'open' }]);
  });
});

describe('a patient with a team of their own', () => {
  it('is answered by it, by text as on the page', async () => {
    const { askTo, team } = scene.nora.session.care.settings.read() ?? {};
    const [to] = team ?? [];
    if (to === undefined) throw new Error('no team');
    expect(to).not.toBe(askTo);
    await scene.settings({ routes: [{ topic: null, location: null, practitioner: 'dr. chen', to }] });
    const luis = await scene.open(LUIS);
    await scene.carrier.text(LUIS_PHONE, 'START');
    await scene.carrier.text(LUIS_PHONE, 'una pregunta para la doctora');
    expect((await arrived(luis, 'una pregunta para la doctora')).batons).toMatchObject([
      { contract: 'reply', addressed: { id: to } },
    ]);
    await scene.carrier.text(ROSA_PHONE, 'a question for whoever is there');
    expect((await arrived(rosa, 'a question for whoever is there')).batons).toMatchObject([
      { contract: 'reply', addressed: { id: askTo } },
    ]);
    await scene.settings({ routes: [] });
  });
});

describe('out of hours', () => {
  it('is answered once in fifteen minutes, and anew after staff have answered', async () => {
    await scene.consent(ROSA, 'texts');
    // Open on no day: closed whenever the test runs.
    const day = new Date().getUTCDay() || 7;
    const other = (day % 7) + 1;
    await scene.settings({ timeZone: 'UTC', hours: [{ day: ((other + 1) % 7) + 1, from: 600, to: 601 }] });
    await say(rosa, 'We look into it');
    await until(rosa.timeline, () => isIn(rosa, 'We look into it'));
    scene.time.pass(1000);
    const closed = () => scene.carrier.to(ROSA_PHONE).filter((text) => text.includes('closed')).length;
    await scene.settled();
    await scene.carrier.text(ROSA_PHONE, 'thanks');
    await until(probe(closed), (count) => count === 1, { show: () => scene.carrier.to(ROSA_PHONE) });
    await scene.carrier.text(ROSA_PHONE, 'one more thing');
    scene.time.pass(14 * 60_000);
    await scene.carrier.text(ROSA_PHONE, 'are you there');
    await arrived(rosa, 'are you there');
    await scene.settled();
    expect(closed()).toBe(1);
    scene.time.pass(2 * 60_000);
    await scene.carrier.text(ROSA_PHONE, 'hello');
    await until(probe(closed), (count) => count === 2);
    await say(rosa, 'Here we are');
    await until(rosa.timeline, () => isIn(rosa, 'Here we are'));
    await scene.settled();
    await scene.carrier.text(ROSA_PHONE, 'good');
    await until(probe(closed), (count) => count === 3);
  });
});
