import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ANA, BEN, DeskRun, NOW, ROSA, VISIT } from '../fixtures/desk-run.ts';
import { DAY, HOUR, MINUTE, ROLE, SETTINGS, slot, visit, waiting } from '../fixtures/virtual-practice.ts';

let run: DeskRun;
let practice: DeskRun['practice'];

beforeEach(() => {
  run = new DeskRun();
  practice = run.practice;
});
afterEach(() => run.stop());

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
    await run.start();
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
    expect(await run.say(ROSA, 'R')).toBe('done');
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
    expect(await run.say(ROSA, 'the second one please')).toBe('done');
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
    expect(practice.get('write-back', made?.id ?? '')).toMatchObject({
      status: 'booked',
      state: 'no-adapter',
    });
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
    expect(await run.say(ROSA, 'R')).toBe('person');
    expect(practice.newest(ROSA).prompt.step).toBe('said-notime');
    expect(practice.settled).toEqual([]);
  });

  it('asks whom the settings name', async () => {
    practice.put({ ...SETTINGS, askTo: ROLE });
    await remind();
    expect(await run.say(ROSA, 'R')).toBe('done');
    expect(practice.asks).toMatchObject([{ to: ROLE, patient: 'rosa', withinMs: SETTINGS.withinMs }]);
    expect(practice.asks[0]?.text).toContain('Monday, November 23, 9:30 AM (Follow-up)');
  });

  it('is free for others again when the patient does not choose', async () => {
    practice.put(slot('a', MONDAY));
    await remind();
    await run.say(ROSA, 'R');
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
    await run.start();
    await practice.time.pass(VISIT - 3 * DAY - NOW + MINUTE);
    expect(await run.say(ROSA, 'X')).toBe('done');
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
    expect(await run.say(BEN, '2')).toBe('done');
    expect(practice.get('wait', 'w1')).toMatchObject({ state: 'waiting', offers: [{ outcome: 'declined' }] });
    expect(await run.say(ANA, '1')).toBe('done');
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
    expect(await run.desk.take(practice.answer(offer, '1'))).toBe('done');
    expect(practice.newest(BEN).prompt.step).toBe('said-offergone');
    expect(await run.say(ANA, 'yes')).toBe('done');
    expect(
      practice.all('appointment').filter(({ slot: at, status }) => at === 's' && status === 'booked'),
    ).toHaveLength(1);
  });

  it('gives up the later visit of who takes an earlier one, and offers that time on', async () => {
    practice.put(visit('later', BEN, VISIT + 7 * DAY));
    practice.put(waiting('w1', BEN, { appointment: 'later' }), waiting('w2', ANA, { addedAt: 1 }));
    await cancel();
    await run.say(BEN, '1');
    expect(practice.get('appointment', 'later').status).toBe('cancelled');
    expect(practice.get('slot', 'freed-later')).toMatchObject({ state: 'held', holder: { ref: ANA } });
  });

  it('is not asked at night', async () => {
    await run.start();
    await practice.time.pass(VISIT - 3 * DAY - NOW + 14 * HOUR);
    await run.say(ROSA, 'X');
    expect(practice.sentTo(BEN)).toEqual([]);
    await practice.time.pass(10 * HOUR);
    // Eight in the morning.
    expect(practice.newest(BEN).at).toBe(Date.parse('2026-11-21T13:00:00Z'));
  });

  it('books nothing for who was taken off the list after the offer', async () => {
    await cancel();
    const offer = practice.newest(BEN);
    practice.put(slot('t', VISIT + DAY));
    practice.put({ ...practice.get('wait', 'w2'), state: 'removed' });
    practice.put({ ...practice.get('wait', 'w1'), state: 'removed' });
    await practice.time.pass(0);
    expect(practice.get('slot', 's').state).toBe('free');
    expect(await run.desk.take(practice.answer(offer, '1'))).toBe('done');
    expect(practice.newest(BEN).prompt.step).toBe('said-offergone');
    expect(practice.all('appointment').filter(({ ref }) => ref === BEN)).toEqual([]);
    expect(practice.get('slot', 's').state).toBe('free');
    expect(practice.get('wait', 'w1')).toMatchObject({ state: 'removed' });
  });

  it('withdraws what staff took from the list', async () => {
    await cancel();
    practice.put({ ...practice.get('wait', 'w1'), state: 'removed' });
    await practice.time.pass(0);
    expect(practice.get('wait', 'w1').offers).toMatchObject([{ outcome: 'withdrawn' }]);
    expect(practice.get('slot', 's').holder?.ref).toBe(ANA);
  });
});
