import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DAY,
  HOUR,
  MINUTE,
  NURSE,
  reach,
  ROLE,
  SERVICE,
  SETTINGS,
  slot,
  TEXTING,
  VirtualPractice,
  visit,
  waiting,
} from '../fixtures/virtual-practice.ts';
import { ReminderDesk } from './reminder-desk.ts';

/** A Tuesday, 10:30 in New York. */
const NOW = Date.parse('2026-11-17T15:30:00Z');
const ROSA = 'Patient/rosa';
const BEN = 'Patient/ben';
const ANA = 'Patient/ana';
/** The Monday after, 9:30. */
const VISIT = Date.parse('2026-11-23T14:30:00Z');

let practice: VirtualPractice;
let desk: ReminderDesk;

beforeEach(() => {
  practice = new VirtualPractice(NOW);
  practice.putTexting(TEXTING, reach('rosa'), reach('ben', { language: 'es' }), reach('ana'));
  practice.put(SETTINGS);
});
afterEach(() => desk?.stop());

async function run(): Promise<void> {
  desk = new ReminderDesk(practice.ports());
  await desk.start();
  await practice.time.pass(0);
}
const say = (ref: string, text: string) =>
  desk.take(practice.answer(practice.newest(ref), text)).then(async (outcome) => {
    await practice.time.pass(0);
    return outcome;
  });
const texts = (ref: string) => practice.sentTo(ref).map(({ text }) => text);

