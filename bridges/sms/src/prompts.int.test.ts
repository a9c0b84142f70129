import type { Conversation } from '@baton/client';
import type { MessageId } from '@baton/kernel';
import { until } from '@baton/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHOICES, type Programme, startProgramme } from './fixtures/programme.ts';
import {
  ANA,
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
  SHARED_PHONE,
  textOf,
  type TextingScene,
} from './fixtures/texting-scene.ts';
import { zoneAtHour } from './fixtures/test-time.ts';

// Programmes' questions as texts, and texts as their answers (docs/protocol/programmes.md §3).

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SHORT = 'Harbor Family Practice: visit Tue Nov 24, 2:30 PM. Reply C, R or X.';
let scene: TextingScene;
let programme: Programme;
let rosa: Conversation;
let luis: Conversation;

beforeAll(async () => {
  scene = await createTextingScene();
  programme = await startProgramme(scene);
  rosa = await scene.open(ROSA);
  luis = await scene.open(LUIS);
  await scene.settings({ hours: [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from: 0, to: 1440 })) });
}, 120_000);

afterAll(async () => {
  await programme?.close();
  await scene?.close();
});

const to = (number: string) => scene.carrier.to(number);
const texted = (number: string, words: string | RegExp) =>
  until(
    probe(() => to(number)),
    (texts) => texts.some((text) => text.match(words) !== null),
    { withinMs: 15_000, show: (texts) => [texts, scene.run().lines] },
  );
const deliveryOf = (thread: Conversation, id: MessageId) =>
  messagesOf(thread).find((message) => message.id === id)?.delivery ?? null;
const marked = (thread: Conversation, id: MessageId, state: string) =>
  until(thread.timeline, () => deliveryOf(thread, id)?.state === state, {
    withinMs: 15_000,
    show: () => [deliveryOf(thread, id), scene.run().lines],
  });
const arrived = (thread: Conversation, text: string) =>
  until(thread.timeline, () => isIn(thread, text) && (textOf(thread, text)?.batons.length ?? 0) > 0, {
    show: () => messagesOf(thread).map((message) => [message.text, message.answers]),
  }).then(() => textOf(thread, text)!);
/** Asked, and seen by the texting assistant. */
async function asked(thread: Conversation, words: string, change: Parameters<Programme['ask']>[2] = {}) {
  const id = await programme.ask(thread.id, words, change);
  await until(thread.timeline, () => isIn(thread, words));
  await scene.settled();
  return id;
}
const pass = async (ms: number) => {
  await scene.settled();
  scene.time.pass(ms);
  for (const ref of [ROSA, LUIS, ANA, PABLO])
    await scene.reach(ref, { timeZone: zoneAtHour(12, scene.time.nowMs()) });
};

describe('an exchange', () => {
  it('goes on at night, within five minutes of what the patient texted', async () => {
    await scene.reach(LUIS, { channel: 'plain' });
    await scene.consent(LUIS, 'plain-text');
    await asked(luis, 'Can you come on Tuesday?');
    await texted(LUIS_PHONE, /Can you come on Tuesday/);
    await scene.reach(LUIS, { timeZone: zoneAtHour(23) });
    const routine = await say(luis, 'A form is ready');
    await scene.settled();
    await marked(luis, routine, 'waiting');
    await scene.carrier.text(LUIS_PHONE, 'R');
    await arrived(luis, 'R');
    const id = await asked(luis, 'Monday is free. Reply C.');
    await marked(luis, id, 'sent');
    expect(to(LUIS_PHONE).at(-1)).toMatch(/Monday is free/);
    expect(deliveryOf(luis, routine)?.state).toBe('waiting');
    await scene.reach(LUIS, { timeZone: zoneAtHour(12) });
    // What waits is judged again with what comes behind it, and goes before it.
    const next = await asked(luis, 'Shall we call? Reply C.');
    await marked(luis, next, 'sent');
    expect(to(LUIS_PHONE).at(-2)).toMatch(/A form is ready/);
  });
});

