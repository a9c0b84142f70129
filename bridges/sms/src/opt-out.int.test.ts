import type { Conversation } from '@baton/client';
import { until } from '@baton/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createTextingScene,
  isIn,
  LUIS,
  LUIS_PHONE,
  messagesOf,
  PABLO,
  probe,
  ROSA,
  ROSA_PHONE,
  say,
  STRANGER,
  textOf,
  type TextingScene,
} from './fixtures/texting-scene.ts';

let scene: TextingScene;
let rosa: Conversation;

beforeAll(async () => {
  scene = await createTextingScene();
  rosa = await scene.open(ROSA);
}, 90_000);

afterAll(() => scene?.close());

const to = (number: string) => scene.carrier.to(number);
const chart = (ref = ROSA) => scene.nora.session.care.chart(ref);
const sent = (number: string, count: number) =>
  until(
    probe(() => to(number)),
    (texts) => texts.length >= count,
    { show: (texts) => [texts, scene.run().lines] },
  );

describe('opting out', () => {
  it('works in ten wordings, at once, with one confirmation and an owner for each', async () => {
    await scene.consent(ROSA, 'texts');
    const wordings = [
      'STOP',
      'Please stop texting me',
      'unsubscribe',
      'take me off your list',
      'opt out',
      'I do not want these texts',
      'ALTO',
      'ya no me manden mensajes',
      'no quiero recibir más mensajes',
      'dejen de escribirme',
    ];
    for (const words of wordings) {
      const before = to(ROSA_PHONE).length;
      await scene.carrier.text(ROSA_PHONE, words);
      // Held before the carrier was answered.
      await until(chart(), ({ optedOut }) => optedOut?.out === true && optedOut.words === words);
      await sent(ROSA_PHONE, before + 1);
      expect(to(ROSA_PHONE).at(-1)).toMatch(/no more texts.*START/);
      await until(rosa.timeline, () => textOf(rosa, words)?.batons[0]?.status === 'open');
      // A second one is not confirmed again.
      await scene.carrier.text(ROSA_PHONE, 'STOP');
      await scene.settled();
      expect(to(ROSA_PHONE)).toHaveLength(before + 1);
      await scene.carrier.text(ROSA_PHONE, 'START');
      await sent(ROSA_PHONE, before + 2);
      await until(chart(), ({ optedOut }) => optedOut?.out !== true);
    }
  }, 120_000);

  it('ends everything: a message of staff says that it was refused, and nothing answers', async () => {
    await scene.carrier.text(ROSA_PHONE, 'stop');
    await until(chart(), ({ optedOut }) => optedOut?.out === true);
    await scene.settled();
    const before = to(ROSA_PHONE).length;
    const id = await say(rosa, 'after the opt-out');
    await until(rosa.timeline, () => isIn(rosa, 'after the opt-out'));
    await scene.settled();
    scene.time.pass(10_000);
    const markOf = () => messagesOf(rosa).find((message) => message.id === id)?.delivery;
    await until(rosa.timeline, () => markOf()?.state === 'refused', {
      show: () => [markOf(), scene.run().lines],
    });
    expect(markOf()?.code).toBe('opted-out');
    for (const words of ['HELP', 'are you there', 'I have chest pain'])
      await scene.carrier.text(ROSA_PHONE, words);
    await scene.settled();
    expect(to(ROSA_PHONE)).toHaveLength(before);
  });

  it('is lifted by START only where there was consent', async () => {
    await scene.carrier.text(LUIS_PHONE, 'STOP');
    await until(chart(LUIS), ({ optedOut }) => optedOut?.out === true);
    await sent(LUIS_PHONE, 1);
    expect(to(LUIS_PHONE)[0]).not.toMatch(/START/);
    await scene.carrier.text(LUIS_PHONE, 'START');
    await scene.settled();
    expect(chart(LUIS).read().optedOut?.out).toBe(true);
    expect(to(LUIS_PHONE)).toHaveLength(1);

    await scene.carrier.text(STRANGER, 'STOP');
    await sent(STRANGER, 1);
    await scene.carrier.text(STRANGER, 'UNSTOP');
    await scene.settled();
    expect(to(STRANGER)).toHaveLength(1);
  });

  it('is known by the carrier’s own word as well', async () => {
    await scene.consent(LUIS, 'texts');
    await scene.carrier.text(LUIS_PHONE, 'START');
    await until(chart(LUIS), ({ optedOut }) => optedOut?.out !== true);
    await sent(LUIS_PHONE, 2);
    const luis = await scene.open(LUIS);
    scene.carrier.refusals.push({ code: 'carrier.opted-out', isPassing: false });
    await say(luis, 'hola');
    await until(luis.timeline, () => isIn(luis, 'hola'));
    await scene.settled();
    scene.time.pass(10_000);
    await until(chart(LUIS), ({ optedOut }) => optedOut?.out === true, {
      show: ({ optedOut }) => [optedOut, scene.run().lines],
    });
    expect(to(LUIS_PHONE).at(-1)).not.toContain('/p');
  });

  it('is helped, with who this is and how to stop', async () => {
    await scene.carrier.text('+16175550188', 'help');
    await sent('+16175550188', 1);
    expect(to('+16175550188')[0]).toMatch(/Harbor Family Practice.*911.*rates.*STOP/);
  });
});

