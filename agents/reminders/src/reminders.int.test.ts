import { setTimeout as pause } from 'node:timers/promises';
import type { TimelineMessage } from '@baton/client';
import { until, zoneAtHour } from '@baton/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AssistantRun,
  createRemindersScene,
  messagesOf,
  type Place,
  type RemindersScene,
} from './fixtures/reminders-scene.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Where it is about noon now, as where the patients live: what is sent when does not hang on the hour of the run. */
const ZONE = zoneAtHour(12);
const SERVICE = { code: null, text: 'Follow-up' };
const limit = { withinMs: 40_000 };

let scene: RemindersScene;
let run: AssistantRun;
let rosa: Place;
let ben: Place;

beforeAll(async () => {
  scene = await createRemindersScene(['Rosa', 'Ben']);
  [rosa, ben] = scene.places as [Place, Place];
  const { appointments } = scene.nora.session;
  await appointments.saveSettings({ ...appointments.suggestSettings(), on: true });
  run = await scene.start();
}, 120_000);

afterAll(() => scene?.close());

const asked = (place: Place, step: string, index = 0): Promise<TimelineMessage> => {
  const found = () =>
    messagesOf(place.mine).filter(({ prompt, seq }) => prompt?.step === step && seq !== null)[index];
  return until(place.mine.timeline, () => found() !== undefined, {
    ...limit,
    show: () => [messagesOf(place.mine).map(({ text, prompt }) => [prompt?.step, text]), run.lines],
  }).then(() => found() as TimelineMessage);
};
/** By the button of the page, or in the patient's own words. */
const answer = async (place: Place, to: TimelineMessage, text: string) => {
  const isChoice = to.prompt?.choices.some(({ key }) => key === text) === true;
  const marks = { answers: { prompt: to.id, choice: isChoice ? text : null } };
  return place.mine.send({ text, files: [], mentions: [], replyTo: null, as: null, marks });
};
const visitNow = (id: string) =>
  scene.nora.session.appointments.visits.read().find(({ appointment }) => appointment.id === id);
const sees = (id: string, holds: (visit: NonNullable<ReturnType<typeof visitNow>>) => boolean) =>
  until(
    scene.nora.session.appointments.visits,
    () => {
      const visit = visitNow(id);
      return visit !== undefined && holds(visit);
    },
    { ...limit, show: () => [visitNow(id), run.lines] },
  );
const book = (place: Place, inMs: number, slot: string | null = null) =>
  scene.nora.session.appointments.book({
    ref: place.ref,
    start: Date.now() + inMs,
    end: Date.now() + inMs + HOUR,
    timeZone: ZONE,
    service: SERVICE,
    practitioner: null,
    location: null,
    reason: null,
    preparation: null,
    slot,
  });
/** Whether staff still owe an answer to this message. */
const isOwed = (place: Place, text: string) =>
  messagesOf(place.forStaff)
    .filter((message) => message.text === text)
    .some(({ batons }) => batons.some(({ ended }) => ended === null));

describe('a reminder', () => {
  it('is confirmed by a button: the visit says so, the patient is told, and nobody owes an answer', async () => {
    const id = await book(rosa, 2 * DAY);
    const question = await asked(rosa, 'three-days');
    expect(question).toMatchObject({ author: { id: scene.account, kind: 'agent' }, automatic: true });
    expect(question.prompt).toMatchObject({
      kind: 'reminder',
      about: id,
      choices: [{ key: 'C' }, { key: 'R' }, { key: 'X' }],
    });
    await answer(rosa, question, 'C');
    await sees(id, ({ appointment, record, writeBack }) => {
      return (
        appointment.answer.state === 'confirmed' && record?.steps[0]?.state === 'sent' && writeBack !== null
      );
    });
    await asked(rosa, 'said-confirmed');
    await until(
      rosa.forStaff.timeline,
      () => messagesOf(rosa.forStaff).some(({ text }) => text === 'C') && !isOwed(rosa, 'C'),
      limit,
    );
  });

  it('is answered by a question: a person still owes the answer', async () => {
    const question = await asked(rosa, 'three-days');
    await answer(rosa, question, 'May I bring my dog?');
    await asked(rosa, 'said-person');
    await pause(1000);
    expect(isOwed(rosa, 'May I bring my dog?')).toBe(true);
  });

  it('goes out once, and its answer counts once, however often the assistant is killed', async () => {
    const id = await book(ben, 2.5 * DAY);
    for (const delayMs of [150, 400]) {
      await pause(delayMs);
      await run.kill();
      run = await scene.start();
    }
    const question = await asked(ben, 'three-days');
    await answer(ben, question, 'Yes I will be there');
    for (const delayMs of [100, 300]) {
      await pause(delayMs);
      await run.kill();
      run = await scene.start();
    }
    await sees(id, ({ appointment }) => appointment.answer.state === 'confirmed');
    await asked(ben, 'said-confirmed');
    await pause(1500);
    const steps = messagesOf(ben.mine).flatMap(({ prompt }) => prompt?.step ?? []);
    expect(steps.sort()).toEqual(['said-confirmed', 'three-days']);
    expect(visitNow(id)?.record?.steps).toMatchObject([
      { step: 'three-days', state: 'sent', message: question.id },
    ]);
  }, 120_000);
});