describe('a question goes out', () => {
  it('as its own words to who asked for that, and names the practice once', async () => {
    const id = await asked(luis, 'See you Tuesday at 2:30 PM. Reply C, R or X.');
    await texted(LUIS_PHONE, 'See you Tuesday at 2:30 PM');
    expect(to(LUIS_PHONE).at(-1)).toMatch(/^Harbor Family Practice: See you Tuesday/);
    await marked(luis, id, 'sent');
    expect(deliveryOf(luis, id)).toMatchObject({ mode: 'plain' });
    await asked(luis, 'Harbor Family Practice: second question. Reply C.');
    await texted(LUIS_PHONE, /second question/);
    expect(
      to(LUIS_PHONE)
        .at(-1)
        ?.match(/Harbor/g),
    ).toHaveLength(1);
  });

  it('as no more than that a message waits, without a consent for reminders; the words for that are not used', async () => {
    const id = await asked(rosa, 'Your visit with cardiology is Tuesday.', { short: SHORT });
    await pass(11_000);
    await marked(rosa, id, 'sent');
    expect(to(ROSA_PHONE)).toHaveLength(1);
    expect(to(ROSA_PHONE)[0]).toMatch(/secure message/);
    expect(to(ROSA_PHONE)[0]).not.toMatch(/cardiology|Tue/);
    // It is the programme that asks again, or not.
    await pass(2 * HOUR);
    await scene.settled();
    expect(to(ROSA_PHONE)).toHaveLength(1);
  });

  it('as its short words with that consent: practice, day and time, letters', async () => {
    await scene.consent(ROSA, 'reminders');
    const id = await asked(rosa, 'Your visit with cardiology is on Tuesday, once more.', { short: SHORT });
    await texted(ROSA_PHONE, /visit Tue Nov 24/);
    expect(to(ROSA_PHONE).at(-1)).not.toMatch(/cardiology/);
    await marked(rosa, id, 'sent');
    expect(deliveryOf(rosa, id)).toMatchObject({ mode: 'link' });
  });

  it('not where a check-in has no consent, and never with short words', async () => {
    const before = to(ROSA_PHONE).length;
    const id = await asked(rosa, 'How are you today?', {
      kind: 'check-in',
      asks: 'text',
      choices: [],
      short: SHORT,
    });
    await pass(11_000);
    await marked(rosa, id, 'refused');
    expect(deliveryOf(rosa, id)).toMatchObject({ code: 'no-consent' });
    expect(to(ROSA_PHONE)).toHaveLength(before);
  });

  it('not after its time', async () => {
    const before = to(ROSA_PHONE).length;
    const id = await asked(rosa, 'Over soon', { until: scene.time.nowMs() + 3000, short: null });
    await pass(11_000);
    await marked(rosa, id, 'refused');
    expect(deliveryOf(rosa, id)).toMatchObject({ code: 'too-late' });
    expect(to(ROSA_PHONE)).toHaveLength(before);
  });

  it('not by night', async () => {
    await pass(24 * HOUR);
    await scene.reach(LUIS, { timeZone: zoneAtHour(23, scene.time.nowMs()) });
    const waits = await asked(luis, 'Unasked at night');
    await marked(luis, waits, 'waiting');
    expect(deliveryOf(luis, waits)).toMatchObject({ code: 'quiet-hours' });
  });
});

