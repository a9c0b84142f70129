import { setTimeout as pause } from 'node:timers/promises';
import type { TimelineMessage } from '@baton/client';
import { makeId } from '@baton/kernel';
import { type Enrolment, programmesCodec, programmesKey } from '@baton/wire';
import { until } from '@baton/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AssistantRun,
  type CheckInScene,
  createCheckInScene,
  messagesOf,
  plain,
} from './fixtures/check-in-scene.ts';

// The check-in assistant on a real server, with a patient's phone and a nurse (docs/protocol/programmes.md §5). The assistant's clock is set on; nothing else is.

const HOUR = 3_600_000;
const PATIENCE = { withinMs: 30_000 };

let scene: CheckInScene;
let run: AssistantRun;

beforeAll(async () => {
  scene = await createCheckInScene();
  run = await scene.start();
}, 120_000);

afterAll(() => scene?.close());

/** Sets the assistant's clock on to half past this hour where Rosa lives. */
function passTo(hour: number): void {
  const { timeZone } = scene.enrolled().enrolment;
  const options = { timeZone, hour: 'numeric', minute: 'numeric', hourCycle: 'h23' } as const;
  const parts = new Intl.DateTimeFormat('en-US', options).formatToParts(scene.time.nowMs());
  const now = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const minutes = (hour - now('hour')) * 60 + 30 - now('minute');
  scene.time.pass((minutes <= 0 ? minutes + 24 * 60 : minutes) * 60_000);
}

const asked = (step: string) => messagesOf(scene.forRosa).filter(({ prompt }) => prompt?.step === step);

/** The newest question of this step, once there are so many. */
async function untilAsked(step: string, count = 1): Promise<TimelineMessage> {
  await until(scene.forRosa.timeline, () => asked(step).length >= count, {
    ...PATIENCE,
    show: () => [messagesOf(scene.forRosa).map(({ text, prompt }) => [text, prompt?.step]), run.lines],
  });
  const found = asked(step).at(-1);
  if (!found) throw new Error(step);
  return found;
}

const answer = (to: TimelineMessage, text: string, choice: string | null = text) =>
  scene.forRosa.send(plain(text, { marks: { answers: { prompt: to.id, choice } } }));

const untilStaff = (holds: () => boolean) =>
  until({ read: () => null, subscribe: () => () => {} }, holds, {
    ...PATIENCE,
    show: () => [scene.enrolled(), messagesOf(scene.sidebar).map(({ text }) => text), run.lines],
  });

const endedBy = (id: string) =>
  messagesOf(scene.forStaff)
    .find((message) => message.id === id)
    ?.batons.map(({ ended }) => ended?.reason ?? null);

describe('an invitation', () => {
  it('is asked before anything else, and a yes begins the programme', async () => {
    const invitation = await untilAsked('invite');
    expect(invitation).toMatchObject({ author: { kind: 'agent', id: scene.account }, automatic: true });
    expect(invitation.prompt?.choices.map(({ key }) => key)).toEqual(['1', '2']);
    expect(asked('feel')).toHaveLength(0);
    const yes = await answer(invitation, '1');
    await untilAsked('welcome');
    await untilStaff(() => scene.enrolled().enrolment.state === 'active');
    // Its baton is ended by the assistant that dealt with it.
    await untilStaff(() => endedBy(yes)?.join() === 'automation');
  });
});