describe('a visit that the practice cancels', () => {
  it('is not spoken of any more: what nobody has had is taken back', async () => {
    const id = await book(ben, 6 * HOUR + 2 * DAY);
    const found = () => messagesOf(ben.forStaff).find(({ prompt }) => prompt?.about === id);
    await until(ben.forStaff.timeline, () => found() !== undefined, limit);
    await scene.nora.session.appointments.setStatus(id, 'cancelled');
    const withdrawn = () => found()?.withdrawn ?? null;
    const show = () => [found(), run.lines];
    await until(ben.forStaff.timeline, () => withdrawn() !== null, { ...limit, show });
    await sees(id, ({ record }) => record?.steps[0]?.note === 'withdrawn');
    expect(visitNow(id)?.record?.steps).toMatchObject([{ step: 'three-days', state: 'skipped' }]);
  });
});

describe('a visit that is given up', () => {
  it('is offered to the waitlist, and the first yes has it', async () => {
    const { appointments } = scene.nora.session;
    const start = Date.now() + 2 * DAY + 3 * HOUR;
    const place = { timeZone: ZONE, service: SERVICE, practitioner: null, location: null };
    const slot = appointments.newId();
    await appointments.saveSlot({
      t: 'slot',
      id: slot,
      start,
      end: start + HOUR,
      ...place,
      state: 'free',
      holder: null,
      updatedAt: 0,
    });
    const id = await book(rosa, 2 * DAY + 3 * HOUR, slot);
    const waits = await appointments.wait({
      ref: ben.ref,
      service: SERVICE,
      practitioner: null,
      from: null,
      until: null,
      priority: 5,
      appointment: null,
    });
    const question = await asked(rosa, 'three-days', 1);
    expect(question.prompt?.about).toBe(id);
    await answer(rosa, question, 'Sorry, I cannot come');
    await sees(id, ({ appointment }) => appointment.status === 'cancelled');
    const offer = await asked(ben, 'offer');
    await answer(ben, offer, '1');
    await asked(ben, 'said-booked');
    const of = () =>
      appointments
        .of(ben.ref)
        .read()
        .map(({ appointment }) => appointment);
    await until(
      appointments.visits,
      () => of().some(({ slot: at, status }) => at === slot && status === 'booked'),
      limit,
    );
    await until(
      appointments.waitlist,
      (rows) => rows.some((row) => row.id === waits && row.state === 'booked'),
      limit,
    );
    expect(appointments.slots.read().find((row) => row.id === slot)).toMatchObject({
      state: 'booked',
      holder: { ref: ben.ref },
    });
  }, 120_000);
});

describe('another time', () => {
  const slotAt = async (inMs: number): Promise<string> => {
    const { appointments } = scene.nora.session;
    const id = appointments.newId();
    const start = Date.now() + inMs;
    const place = {
      timeZone: ZONE,
      service: { code: null, text: 'Blood test' },
      practitioner: null,
      location: null,
    };
    await appointments.saveSlot({
      t: 'slot',
      id,
      start,
      end: start + HOUR,
      ...place,
      state: 'free',
      holder: null,
      updatedAt: 0,
    });
    return id;
  };
  const bookBlood = (inMs: number) =>
    scene.nora.session.appointments.book({
      ref: rosa.ref,
      start: Date.now() + inMs,
      end: Date.now() + inMs + HOUR,
      timeZone: ZONE,
      service: { code: null, text: 'Blood test' },
      practitioner: null,
      location: null,
      reason: null,
      preparation: null,
      slot: null,
    });

  it('is asked of staff in their notes where nothing is free, and the patient is told', async () => {
    const id = await bookBlood(2 * DAY + 5 * HOUR);
    const question = await until(
      rosa.mine.timeline,
      () => messagesOf(rosa.mine).some(({ prompt }) => prompt?.about === id),
      limit,
    ).then(() => messagesOf(rosa.mine).find(({ prompt }) => prompt?.about === id) as TimelineMessage);
    await answer(rosa, question, 'R');
    await asked(rosa, 'said-notime');
    const { session } = scene.nora;
    const sidebar = session.care.chart(rosa.ref).read().reach?.sidebar;
    const notes = await session.conversations.open(sidebar ?? rosa.forStaff.id);
    await until(notes.timeline, () => messagesOf(notes).some(({ batons }) => batons.length > 0), limit);
    expect(messagesOf(notes)).toMatchObject([
      {
        author: { id: scene.account },
        contract: 'reply',
        text: expect.stringContaining('Wants another time') as string,
      },
    ]);
    await until(rosa.forStaff.timeline, () => !isOwed(rosa, 'R'), limit);
  });

  it('is picked from free times, which are held for the patient until then', async () => {
    const { appointments } = scene.nora.session;
    const first = await slotAt(9 * DAY);
    const second = await slotAt(10 * DAY);
    const id = await bookBlood(2 * DAY + 7 * HOUR);
    const found = () => messagesOf(rosa.mine).find(({ prompt }) => prompt?.about === id);
    await until(rosa.mine.timeline, () => found() !== undefined, limit);
    await answer(rosa, found() as TimelineMessage, 'Can I come another day?');
    const times = await asked(rosa, 'times');
    expect(times.prompt?.choices.map(({ key }) => key)).toEqual(['1', '2', 'X']);
    const stateOf = (slot: string) => appointments.slots.read().find((row) => row.id === slot)?.state;
    await until(appointments.slots, () => stateOf(first) === 'held' && stateOf(second) === 'held', limit);
    await answer(rosa, times, '2');
    await asked(rosa, 'said-booked');
    await until(appointments.slots, () => stateOf(first) === 'free' && stateOf(second) === 'booked', limit);
    await sees(
      id,
      ({ appointment }) => appointment.status === 'cancelled' && appointment.answer.state === 'reschedule',
    );
    const made = appointments
      .of(rosa.ref)
      .read()
      .find(({ appointment }) => appointment.replaces === id);
    expect(made).toMatchObject({
      appointment: { slot: second, status: 'booked' },
      writeBack: { state: 'no-adapter' },
    });
  });
});
