import { type ChildProcess, fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TimelineMessage } from '@baton/client';
import { createSeededRng, until } from '@baton/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CheckInScene, createCheckInScene, messagesOf, plain } from './fixtures/check-in-scene.ts';
import type { FromParent } from './fixtures/check-ins-child.ts';

// The check-in assistant's process is killed (SIGKILL) again and again, at whatever it was doing, while it asks, is answered, and raises alarm.

const CHILD = fileURLToPath(new URL('./fixtures/check-ins-child.ts', import.meta.url));
const PATIENCE = { withinMs: 90_000 };
const ROUNDS = 4;

let scene: CheckInScene;
let child: ChildProcess | null = null;
let kills = 0;

beforeAll(async () => {
  scene = await createCheckInScene();
  startChild();
}, 120_000);

afterAll(async () => {
  child?.removeAllListeners('exit');
  child?.kill('SIGKILL');
  await scene?.close();
});

function startChild(): void {
  const aheadMs = scene.time.nowMs() - Date.now();
  const made = fork(CHILD, [scene.server.url, scene.folder, String(aheadMs)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  made.on('exit', () => child === made && startChild());
  child = made;
}

function kill(): void {
  kills += 1;
  child?.kill('SIGKILL');
}

/** Sets every clock on to half past this hour where Rosa lives. */
function passTo(hour: number): void {
  const { timeZone } = scene.enrolled().enrolment;
  const options = { timeZone, hour: 'numeric', minute: 'numeric', hourCycle: 'h23' } as const;
  const parts = new Intl.DateTimeFormat('en-US', options).formatToParts(scene.time.nowMs());
  const now = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const minutes = (hour - now('hour')) * 60 + 30 - now('minute');
  const ms = (minutes <= 0 ? minutes + 24 * 60 : minutes) * 60_000;
  scene.time.pass(ms);
  if (child?.connected) child.send(ms satisfies FromParent, () => {});
}

const asked = (step: string) => messagesOf(scene.forRosa).filter(({ prompt }) => prompt?.step === step);

async function untilAsked(step: string, count: number): Promise<TimelineMessage> {
  await until(scene.forRosa.timeline, () => asked(step).length >= count, {
    ...PATIENCE,
    show: () => messagesOf(scene.forRosa).map(({ text, prompt }) => [text, prompt?.step]),
  });
  return asked(step).at(-1) as TimelineMessage;
}

const untilStaff = (holds: () => boolean) =>
  until({ read: () => null, subscribe: () => () => {} }, holds, {
    ...PATIENCE,
    show: () => [scene.enrolled(), messagesOf(scene.sidebar).map(({ text }) => text)],
  });

const answer = (to: TimelineMessage, choice: string) =>
  scene.forRosa.send(plain(choice, { marks: { answers: { prompt: to.id, choice } } }));

it('says nothing twice, asks nobody twice and loses no alert, however often its process is killed', async () => {
  const seed = randomInt(2 ** 31);
  console.log(`seed ${seed}`);
  const rng = createSeededRng(seed);
  await answer(await untilAsked('invite', 1), '1');
  await untilStaff(() => scene.enrolled().enrolment.state === 'active');
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = asked('feel').length;
    const alerts = scene.enrolled().alerts.length;
    passTo(round % 2 === 0 ? 18 : 9);
    await pause(rng.between(0, 1200));
    kill();
    const feel = await untilAsked('feel', before + 1);
    const isWorse = round % 2 === 1;
    const [breaths, urgencies] = [asked('breathe').length, asked('urgency').length];
    await answer(feel, isWorse ? '3' : '1');
    await pause(rng.between(0, 1200));
    kill();
    if (isWorse) {
      await answer(await untilAsked('breathe', breaths + 1), '1');
      await pause(rng.between(0, 1200));
      kill();
      await untilStaff(() => scene.enrolled().alerts.length === alerts + 1);
      await untilStaff(() => scene.enrolled().alerts.every(({ message }) => message !== null));
      // Somebody is on the way; what the patient thinks of that is asked before the clock is set on.
      await answer(await untilAsked('urgency', urgencies + 1), '1');
    }
    await untilStaff(() => scene.enrolled().runs.every(({ outcome }) => outcome !== 'open'));
  }
  await pause(3000);
  expect(kills).toBeGreaterThanOrEqual(2 * ROUNDS);

  while (scene.forRosa.timeline.read().hasOlder) await scene.forRosa.loadOlder();
  const said = messagesOf(scene.forRosa);
  const steps = scene.enrolled().runs.flatMap((run) => run.steps);
  const written = steps.flatMap(({ kind, message }) =>
    kind === 'ask' || kind === 'advise' ? [message] : [],
  );
  for (const id of written) expect(said.map((message) => message.id)).toContain(id);
  // One question of each dialogue, and nothing that no dialogue wrote down.
  const questions = said.filter(({ prompt }) => prompt?.step === 'feel').map(({ prompt }) => prompt?.about);
  expect(new Set(questions).size).toBe(questions.length);
  expect(questions).toHaveLength(ROUNDS);
  const concerns = scene.enrolled().alerts.map(({ date, line }) => `${date} ${line}`);
  expect(concerns).toHaveLength(2);
  const notes = messagesOf(scene.sidebar).filter(({ text }) => text.startsWith('Check-in, red'));
  expect(notes).toHaveLength(2);
}, 400_000);
