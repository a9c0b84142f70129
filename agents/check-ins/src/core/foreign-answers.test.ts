import { makeId } from '@baton/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE, NINE, OnePatient, protocolOf } from '../fixtures/one-patient.ts';

// A text is marked as the answer to whichever question waits in the conversation: a reminder's, more often than not. What it says of the patient counts all the same.

const CAPECITABINE = protocolOf('capecitabine-monotherapy');
const WORSE = protocolOf('better-same-worse');
const PRESSURE = protocolOf('blood-pressure-by-text');
const DISCHARGE = protocolOf('post-discharge-30-days');
/** "Do you come tomorrow?", of another programme. */
const REMINDER = makeId('message', new Uint8Array(16).fill(77));
const marked = { prompt: REMINDER, choice: null };

let one: OnePatient;
beforeEach(() => {
  one = new OnePatient();
});

describe('words that were marked for another programme’s question', () => {
  it('that mean an emergency get the emergency text and a red alert, with chemotherapy known', async () => {
    one.enrol(CAPECITABINE);
    await one.passTo(NINE);
    const said = await one.writeAs('fever 101.5', marked);
    expect(one.said()).toEqual(['emergency', 'told-now']);
    expect(one.alerts()).toMatchObject([{ kind: 'red-flag', band: 'red' }]);
    expect(one.isSettled(said)).toBe(false);
  });

  it('that mean an emergency end an open dialogue, and nothing else of them counts there', async () => {
    one.enrol(WORSE);
    await one.passTo(NINE);
    expect(one.said()).toEqual(['feel']);
    await one.writeAs('better but my chest hurts', marked);
    expect(one.said()).toEqual(['feel', 'emergency', 'told-now']);
    expect(one.world.runs()[0]).toMatchObject({ outcome: 'alerted' });
    expect(one.world.runs()[0]?.steps.map(({ kind }) => kind)).not.toContain('answer');
  });

  it('are looked at where the protocol has no question for unasked messages', async () => {
    one.enrol(DISCHARGE);
    await one.passTo(NINE);
    await one.writeAs('my chest hurts and I cannot breathe', marked);
    expect(one.alerts()).toMatchObject([{ kind: 'red-flag', band: 'red' }]);
    expect(one.world.runs().map(({ outcome }) => outcome)).toEqual(['alerted']);
  });

  it('that say "worse" begin the dialogue for it, whether a question is open or not', async () => {
    one.enrol(WORSE);
    await one.passTo(NINE);
    const said = await one.writeAs('I feel much worse', marked);
    expect(one.said()).toEqual(['feel', 'breathe']);
    expect(one.isSettled(said)).toBe(false);
    await one.write('1', one.last('breathe'));
    expect(one.alerts()).toMatchObject([{ band: 'red' }]);
  });

  it('that name a symptom lead to its questions, instead of a question that was open too', async () => {
    one.enrol(CAPECITABINE);
    await one.passTo(NINE + 24 * HOUR);
    expect(one.said().at(-1)).toBe('dose');
    await one.writeAs('I have diarrhea', marked);
    expect(one.said().at(-1)).toBe('vomit');
    expect(one.world.runs().filter(({ outcome }) => outcome === 'open')).toHaveLength(1);
  });

  it('with a reading count, and stay with staff as well', async () => {
    one.enrol(PRESSURE);
    await one.passTo(NINE);
    const said = await one.writeAs('185/112', marked);
    expect(one.alerts()).toMatchObject([{ kind: 'reading', band: 'red' }]);
    expect(one.isSettled(said)).toBe(false);
  });

  it('that answer it, and nothing else, are not this programme’s', async () => {
    one.enrol(WORSE);
    one.enrol(PRESSURE, 1);
    one.enrol(CAPECITABINE, 2);
    await one.passTo(NINE + 24 * HOUR);
    const before = one.said().length;
    for (const text of ['ok', 'yes', 'no', 'I will be there', 'better make it Friday', '2 pm', 'not yet'])
      expect(one.isSettled(await one.writeAs(text, marked))).toBe(false);
    expect(one.isSettled(await one.writeAs('1', { prompt: REMINDER, choice: '1' }))).toBe(false);
    expect(one.said()).toHaveLength(before);
    expect(one.world.runs().flatMap(({ steps }) => steps.filter(({ kind }) => kind === 'answer'))).toEqual(
      [],
    );
  });
});

describe('a patient on two protocols', () => {
  it('has chemotherapy to both of them', async () => {
    one.enrol(PRESSURE);
    one.enrol(CAPECITABINE, 1);
    await one.passTo(NINE + 12 * HOUR - MINUTE);
    await one.write('I have a fever', one.last('pressure'));
    expect(one.alerts()).toMatchObject([{ kind: 'red-flag', band: 'red' }]);
  });

  it('answers the one whose question it is', async () => {
    const first = one.enrol(WORSE);
    const second = one.enrol(CAPECITABINE, 1);
    await one.passTo(NINE + 24 * HOUR);
    await one.write('worse', one.last('feel'));
    const answered = one.world.runs().filter(({ steps }) => steps.some(({ kind }) => kind === 'answer'));
    expect(answered.map(({ enrolment }) => enrolment)).toEqual([first.id]);
    await one.write('I missed it', one.last('dose'));
    expect(one.world.runs().some(({ enrolment, band }) => enrolment === second.id && band === 'green')).toBe(
      true,
    );
  });
});
