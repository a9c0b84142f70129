import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ANA, BEN, DeskRun, NOW, ROSA, VISIT } from '../fixtures/desk-run.ts';
import { DAY, HOUR, MINUTE, NURSE, reach, SETTINGS, slot, visit } from '../fixtures/virtual-practice.ts';

let run: DeskRun;
let practice: DeskRun['practice'];

beforeEach(() => {
  run = new DeskRun();
  practice = run.practice;
});
afterEach(() => run.stop());

describe('reminders', () => {
  it('go three days and one day before, and not after a yes but for the day before', async () => {
    practice.put(visit('v', ROSA, VISIT), visit('w', BEN, VISIT));
    await run.start();
    await practice.time.pass(VISIT - 3 * DAY - NOW - 1);
    expect(practice.sent).toEqual([]);
    await practice.time.pass(MINUTE);
    const [first] = practice.sentTo(ROSA);
    expect(first).toMatchObject({
      at: VISIT - 3 * DAY,
      text: 'Hi rosa. You have a visit on Monday, November 23 at 9:30 AM. Reply C to confirm, R for another time, or X if you cannot come. Questions? Call 555-0100.',
      prompt: {
        kind: 'reminder',
        about: 'v',
        step: 'three-days',
        asks: 'choice',
        until: VISIT,
        visit: { start: VISIT, title: 'Follow-up', place: 'Room 2', state: 'booked' },
      },
    });
    expect(practice.get('sent', 'v').steps).toMatchObject([
      { step: 'three-days', start: VISIT, state: 'sent', message: first?.id },
    ]);
    expect(await run.say(ROSA, 'Yes I will be there, thanks!')).toBe('done');
    expect(practice.get('appointment', 'v').answer).toEqual({
      state: 'confirmed',
      at: practice.time.nowMs(),
      by: 'patient',
    });
    expect(practice.get('write-back', 'v')).toMatchObject({
      answer: 'confirmed',
      status: 'booked',
      state: 'no-adapter',
    });
    expect(practice.newest(ROSA)).toMatchObject({
      text: 'Thank you. Your visit on Monday, November 23 at 9:30 AM is confirmed.',
      prompt: { asks: 'none', visit: { state: 'confirmed' } },
    });
    expect(practice.settled).toHaveLength(1);
    await practice.time.pass(4 * DAY);
    expect(practice.sentTo(ROSA).map(({ prompt }) => prompt.step)).toEqual([
      'three-days',
      'said-confirmed',
      'one-day-confirmed',
    ]);
    expect(practice.sentTo(BEN).map(({ prompt }) => prompt.step)).toEqual(['three-days', 'one-day']);
    expect(run.texts(BEN)[0]).toContain('Hola, ben. Tiene una cita el lunes, 23 de noviembre');
  });

  it('follow a move, and fall silent after a cancellation, a STOP and a death', async () => {
    practice.put(visit('v', ROSA, VISIT), visit('w', BEN, VISIT), visit('x', ANA, VISIT));
    await run.start();
    await practice.time.pass(VISIT - 3 * DAY - NOW + MINUTE);
    expect(practice.sent).toHaveLength(3);
    const moved = VISIT + 4 * DAY;
    practice.put({ ...practice.get('appointment', 'v'), start: moved, end: moved + HOUR });
    practice.putTexting(reach('ana', { deceased: true }));
    practice.putTexting({
      t: 'optout',
      number: reach('ben').phones[0]?.number ?? '',
      out: true,
      at: 1,
      words: 'STOP',
      by: NURSE,
    });
    await practice.time.pass(10 * DAY);
    expect(practice.sentTo(BEN)).toHaveLength(1);
    expect(practice.sentTo(ANA)).toHaveLength(1);
    expect(practice.sentTo(ROSA).map(({ at, prompt }) => [prompt.step, at])).toEqual([
      ['three-days', VISIT - 3 * DAY],
      ['three-days', moved - 3 * DAY],
      ['one-day', moved - DAY],
    ]);
  });

  it('take back what nobody has had of a visit that is cancelled or moved, and say it anew when it is on again', async () => {
    practice.put(visit('v', ROSA, VISIT), visit('w', BEN, VISIT), visit('x', ANA, VISIT));
    await run.start();
    practice.textsWait = true;
    await practice.time.pass(VISIT - 3 * DAY - NOW + MINUTE);
    expect(practice.sent).toHaveLength(3);
    practice.newest(ANA).had = true;
    practice.put({ ...practice.get('appointment', 'v'), status: 'cancelled' });
    practice.put({ ...practice.get('appointment', 'x'), status: 'cancelled' });
    const moved = VISIT + 4 * DAY;
    practice.put({ ...practice.get('appointment', 'w'), start: moved, end: moved + HOUR });
    await practice.time.pass(0);
    const taken = { step: 'three-days', start: VISIT, state: 'skipped', note: 'withdrawn' };
    expect(practice.newest(ROSA).withdrawn).toBe(true);
    expect(practice.get('sent', 'v').steps).toMatchObject([taken]);
    expect(practice.newest(BEN).withdrawn).toBe(true);
    expect(practice.get('sent', 'w').steps).toMatchObject([taken]);
    // What a patient has read stays.
    expect(practice.newest(ANA).withdrawn).toBe(false);
    expect(practice.get('sent', 'x').steps).toMatchObject([{ state: 'sent', note: null }]);
    practice.put({ ...practice.get('appointment', 'v'), status: 'booked' });
    await practice.time.pass(0);
    const [first, again] = practice.sentTo(ROSA);
    expect(again).toMatchObject({ withdrawn: false, prompt: { step: 'three-days' } });
    expect(again?.id).not.toBe(first?.id);
    expect(practice.get('sent', 'v').steps).toMatchObject([taken, { state: 'sent', message: again?.id }]);
  });

  it('speak anew of the visit that is left of a day, where nobody had the first message', async () => {
    practice.put(visit('v', ROSA, VISIT), visit('w', ROSA, VISIT + 3 * HOUR));
    await run.start();
    practice.textsWait = true;
    await practice.time.pass(VISIT - 3 * DAY - NOW + MINUTE);
    practice.put({ ...practice.get('appointment', 'v'), status: 'cancelled' });
    await practice.time.pass(3 * HOUR);
    expect(practice.sentTo(ROSA).map(({ withdrawn }) => withdrawn)).toEqual([true, false]);
    expect(run.texts(ROSA)[1]).toContain('at 12:30 PM');
    expect(run.texts(ROSA)[1]).not.toContain('9:30');
  });

  it('say the visits of a day at once, and take one answer for them', async () => {
    practice.put(visit('v', ROSA, VISIT), visit('w', ROSA, VISIT + 3 * HOUR));
    await run.start();
    await practice.time.pass(VISIT - 3 * DAY - NOW + MINUTE);
    expect(run.texts(ROSA)).toHaveLength(1);
    expect(run.texts(ROSA)[0]).toContain('at 9:30 AM and 12:30 PM');
    expect(practice.get('sent', 'w').steps).toMatchObject([{ note: 'v', state: 'sent' }]);
    expect(await run.say(ROSA, 'C')).toBe('done');
    expect(practice.all('appointment').map(({ answer }) => answer.state)).toEqual(['confirmed', 'confirmed']);
    expect(practice.newest(ROSA).text).toContain('9:30 AM, 12:30 PM is confirmed');
  });

  it('leave to a person an answer to a time that the visit no longer has', async () => {
    practice.put(visit('v', ROSA, VISIT));
    await run.start();
    await practice.time.pass(VISIT - 3 * DAY - NOW + MINUTE);
    const question = practice.newest(ROSA);
    const moved = VISIT + 4 * DAY;
    practice.put({ ...practice.get('appointment', 'v'), start: moved, end: moved + HOUR });
    await practice.time.pass(0);
    expect(await run.desk.take(practice.answer(question, 'C'))).toBe('person');
    expect(practice.get('appointment', 'v').answer.state).toBe('none');
    expect(practice.newest(ROSA).prompt.step).toBe('said-person');
  });

  it('begin anew for another patient whose the visit is, and take no answer of the one before', async () => {
    practice.put(visit('v', ROSA, VISIT));
    await run.start();
    practice.textsWait = true;
    await practice.time.pass(VISIT - 3 * DAY - NOW + MINUTE);
    const first = practice.newest(ROSA);
    practice.put({ ...practice.get('appointment', 'v'), ref: ANA });
    await practice.time.pass(0);
    expect(first.withdrawn).toBe(true);
    expect(practice.newest(ANA).prompt).toMatchObject({ about: 'v', step: 'three-days' });
    expect(practice.get('sent', 'v').steps).toMatchObject([
      { state: 'skipped', note: 'other-patient' },
      { state: 'sent', note: null, message: practice.newest(ANA).id },
    ]);
    expect(await run.desk.take(practice.answer(first, 'X'))).toBe('person');
    expect(practice.get('appointment', 'v')).toMatchObject({ status: 'booked', answer: { state: 'none' } });
  });

  it('leave to a person what they do not understand, and say so once', async () => {
    practice.put(visit('v', ROSA, VISIT));
    await run.start();
    await practice.time.pass(VISIT - 3 * DAY - NOW + MINUTE);
    const question = practice.newest(ROSA);
    expect(await run.desk.take(practice.answer(question, 'Is my husband allowed to come?'))).toBe('person');
    expect(await run.desk.take(practice.answer(question, 'He has a dog'))).toBe('person');
    expect(await run.desk.take({ ...practice.answer(question, 'C'), isForPerson: true })).toBe('person');
    expect(practice.settled).toEqual([]);
    expect(practice.get('appointment', 'v').answer.state).toBe('none');
    expect(practice.sentTo(ROSA).filter(({ prompt }) => prompt.step === 'said-person')).toHaveLength(1);
  });

  it('ask who came how it was, by consent only, and keep the number', async () => {
    const steps = SETTINGS.steps.map((step) => ({ ...step, active: step.id === 'survey' }));
    practice.put(
      { ...SETTINGS, steps },
      visit('v', ROSA, NOW - 2 * HOUR, { status: 'fulfilled' }),
      visit('w', ANA, NOW - 2 * HOUR, { status: 'fulfilled' }),
    );
    const given = { at: 1, how: 'in-person', by: NURSE, warning: null, note: '' } as const;
    const id = 'e_AAAAAAAAAAAAAAAAAAAAAA' as never;
    practice.putTexting({
      t: 'consent',
      id,
      ref: ROSA,
      purpose: 'outreach',
      phone: null,
      given,
      revoked: null,
    });
    await run.start();
    await practice.time.pass(2 * DAY);
    expect(practice.sentTo(ANA)).toEqual([]);
    expect(practice.newest(ROSA).prompt).toMatchObject({
      kind: 'survey',
      choices: [{ key: '1' }, {}, {}, {}, { key: '5' }],
    });
    expect(await run.say(ROSA, '4')).toBe('done');
    expect(practice.get('sent', 'v').steps[0]?.note).toBe('answer:4');
  });
});