describe('reminders', () => {
  it('go three days and one day before, and not after a yes but for the day before', async () => {
    practice.put(visit('v', ROSA, VISIT), visit('w', BEN, VISIT));
    await run();
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
    expect(await say(ROSA, 'Yes I will be there, thanks!')).toBe('done');
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
    expect(texts(BEN)[0]).toContain('Hola, ben. Tiene una cita el lunes, 23 de noviembre');
  });

  it('follow a move, and fall silent after a cancellation, a STOP and a death', async () => {
    practice.put(visit('v', ROSA, VISIT), visit('w', BEN, VISIT), visit('x', ANA, VISIT));
    await run();
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

  it('say the visits of a day at once, and take one answer for them', async () => {
    practice.put(visit('v', ROSA, VISIT), visit('w', ROSA, VISIT + 3 * HOUR));
    await run();
    await practice.time.pass(VISIT - 3 * DAY - NOW + MINUTE);
    expect(texts(ROSA)).toHaveLength(1);
    expect(texts(ROSA)[0]).toContain('at 9:30 AM and 12:30 PM');
    expect(practice.get('sent', 'w').steps).toMatchObject([{ note: 'v', state: 'sent' }]);
    expect(await say(ROSA, 'C')).toBe('done');
    expect(practice.all('appointment').map(({ answer }) => answer.state)).toEqual(['confirmed', 'confirmed']);
    expect(practice.newest(ROSA).text).toContain('9:30 AM, 12:30 PM is confirmed');
  });

  it('leave to a person what they do not understand, and say so once', async () => {
    practice.put(visit('v', ROSA, VISIT));
    await run();
    await practice.time.pass(VISIT - 3 * DAY - NOW + MINUTE);
    const question = practice.newest(ROSA);
    expect(await desk.take(practice.answer(question, 'Is my husband allowed to come?'))).toBe('person');
    expect(await desk.take(practice.answer(question, 'He has a dog'))).toBe('person');
    expect(await desk.take({ ...practice.answer(question, 'C'), isForPerson: true })).toBe('person');
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
    await run();
    await practice.time.pass(2 * DAY);
    expect(practice.sentTo(ANA)).toEqual([]);
    expect(practice.newest(ROSA).prompt).toMatchObject({
      kind: 'survey',
      choices: [{ key: '1' }, {}, {}, {}, { key: '5' }],
    });
    expect(await say(ROSA, '4')).toBe('done');
    expect(practice.get('sent', 'v').steps[0]?.note).toBe('answer:4');
  });
});

describe('another time', () => {
  const MONDAY = VISIT + 7 * DAY;
  beforeEach(async () => {
    practice.put(
      slot('old', VISIT, {
        state: 'booked',
        holder: { kind: 'appointment', id: 'v', ref: ROSA, until: null },
      }),
    );
    practice.put(
      visit('v', ROSA, VISIT, {
        slot: 'old',
        source: { kind: 'slot', system: null, version: 1, message: null },
      }),
    );
  });
  const remind = async () => {
    await run();
    await practice.time.pass(VISIT - 3 * DAY - NOW + MINUTE);
  };

  it('opens free times, holds them, and books the one that is picked', async () => {
    practice.put(
      slot('a', MONDAY),
      slot('b', MONDAY + HOUR),
      slot('c', MONDAY + 2 * HOUR),
      slot('d', MONDAY + 3 * HOUR),
    );
    await remind();
    expect(await say(ROSA, 'R')).toBe('done');
    const offered = practice.newest(ROSA);
    expect(offered.text).toContain(
      '1: Monday, November 30, 9:30 AM; 2: Monday, November 30, 10:30 AM; 3: Monday, November 30, 11:30 AM',
    );
    expect(offered.prompt.choices.map(({ key }) => key)).toEqual(['1', '2', '3', 'X']);
    expect(practice.all('slot').map(({ id, state }) => [id, state])).toEqual([
      ['old', 'booked'],
      ['a', 'held'],
      ['b', 'held'],
      ['c', 'held'],
      ['d', 'free'],
    ]);
    expect(practice.get('appointment', 'v')).toMatchObject({
      status: 'booked',
      answer: { state: 'reschedule' },
    });
    expect(await say(ROSA, 'the second one please')).toBe('done');
    const made = practice.all('appointment').find(({ replaces }) => replaces === 'v');
    expect(made).toMatchObject({
      slot: 'b',
      start: MONDAY + HOUR,
      status: 'booked',
      ref: ROSA,
      source: { kind: 'slot' },
    });
    expect(practice.get('appointment', 'v')).toMatchObject({
      status: 'cancelled',
      answer: { state: 'reschedule' },
    });
    expect(practice.all('slot').map(({ id, state }) => [id, state])).toEqual([
      ['old', 'free'],
      ['a', 'free'],
      ['b', 'booked'],
      ['c', 'free'],
      ['d', 'free'],
    ]);
    expect(practice.get('write-back', made?.id ?? '')).toMatchObject({ status: 'booked', state: 'waiting' });
    expect(practice.get('write-back', 'v')).toMatchObject({ status: 'cancelled', answer: 'reschedule' });
    expect(practice.newest(ROSA).text).toContain('Your visit is set for Monday, November 30 at 10:30 AM');
    // What was said of the new visit on booking is not said again at once; the usual reminders follow.
    await practice.time.pass(14 * DAY);
    expect(
      practice
        .sentTo(ROSA)
        .slice(3)
        .map(({ prompt }) => prompt.step),
    ).toEqual(['three-days', 'one-day']);
  });

  it('asks staff where nothing is free, and leaves it owed where nobody is named', async () => {
    await remind();
    expect(await say(ROSA, 'R')).toBe('person');
    expect(practice.newest(ROSA).prompt.step).toBe('said-notime');
    expect(practice.settled).toEqual([]);
  });

  it('asks whom the settings name', async () => {
    practice.put({ ...SETTINGS, askTo: ROLE });
    await remind();
    expect(await say(ROSA, 'R')).toBe('done');
    expect(practice.asks).toMatchObject([{ to: ROLE, patient: 'rosa', withinMs: SETTINGS.withinMs }]);
    expect(practice.asks[0]?.text).toContain('Monday, November 23, 9:30 AM (Follow-up)');
  });

  it('is free for others again when the patient does not choose', async () => {
    practice.put(slot('a', MONDAY));
    await remind();
    await say(ROSA, 'R');
    expect(practice.get('slot', 'a').state).toBe('held');
    await practice.time.pass(SETTINGS.holdMinutes * MINUTE + 2 * MINUTE);
    expect(practice.get('slot', 'a')).toMatchObject({ state: 'free', holder: null });
  });
});

describe('the waitlist', () => {
  beforeEach(() => {
    practice.put(
      slot('s', VISIT, { state: 'booked', holder: { kind: 'appointment', id: 'v', ref: ROSA, until: null } }),
    );
    practice.put(visit('v', ROSA, VISIT, { slot: 's' }));
    practice.put(waiting('w1', BEN), waiting('w2', ANA, { addedAt: 1 }));
  });
  const cancel = async () => {
    await run();
    await practice.time.pass(VISIT - 3 * DAY - NOW + MINUTE);
    expect(await say(ROSA, 'X')).toBe('done');
  };

  it('is offered what becomes free, one at a time, in order; the first yes has it', async () => {
    await cancel();
    expect(practice.get('appointment', 'v')).toMatchObject({
      status: 'cancelled',
      answer: { state: 'declined' },
    });
    expect(practice.newest(BEN)).toMatchObject({
      prompt: { kind: 'waitlist', step: 'offer', choices: [{ key: '1' }, { key: '2' }] },
    });
    expect(practice.sentTo(ANA)).toEqual([]);
    expect(practice.get('slot', 's')).toMatchObject({ state: 'held', holder: { kind: 'offer', ref: BEN } });
    expect(await say(BEN, '2')).toBe('done');
    expect(practice.get('wait', 'w1')).toMatchObject({ state: 'waiting', offers: [{ outcome: 'declined' }] });
    expect(await say(ANA, '1')).toBe('done');
    const made = practice.all('appointment').find(({ ref }) => ref === ANA);
    expect(made).toMatchObject({ slot: 's', start: VISIT, status: 'booked' });
    expect(practice.get('slot', 's')).toMatchObject({
      state: 'booked',
      holder: { kind: 'appointment', id: made?.id, ref: ANA },
    });
    expect(practice.get('wait', 'w2')).toMatchObject({ state: 'booked', offers: [{ outcome: 'taken' }] });
  });

  it('goes on to the next when the time to answer is over; a late yes has it only while it is free', async () => {
    await cancel();
    const offer = practice.newest(BEN);
    await practice.time.pass(SETTINGS.holdMinutes * MINUTE + 2 * MINUTE);
    expect(practice.get('wait', 'w1')).toMatchObject({ state: 'waiting', offers: [{ outcome: 'lapsed' }] });
    expect(practice.get('slot', 's')).toMatchObject({ state: 'held', holder: { ref: ANA } });
    expect(await desk.take(practice.answer(offer, '1'))).toBe('done');
    expect(practice.newest(BEN).prompt.step).toBe('said-offergone');
    expect(await say(ANA, 'yes')).toBe('done');
    expect(
      practice.all('appointment').filter(({ slot: at, status }) => at === 's' && status === 'booked'),
    ).toHaveLength(1);
  });

  it('gives up the later visit of who takes an earlier one, and offers that time on', async () => {
    practice.put(visit('later', BEN, VISIT + 7 * DAY));
    practice.put(waiting('w1', BEN, { appointment: 'later' }), waiting('w2', ANA, { addedAt: 1 }));
    await cancel();
    await say(BEN, '1');
    expect(practice.get('appointment', 'later').status).toBe('cancelled');
    expect(practice.get('slot', 'freed-later')).toMatchObject({ state: 'held', holder: { ref: ANA } });
  });

  it('is not asked at night', async () => {
    await run();
    await practice.time.pass(VISIT - 3 * DAY - NOW + 14 * HOUR);
    await say(ROSA, 'X');
    expect(practice.sentTo(BEN)).toEqual([]);
    await practice.time.pass(10 * HOUR);
    // Eight in the morning.
    expect(practice.newest(BEN).at).toBe(Date.parse('2026-11-21T13:00:00Z'));
  });

  it('withdraws what staff took from the list', async () => {
    await cancel();
    practice.put({ ...practice.get('wait', 'w1'), state: 'removed' });
    await practice.time.pass(0);
    expect(practice.get('wait', 'w1').offers).toMatchObject([{ outcome: 'withdrawn' }]);
    expect(practice.get('slot', 's').holder?.ref).toBe(ANA);
  });
});

describe('who missed a visit', () => {
  it('is asked once, and may have another time', async () => {
    practice.put(visit('v', ROSA, NOW - 3 * HOUR, { status: 'noshow' }), slot('a', VISIT));
    await run();
    expect(practice.newest(ROSA)).toMatchObject({
      prompt: { step: 'missed', choices: [{ key: 'R' }, { key: 'X' }] },
    });
    expect(await say(ROSA, 'R')).toBe('done');
    expect(await say(ROSA, '1')).toBe('done');
    expect(practice.all('appointment').find(({ replaces }) => replaces === 'v')).toMatchObject({ slot: 'a' });
    expect(practice.get('appointment', 'v').status).toBe('noshow');
  });
});

describe('a recall', () => {
  const recall = {
    t: 'recall' as const,
    id: 'r',
    name: 'Yearly',
    service: SERVICE,
    overdueDays: 300,
    text: { en: 'Hi {given}. It is time for your visit. Reply R for a time or X.', es: 'Hola {given}.' },
    perDay: 2,
    state: 'running' as const,
    by: NURSE,
    createdAt: 0,
    reached: [],
  };
  const consent = (ref: string, index: number) =>
    ({
      t: 'consent',
      id: `e_${'ABCDEFG'[index]}AAAAAAAAAAAAAAAAAAAAA` as never,
      ref,
      purpose: 'outreach',
      phone: null,
      given: { at: 1, how: 'in-person', by: NURSE, warning: null, note: '' },
      revoked: null,
    }) as const;

  it('reaches a few each day of those who are overdue, with a consent, and ends', async () => {
    const names = ['rosa', 'ana', 'ida', 'joe', 'kay'];
    for (const [index, name] of names.entries()) {
      practice.putTexting(reach(name));
      if (name !== 'kay') practice.putTexting(consent(`Patient/${name}`, index));
      practice.put(
        visit(`old-${name}`, `Patient/${name}`, NOW - (400 + index) * DAY, { status: 'fulfilled' }),
      );
    }
    practice.put(visit('new-joe', 'Patient/joe', NOW + 30 * DAY), slot('a', VISIT), recall);
    await run();
    expect(practice.sent.map(({ conv, at }) => [conv, at])).toHaveLength(2);
    expect(practice.get('recall', 'r').reached.map(({ ref, outcome }) => [ref, outcome])).toEqual([
      ['Patient/kay', 'refused'],
      ['Patient/ida', 'sent'],
      [ANA, 'sent'],
    ]);
    expect(await say(ANA, 'R')).toBe('done');
    expect(await say(ANA, '1')).toBe('done');
    expect(await say('Patient/ida', 'X')).toBe('done');
    await practice.time.pass(DAY);
    expect(practice.sentTo(ROSA)).toHaveLength(1);
    expect(practice.sentTo('Patient/joe')).toEqual([]);
    await practice.time.pass(DAY);
    expect(practice.get('recall', 'r')).toMatchObject({
      state: 'done',
      reached: [{ outcome: 'refused' }, { outcome: 'declined' }, { outcome: 'booked' }, { outcome: 'sent' }],
    });
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
    await run();
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
    await run();
    expect(practice.all('no-show-model')).toMatchObject([{ off: 'too-few-visits', trainedAt: NOW }]);
    await practice.time.pass(VISIT - NOW);
    expect(practice.sentTo(ROSA).map(({ prompt }) => prompt.step)).toEqual(['three-days', 'one-day']);
    expect(practice.all('no-show-model')[0]?.trainedAt).toBeGreaterThan(NOW + 4 * DAY);
  });
});
