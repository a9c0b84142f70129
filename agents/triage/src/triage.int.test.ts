import { setTimeout as pause } from 'node:timers/promises';
import { TRIAGE_VERSION } from '@baton/clinical';
import { until } from '@baton/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AssistantRun,
  createTriageScene,
  messagesOf,
  plain,
  type TriageScene,
} from './fixtures/triage-scene.ts';

let scene: TriageScene;
let run: AssistantRun;

beforeAll(async () => {
  scene = await createTriageScene();
  run = await scene.start();
}, 90_000);

afterAll(() => scene?.close());

/** Notes of the assistant in the sidebar that are about these words. */
const notesOf = (words: string) => messagesOf(scene.sidebar).filter(({ text }) => text.includes(words));
const noted = (words: string) =>
  until(scene.sidebar.timeline, () => notesOf(words).some(({ batons }) => batons.length > 0), {
    withinMs: 40_000,
    show: () => [messagesOf(scene.sidebar).map(({ text, batons }) => [text, batons.length]), run.lines],
  }).then(() => notesOf(words)[0]);

let fences = 0;
/** Whatever was written or due before is done with: the assistant goes through a conversation in its order, and asks about this last. */
async function fence(): Promise<void> {
  fences += 1;
  const words = `my throat is closing up, look number ${fences}.`;
  await scene.forRosa.send(plain(words));
  await noted(words);
}

describe('what a patient writes', () => {
  it('is asked about at once in the sidebar, once, by rule and version, of whom the practice card names', async () => {
    const words = 'Since this morning there is a heavy pressure in my chest';
    await scene.forRosa.send(plain(words));
    const note = await noted(words);
    expect(note).toMatchObject({
      author: { id: scene.account, kind: 'agent' },
      contract: 'stat',
      flags: [{ rule: 'chest.pain', version: TRIAGE_VERSION }],
      batons: [{ contract: 'stat', owner: { id: scene.forRosa.card.read()?.urgentTo } }],
    });
    expect(note?.text).toContain(`chest.pain (rules ${TRIAGE_VERSION})`);
    await scene.forRosa.send(plain('And thank you'));
    await until(scene.forStaff.timeline, () =>
      messagesOf(scene.forStaff).some(({ text }) => text === 'And thank you'),
    );
    await fence();
    expect(notesOf(words)).toHaveLength(1);
    expect(notesOf('And thank you')).toHaveLength(0);
    // The sidebar is not there for the patient, and what is there is nowhere in her own conversation.
    expect(scene.rosa.session.conversations.read().map(({ id }) => id)).toEqual([scene.conv]);
    expect(messagesOf(scene.forRosa).some(({ text }) => text.includes('rules'))).toBe(false);
  });

  it('is not asked about again where the message itself asks stat', async () => {
    const words = 'I cannot breathe at all';
    await scene.forRosa.send(
      plain(words, { marks: { flags: [{ rule: 'breathing.cannot', version: TRIAGE_VERSION }] } }),
    );
    await until(scene.forStaff.timeline, () =>
      messagesOf(scene.forStaff).some(({ text, contract }) => text === words && contract === 'stat'),
    );
    await fence();
    expect(notesOf(words)).toHaveLength(0);
  });

  it('is asked about when it becomes an emergency by a change', async () => {
    const id = await scene.forRosa.send(plain('I will come on Friday'));
    await until(scene.forRosa.timeline, () =>
      messagesOf(scene.forRosa).some((one) => one.id === id && one.seq !== null),
    );
    await scene.forRosa.edit(id, 'I will come on Friday. I passed out in the kitchen today');
    expect((await noted('passed out in the kitchen'))?.contract).toBe('stat');
  });
});

describe('a run that ends', () => {
  it('is taken up by the next: what came meanwhile is asked about', async () => {
    await run.stop();
    await scene.forRosa.send(plain('the right side of my face is drooping'));
    await scene.forRosa.send(plain('Also I need a refill'));
    run = await scene.start();
    await noted('face is drooping');
    await fence();
    expect(notesOf('refill')).toHaveLength(0);
  });

  it('and is killed at any moment asks once', async () => {
    for (const [round, delayMs] of [0, 40, 120, 300].entries()) {
      const words = `my throat is closing up again since ${5 + round} minutes`;
      await scene.forRosa.send(plain(words));
      await pause(delayMs);
      await run.kill();
      run = await scene.start();
      await noted(words);
    }
    await fence();
    for (const round of [0, 1, 2, 3])
      expect(notesOf(`closing up again since ${5 + round} minutes`)).toHaveLength(1);
  }, 240_000);
});

describe('a result', () => {
  const HOUR = 3_600_000;
  const result = (title: string) => ({ title, openBy: scene.time.nowMs() + HOUR });
  const written = (text: string) =>
    until(scene.forRosa.timeline, () =>
      messagesOf(scene.forRosa).some((one) => one.text === text && one.seq !== null),
    ).then(() => messagesOf(scene.forRosa).find((one) => one.text === text)?.seq ?? 0);

  it('that nobody opened in time is asked about of whoever looks after the patient; one that was opened is not', async () => {
    await scene.nora.session.care.claim(scene.conv);
    await scene.forStaff.send(
      plain('Your cholesterol is fine.', { marks: { result: result('Cholesterol') } }),
    );
    const seq = await written('Your cholesterol is fine.');
    scene.forRosa.markOpened(seq);
    // Her mark has to be where the assistant looks before the time comes.
    const marks = () =>
      run.session.parts.marks.of(scene.conv).filter(({ account }) => account !== scene.nora.account);
    await until({ read: marks, subscribe: () => () => {} }, (all) =>
      all.some(({ opened }) => opened !== null && opened.seq >= seq),
    );
    await scene.forStaff.send(
      plain('Please repeat the urine test.', { marks: { result: result('Urine test') } }),
    );
    await written('Please repeat the urine test.');
    await fence();
    scene.time.pass(2 * HOUR);
    const note = await noted('“Urine test”');
    expect(note).toMatchObject({ contract: 'reply', batons: [{ owner: { id: scene.nora.account } }] });
    // The other was due before it.
    expect(notesOf('“Cholesterol”')).toHaveLength(0);
  }, 120_000);

  it('is looked at by the next run where its time came while none was there', async () => {
    await scene.forStaff.send(plain('Your iron is low.', { marks: { result: result('Iron') } }));
    await written('Your iron is low.');
    await fence();
    await run.kill();
    scene.time.pass(2 * HOUR);
    run = await scene.start();
    await noted('“Iron”');
    // Long enough for whatever would be tried again.
    scene.time.pass(60_000);
    await fence();
    expect(notesOf('“Iron”')).toHaveLength(1);
  }, 120_000);
});
