import { type ChildProcess, fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Conversation } from '@baton/client';
import { createSeededRng, until } from '@baton/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CarrierEvent } from './carriers/carrier.ts';
import type { FromChild, FromParent } from './fixtures/texting-child.ts';
import {
  createTextingScene,
  LUIS,
  LUIS_PHONE,
  messagesOf,
  probe,
  ROSA,
  ROSA_PHONE,
  say,
  type TextingScene,
} from './fixtures/texting-scene.ts';

// The assistant's process is killed (SIGKILL) again and again, at whatever it was doing, while texts come and go.

const CHILD = fileURLToPath(new URL('./fixtures/texting-child.ts', import.meta.url));
const TEXTS = 24;
const PLAIN = 8;
const FEWEST_KILLS = 5;
const MOST_KILLS = 12;

let scene: TextingScene;
let rosa: Conversation;
let luis: Conversation;
let child: ChildProcess | null = null;
let count = 0;
const open = new Map<number, (ok: boolean) => void>();
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

beforeAll(async () => {
  scene = await createTextingScene({ durable: true });
  rosa = await scene.open(ROSA);
  luis = await scene.open(LUIS);
  await scene.consent(LUIS, 'texts');
  await scene.consent(LUIS, 'plain-text');
  await scene.reach(LUIS, { channel: 'plain' });
  await pause(500);
  await scene.run().stop();
}, 90_000);

afterAll(async () => {
  child?.removeAllListeners('exit');
  child?.kill('SIGKILL');
  await scene?.close();
});

function startChild(): void {
  // One run of the station: a process that was killed leaves its lease to the next one.
  const made = fork(CHILD, [scene.server.url, scene.folder, 'the-station'], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  made.on('message', (message: FromChild) => {
    if (message.t === 'taken') open.get(message.n)?.(message.ok);
    if (message.t === 'send')
      void scene.carrier.send(message).then((outcome) => {
        if (made.connected) made.send({ t: 'sent', n: message.n, outcome } satisfies FromParent);
      });
  });
  made.on('exit', () => {
    for (const answer of open.values()) answer(false);
    if (child === made) startChild();
  });
  child = made;
}

/** As a carrier does: repeats until it is taken. */
async function bring(event: CarrierEvent): Promise<void> {
  for (;;) {
    const taken = await new Promise<boolean>((resolve) => {
      count += 1;
      const n = count;
      const timer = setTimeout(() => answer(false), 8000);
      const answer = (ok: boolean): void => {
        clearTimeout(timer);
        open.delete(n);
        resolve(ok);
      };
      open.set(n, answer);
      if (child?.connected) child.send({ t: 'event', n, event } satisfies FromParent, () => {});
      else setTimeout(() => answer(false), 200);
    });
    if (taken) return;
    await pause(100);
  }
}

it('loses no text and doubles none, in either direction, however often its process is killed', async () => {
  const seed = randomInt(2 ** 31);
  console.log(`seed ${seed}`);
  const rng = createSeededRng(seed);
  startChild();
  let kills = 0;
  const test = { isOver: false };
  // At least so often, however fast everything else is over; each one of a process that is at work, some of them before it is.
  const killing = (async () => {
    while (kills < FEWEST_KILLS || (!test.isOver && kills < MOST_KILLS)) {
      await pause(rng.between(1200, 2200));
      kills += 1;
      child?.kill('SIGKILL');
    }
  })();
  const inbound = Array.from({ length: TEXTS }, (_, index) => index).map(async (index) => {
    await pause(index * 400);
    const from = index % 2 === 0 ? ROSA_PHONE : LUIS_PHONE;
    await bring({
      t: 'text',
      id: `text-${index}`,
      from,
      to: '+12025550100',
      text: `text ${index}`,
      media: [],
      segments: 1,
      at: null,
    });
  });
  const outbound = (async () => {
    for (let index = 0; index < PLAIN; index += 1) {
      await say(luis, `answer ${index}`);
      await pause(1100);
    }
  })();
  await Promise.all([...inbound, outbound]);
  await until(
    probe(() => scene.carrier.to(LUIS_PHONE).filter((text) => text.includes('answer'))),
    (texts) => texts.length >= PLAIN,
    { withinMs: 120_000 },
  );
  test.isOver = true;
  await killing;
  await pause(3000);

  const texts = [...messagesOf(rosa), ...messagesOf(luis)].filter(({ via }) => via !== null);
  expect(texts.map(({ text }) => text).sort()).toEqual(
    Array.from({ length: TEXTS }, (_, index) => `text ${index}`).sort(),
  );
  for (const message of texts) expect(message.batons.length).toBe(1);
  const answers = scene.carrier.to(LUIS_PHONE).filter((text) => text.includes('answer'));
  expect(answers).toHaveLength(PLAIN);
  // In their order.
  expect(answers.map((text) => Number(/answer (\d+)/.exec(text)?.[1]))).toEqual([...Array(PLAIN).keys()]);
  await until(luis.timeline, () =>
    messagesOf(luis)
      .filter(({ text }) => text.startsWith('answer'))
      .every(({ delivery }) => delivery?.state === 'sent'),
  );
  // Repeats under a reference that the carrier knew: as many as there were deaths between its taking a text and our writing that down.
  expect(scene.carrier.calls - scene.carrier.sent.length).toBeLessThanOrEqual(kills);
}, 240_000);