describe('a text answers', () => {
  let first: MessageId;
  let second: MessageId;

  beforeAll(async () => {
    await pass(30 * HOUR);
    first = await asked(luis, 'Visit one: C, R or X?');
    second = await asked(luis, 'Visit two: C or R?', { about: 'visit-2', choices: CHOICES.slice(0, 2) });
  }, 30_000);

  it('the newest question that has the letter, and is owed by somebody until the programme ends it', async () => {
    const before = to(LUIS_PHONE).length;
    await scene.carrier.text(LUIS_PHONE, ' c. ');
    const message = await arrived(luis, ' c. ');
    expect(message.answers).toEqual({ prompt: second, choice: 'C' });
    expect(message.batons).toMatchObject([{ contract: 'reply', status: 'open' }]);
    await scene.settled();
    // No "received": the programme answers.
    expect(to(LUIS_PHONE)).toHaveLength(before);
    const thread = await programme.open(luis.id);
    await until(thread.timeline, ({ items }) => items.some(({ id }) => id === message.id));
    expect(await thread.settleAnswer(message.id)).toBe(true);
    await until(luis.timeline, () => textOf(luis, ' c. ')?.batons[0]?.status === 'closed');
    expect(textOf(luis, ' c. ')?.batons[0]).toMatchObject({ ended: { reason: 'automation' } });
    // Asked once more it is over all the same.
    expect(await thread.settleAnswer(message.id)).toBe(true);
  });

  it('an older one by a letter that only that one has', async () => {
    await scene.carrier.text(LUIS_PHONE, 'X');
    expect((await arrived(luis, 'X')).answers).toEqual({ prompt: first, choice: 'X' });
  });

  it('and may think again', async () => {
    await scene.carrier.text(LUIS_PHONE, 'R');
    expect((await arrived(luis, 'R')).answers).toEqual({ prompt: second, choice: 'R' });
  });

  it('nothing with what comes after both are answered: that is a message, and is told so', async () => {
    await scene.carrier.text(LUIS_PHONE, 'One more thing');
    const message = await arrived(luis, 'One more thing');
    expect(message.answers).toBeNull();
    await texted(LUIS_PHONE, /911/);
    const thread = await programme.open(luis.id);
    await until(thread.timeline, ({ items }) => items.some(({ id }) => id === message.id));
    expect(await thread.settleAnswer(message.id)).toBe(false);
  });

  it('in its own words while one waits; what a person was faster with the programme leaves', async () => {
    const id = await asked(luis, 'How was it?', { kind: 'survey', asks: 'text', choices: [] });
    await scene.carrier.text(LUIS_PHONE, 'puedo ir mas tarde?');
    const message = await arrived(luis, 'puedo ir mas tarde?');
    expect(message.answers).toEqual({ prompt: id, choice: null });
    await scene.nora.session.batons.acknowledge(message.batons[0]!.id);
    const thread = await programme.open(luis.id);
    await until(thread.timeline, ({ items }) => items.some(({ id: one }) => one === message.id));
    expect(await thread.settleAnswer(message.id)).toBe(false);
    expect(textOf(luis, 'puedo ir mas tarde?')?.batons[0]).toMatchObject({ ended: null });
  });

  it('with a red flag asks stat, is told what to do, and no programme ends it', async () => {
    const id = await asked(luis, 'And now?', { asks: 'text', choices: [] });
    const words = 'tengo un dolor muy fuerte en el pecho y no puedo respirar';
    await scene.carrier.text(LUIS_PHONE, words);
    const message = await arrived(luis, words);
    expect(message).toMatchObject({ answers: { prompt: id, choice: null }, contract: 'stat' });
    expect(message.flags.length).toBeGreaterThan(0);
    const thread = await programme.open(luis.id);
    await until(thread.timeline, ({ items }) => items.some(({ id: one }) => one === message.id));
    expect(await thread.settleAnswer(message.id)).toBe(false);
  });

  it('STOP stays STOP, whatever is open', async () => {
    await pass(MINUTE);
    await asked(rosa, 'Last one: C?', { short: SHORT });
    await scene.carrier.text(ROSA_PHONE, 'STOP');
    const message = await arrived(rosa, 'STOP');
    expect(message.answers).toBeNull();
    await texted(ROSA_PHONE, /no more texts/);
    const after = await asked(rosa, 'After STOP', { short: SHORT });
    await marked(rosa, after, 'refused');
    expect(deliveryOf(rosa, after)).toMatchObject({ code: 'opted-out' });
    await scene.carrier.text(ROSA_PHONE, 'START');
    expect((await arrived(rosa, 'START')).answers).toBeNull();
  });
});

describe('two who share a number', () => {
  it('are told apart by who was asked; where both were, the sender is asked', async () => {
    const ana = await scene.open(ANA);
    const pablo = await scene.open(PABLO);
    const queue = await scene.openQueue();
    const forAna = await asked(ana, 'Ana: C or R?');
    await scene.carrier.text(SHARED_PHONE, 'C');
    expect((await arrived(ana, 'C')).answers).toEqual({ prompt: forAna, choice: 'C' });
    await pass(31 * MINUTE);
    const again = await asked(ana, 'Ana, once more: C or R?');
    await asked(pablo, 'Pablo: C or R?');
    await scene.carrier.text(SHARED_PHONE, 'R');
    expect((await arrived(queue, 'R')).answers).toBeNull();
    await scene.carrier.text(SHARED_PHONE, 'Ana');
    await until(ana.timeline, () => isIn(ana, 'R'));
    expect(textOf(ana, 'R')?.answers).toEqual({ prompt: again, choice: 'R' });
  });
});