describe('T20: a number that has changed hands', () => {
  it('is no identity: the new owner gets nothing of the old one, and START brings nothing back', async () => {
    await scene.consent(ROSA, 'plain-text', { phone: ROSA_PHONE });
    await scene.consent(ROSA, 'texts', { phone: ROSA_PHONE });
    await scene.carrier.text(ROSA_PHONE, 'START');
    await until(chart(), ({ optedOut }) => optedOut?.out !== true);
    await scene.reach(ROSA, { channel: 'plain' });
    await scene.settled();
    await say(rosa, 'Your results are fine');
    await sent(ROSA_PHONE, to(ROSA_PHONE).length + 1);

    await scene.carrier.text(ROSA_PHONE, 'Wrong number, I do not know any Rosa');
    await until(chart(), ({ optedOut }) => optedOut?.out === true);
    const revoked = await until(chart(), ({ consents }) =>
      consents.filter(({ phone }) => phone === ROSA_PHONE).every((consent) => consent.revoked !== null),
    );
    expect(revoked.consentFor('plain-text')).toBeNull();
    const before = to(ROSA_PHONE).length;
    await say(rosa, 'Please call us about the biopsy');
    await until(
      rosa.timeline,
      () => textOf(rosa, 'Please call us about the biopsy')?.delivery?.state === 'refused',
    );
    await scene.carrier.text(ROSA_PHONE, 'START');
    await scene.settled();
    expect(chart().read().optedOut?.out).toBe(true);
    await say(rosa, 'Still nothing of hers');
    await until(rosa.timeline, () => textOf(rosa, 'Still nothing of hers')?.delivery?.state === 'refused');
    expect(to(ROSA_PHONE).slice(before).join('\n')).not.toMatch(/biopsy|hers/);
    // Whoever texts from it is believed to be the number, not the patient: staff see the number beside every text.
    const said = textOf(rosa, 'Wrong number, I do not know any Rosa');
    expect(said?.via).toMatchObject({ from: ROSA_PHONE });
    expect(said?.author.kind).toBe('agent');
    // What the new owner texts from now on is nobody's: it is owed in the queue, and not in her conversation.
    await scene.carrier.text(ROSA_PHONE, 'My knee hurts since the fall');
    const queue = await scene.openQueue();
    await until(
      queue.timeline,
      () => textOf(queue, 'My knee hurts since the fall')?.batons[0]?.status === 'open',
    );
    expect(textOf(rosa, 'My knee hurts since the fall')).toBeNull();
  });

  it('is written down also where the number had opted out before', async () => {
    const number = '+16175550177';
    await scene.reach(PABLO, { phones: [{ number, use: 'mobile' }] });
    await scene.consent(PABLO, 'texts');
    const pablo = await scene.open(PABLO);
    const queue = await scene.openQueue();
    await scene.carrier.text(number, 'STOP');
    await scene.carrier.text(number, 'Número equivocado, no conozco a esa persona');
    await until(pablo.timeline, () => isIn(pablo, 'Número equivocado, no conozco a esa persona'));
    await scene.carrier.text(number, 'START');
    await until(queue.timeline, () => isIn(queue, 'START'));
    expect(isIn(pablo, 'START')).toBe(false);
    expect(chart(PABLO).read().optedOut?.out).toBe(true);
  });

  it('texts of a number that was given to another patient go to that patient only', async () => {
    const luis = await scene.open(LUIS);
    await scene.reach(ROSA, { phones: [] });
    await scene.reach(LUIS, { phones: [{ number: ROSA_PHONE, use: 'mobile' }] });
    await scene.settled();
    await scene.carrier.text(ROSA_PHONE, 'hello, I am the new one');
    await until(luis.timeline, () => textOf(luis, 'hello, I am the new one') !== null);
    expect(textOf(rosa, 'hello, I am the new one')).toBeNull();
  });
});

describe('an assistant that was taken out', () => {
  it('reads nothing further and sends nothing that was planned; everybody sees that it is gone', async () => {
    await scene.reach(LUIS, { phones: [{ number: LUIS_PHONE, use: 'mobile' }], channel: 'link' });
    await scene.consent(LUIS, 'texts');
    await scene.carrier.text(LUIS_PHONE, 'START');
    await until(chart(LUIS), ({ optedOut }) => optedOut?.out !== true, {
      show: ({ optedOut, consents, reach }) => [optedOut, consents, reach?.phones],
    });
    const luis = await scene.open(LUIS);
    await sent(LUIS_PHONE, 3);
    await scene.settled();
    const before = to(LUIS_PHONE).length;
    await say(luis, 'planned');
    await until(luis.timeline, () => isIn(luis, 'planned'));
    await scene.settled();
    await scene.nora.session.agents.revoke(scene.account, luis.id);
    const events = () => luis.timeline.read().items.filter((item) => item.type === 'event');
    await until(luis.timeline, () => events().some(({ what }) => what === 'agent-removed'));
    await say(luis, 'after it was taken out');
    await until(luis.timeline, () => isIn(luis, 'after it was taken out'));
    scene.time.pass(70 * 60_000);
    await scene.settled();
    expect(to(LUIS_PHONE)).toHaveLength(before);
    const { session } = scene.run();
    const still = session.conversations.list.read().find(({ id }) => id === luis.id);
    expect(still?.members.some(({ id }) => id === scene.account) ?? false).toBe(false);
    const opened = await session.conversations.open(luis.id).catch(() => null);
    expect(opened ? messagesOf(opened).map(({ text }) => text) : []).not.toContain('after it was taken out');
    // Its texts are not lost: they are owed in the queue.
    await scene.carrier.text(LUIS_PHONE, 'hello?');
    const queue = await scene.openQueue();
    await until(queue.timeline, () => textOf(queue, 'hello?')?.batons[0]?.status === 'open');
  });
});