describe('a day', () => {
  it('is asked about at the patient’s time, answered, and ends in advice', async () => {
    passTo(18);
    const feel = await untilAsked('feel');
    const same = await answer(feel, '2');
    await untilStaff(() => scene.enrolled().runs.some(({ outcome }) => outcome === 'advised'));
    await untilAsked('closing');
    const [today] = scene.enrolled().runs;
    expect(today).toMatchObject({ slot: 'evening', band: 'green' });
    expect(today?.steps.map(({ kind, node }) => `${kind} ${node}`)).toEqual([
      'ask feel',
      'answer feel',
      'advise closing',
      'end end',
    ]);
    await untilStaff(() => endedBy(same)?.join() === 'automation');
  });

  it('that ends in a concern reaches a clinician at once, and the patient hears what happens next', async () => {
    const worse = await scene.forRosa.send(plain('I feel much worse'));
    const breathe = await untilAsked('breathe');
    await answer(breathe, '1');
    await untilAsked('told-now');
    await untilStaff(() => scene.enrolled().alerts.some(({ message }) => message !== null));
    const [alert] = scene.enrolled().alerts;
    expect(alert).toMatchObject({ band: 'red', act: null, shadow: { wouldSuppress: false } });
    const note = messagesOf(scene.sidebar).find(({ id }) => id === alert?.message);
    expect(note).toMatchObject({ contract: 'stat', author: { id: scene.account } });
    expect(note?.text).toContain('Protocol line: breathe/');
    // What the patient began by themselves stays with staff as well.
    expect(endedBy(worse)).toEqual([null]);
    const urgency = await untilAsked('urgency');
    await answer(urgency, urgency.prompt?.choices[0]?.key ?? '');
    await untilStaff(() => scene.enrolled().alerts[0]?.patientSays === 'urgent');
  });

  it('has its clock run until somebody has called', async () => {
    const notes = () =>
      messagesOf(scene.sidebar).filter(({ text }) => text.includes('The time to call back was'));
    scene.time.pass(HOUR + 60_000);
    await untilStaff(() => notes().length === 1);
    expect(notes()[0]?.contract).toBe('stat');
    const alert = scene.enrolled().alerts[0];
    if (!alert) throw new Error('no alert');
    await scene.nora.session.programmes.actOnAlert(alert.id, 'call', 'Called her');
    await scene.nora.session.programmes.finishAlert(alert.id, null);
    const open = () =>
      messagesOf(scene.sidebar).flatMap(({ batons }) => batons.filter(({ ended }) => !ended));
    await untilStaff(() => open().length === 0);
    scene.time.pass(3 * HOUR);
    await pause(1000);
    expect(notes()).toHaveLength(1);
  });
});

describe('an answer that is not understood', () => {
  it('is asked back once, then is a person’s, whose it stays', async () => {
    // The next morning.
    passTo(9);
    const feel = await untilAsked('feel', 2);
    const first = await answer(feel, 'blorp', null);
    const again = await untilAsked('feel', 3);
    const urgencies = asked('urgency').length;
    const second = await answer(again, 'blorp blorp', null);
    await untilAsked('urgency', urgencies + 1);
    await untilStaff(() => scene.enrolled().alerts.some(({ kind }) => kind === 'unclear'));
    expect(endedBy(first)).toEqual([null]);
    expect(endedBy(second)).toEqual([null]);
    const alert = scene.enrolled().alerts.find(({ kind }) => kind === 'unclear');
    await untilStaff(() =>
      scene.enrolled().alerts.some(({ id, message }) => id === alert?.id && message !== null),
    );
  });
});

describe('a run that is killed', () => {
  it('at any moment says nothing twice and asks nobody twice', async () => {
    for (const [round, delayMs] of [0, 30, 80, 150, 300, 600].entries()) {
      passTo(round % 2 === 0 ? 18 : 9);
      const before = asked('feel').length;
      await pause(delayMs);
      await run.kill();
      run = await scene.start();
      const feel = await untilAsked('feel', before + 1);
      await answer(feel, '1');
      await pause(delayMs);
      await run.kill();
      run = await scene.start();
      await untilStaff(() => scene.enrolled().runs.every(({ outcome }) => outcome !== 'open'));
    }
    await pause(2000);
    while (scene.forRosa.timeline.read().hasOlder) await scene.forRosa.loadOlder();
    const said = new Map(messagesOf(scene.forRosa).map(({ id, prompt }) => [id, prompt]));
    for (const { date, slot, outcome, steps } of scene.enrolled().runs)
      for (const { message, kind, node } of steps)
        if (kind === 'ask' && message)
          expect(said.has(message), JSON.stringify([date, slot, outcome, node, steps])).toBe(true);
    const questions = messagesOf(scene.forRosa).filter(({ prompt }) => prompt?.step === 'feel');
    const bySlot = new Map<string, number>();
    for (const { prompt } of questions)
      bySlot.set(prompt?.about ?? '', (bySlot.get(prompt?.about ?? '') ?? 0) + 1);
    // One dialogue asked back; no other asked twice.
    expect([...bySlot.values()].filter((count) => count > 1)).toHaveLength(1);
  }, 240_000);
});