describe('who missed a visit', () => {
  it('is asked once, and may have another time', async () => {
    practice.put(visit('v', ROSA, NOW - 3 * HOUR, { status: 'noshow' }), slot('a', VISIT));
    await run.start();
    expect(practice.newest(ROSA)).toMatchObject({
      prompt: { step: 'missed', choices: [{ key: 'R' }, { key: 'X' }] },
    });
    expect(await run.say(ROSA, 'R')).toBe('done');
    expect(await run.say(ROSA, '1')).toBe('done');
    expect(practice.all('appointment').find(({ replaces }) => replaces === 'v')).toMatchObject({ slot: 'a' });
    expect(practice.get('appointment', 'v').status).toBe('noshow');
  });
});

describe('the extra reminder', () => {
  it('goes to likely no-shows only, by lot where it is compared, and each arm is written down', async () => {
    const model = {
      t: 'no-show-model' as const,
      id: 'm1',
      trainedAt: NOW,
      visits: 2000,
      noShows: 300,
      off: null,
      intercept: -2,
      weights: [{ feature: 'missed-share', weight: 6, mean: 0.15 }],
      calibration: [],
      auc: 0.7,
      brier: 0.1,
    };
    const score = { on: true, share: 0.5, compare: { share: 0.5, since: NOW } };
    practice.put({ ...SETTINGS, score }, model);
    const names = Array.from({ length: 40 }, (_, index) => `p${index}`);
    for (const [index, name] of names.entries()) {
      practice.putTexting(reach(name));
      practice.put(visit(`v-${name}`, `Patient/${name}`, VISIT));
      // Every other patient has missed all visits so far.
      for (const past of [1, 2, 3])
        practice.put(
          visit(`old${past}-${name}`, `Patient/${name}`, NOW - past * 30 * DAY, {
            status: index % 2 ? 'noshow' : 'fulfilled',
          }),
        );
    }
    await run.start();
    await practice.time.pass(VISIT - NOW);
    const got = (name: string) =>
      practice.sentTo(`Patient/${name}`).some(({ prompt }) => prompt.step === 'extra');
    const record = (name: string) => practice.get('sent', `v-${name}`);
    const unlikely = names.filter((_, index) => index % 2 === 0);
    const likely = names.filter((_, index) => index % 2 === 1);
    expect(unlikely.some(got)).toBe(false);
    expect(unlikely.map((name) => record(name).score)).toEqual(unlikely.map(() => null));
    for (const name of likely) {
      expect(record(name).score).toMatchObject({ model: 'm1', arm: got(name) ? 'extra' : 'usual' });
      expect(record(name).steps.find(({ step }) => step === 'extra')).toMatchObject(
        got(name) ? { state: 'sent' } : { state: 'skipped', note: 'comparison' },
      );
    }
    expect(likely.filter(got).length).toBeGreaterThan(3);
    expect(likely.filter(got).length).toBeLessThan(17);
  });

  it('is off until there is enough to learn from, and says so', async () => {
    practice.put({ ...SETTINGS, score: { ...SETTINGS.score, on: true } }, visit('v', ROSA, VISIT));
    await run.start();
    expect(practice.all('no-show-model')).toMatchObject([{ off: 'too-few-visits', trainedAt: NOW }]);
    await practice.time.pass(VISIT - NOW);
    expect(practice.sentTo(ROSA).map(({ prompt }) => prompt.step)).toEqual(['three-days', 'one-day']);
    expect(practice.all('no-show-model')[0]?.trainedAt).toBeGreaterThan(NOW + 4 * DAY);
  });
});