describe('what may not run', () => {
  const HALF = 'half-signed';
  let halves = 0;
  const notesOn = (protocol: string, why: string) =>
    messagesOf(scene.sidebar).filter(
      ({ text }) => text.startsWith(`Check-ins of ${protocol} `) && text.includes(why),
    );

  beforeAll(async () => {
    const { version } = scene.nora.session.programmes.protocols.read()[0] ?? {};
    if (!version) throw new Error('no protocol');
    const { programmes } = scene.admin.session;
    await programmes.saveDraft({ id: HALF, version: 1, name: 'Half', body: version.body });
    await programmes.sign(HALF, 1, 'author');
    await until(programmes.protocols, (all) => all.some((one) => one.version.id === HALF));
  });

  /** Enrols Rosa under a protocol that one person signed, past the screens, which refuse it. Resolves when the assistant has told staff why it sends nothing. */
  async function enrolHalf(): Promise<Enrolment> {
    const { programmes } = scene.admin.session;
    const half = programmes.protocols.read().find(({ version }) => version.id === HALF)?.version;
    halves += 1;
    const value = {
      ...scene.enrolled().enrolment,
      id: makeId('event', new Uint8Array(16).fill(halves)),
      protocol: { id: HALF, version: 1, hash: half?.hash ?? new Uint8Array(32) },
      state: 'active' as const,
    };
    const collection = await scene.nora.session.collections.named('programmes');
    const told = notesOn(HALF, '').length;
    await collection.put(programmesKey(value), () => programmesCodec.encode(value));
    await untilStaff(() => notesOn(HALF, '').length > told);
    return value;
  }
  const endHalf = async (value: Enrolment) => {
    const collection = await scene.nora.session.collections.named('programmes');
    await collection.put(programmesKey(value), () => programmesCodec.encode({ ...value, state: 'ended' }));
  };

  it('says nothing to the patient: a protocol that one person signed', async () => {
    const half = await enrolHalf();
    expect(notesOn(HALF, 'not signed by two people')).toHaveLength(1);
    const before = asked('feel').length;
    passTo(18);
    // Due at the same time under the other protocol, which both have signed.
    await answer(await untilAsked('feel', before + 1), '1');
    await untilStaff(() => scene.enrolled().runs.every(({ outcome }) => outcome !== 'open'));
    expect(messagesOf(scene.forRosa).filter(({ prompt }) => prompt?.about.includes(half.id))).toEqual([]);
    await endHalf(half);
  });

  it('says nothing after the consent has ended, and staff hear of it once', async () => {
    const { enrolment } = scene.enrolled();
    await untilStaff(() => scene.enrolled().enrolment.state === 'active');
    await scene.nora.session.care.revokeConsent('Patient/rosa', scene.consent, 'phone');
    const notes = () => notesOn(enrolment.protocol.id, 'there is no consent');
    await untilStaff(() => notes().length === 1);
    const before = messagesOf(scene.forRosa).length;
    for (const hour of [9, 18, 9]) {
      passTo(hour);
      // The assistant has looked at what was due when it speaks of what came later.
      await endHalf(await enrolHalf());
    }
    expect(messagesOf(scene.forRosa)).toHaveLength(before);
    expect(notes()).toHaveLength(1);
  });
});
