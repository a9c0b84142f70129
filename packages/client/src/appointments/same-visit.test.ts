import { describe, expect, it } from 'vitest';
import type { Appointment, ReminderRecord } from '@baton/wire';
import { START, visitWith } from './fixtures/visits.ts';
import { joinRecords, takeOver, twinOf } from './same-visit.ts';

const HERE = visitWith({ id: 'here', slot: 's', practitioner: { code: null, text: 'Dr. Chen' } });
const FHIR = { kind: 'fhir', system: 'https://ehr.test', version: 5, message: '1' } as const;
const there = (more: Partial<Appointment> = {}): Appointment =>
  visitWith({ id: 'fhir/77', source: FHIR, practitioner: null, ...more });

describe('a visit that was booked here and comes back from the record system', () => {
  it('is known by patient, start, end and who it is with', () => {
    expect(twinOf(HERE, [HERE, there()])?.id).toBe('fhir/77');
    expect(twinOf(there(), [HERE, there()])?.id).toBe('here');
    for (const other of [
      there({ ref: 'Patient/2' }),
      there({ start: START + 60_000 }),
      there({ end: START + 60_000 }),
      there({ practitioner: { code: null, text: 'Dr. Adams' } }),
      there({ status: 'cancelled' }),
      visitWith({ id: 'by-hand-too' }),
    ])
      expect(twinOf(HERE, [HERE, other])).toBeNull();
    // Which of two nobody can say.
    expect(twinOf(HERE, [there(), there({ id: 'fhir/78' })])).toBeNull();
  });

  it('stays as the record system’s, with what is known only here', () => {
    const answer = { state: 'confirmed', at: 5, by: 'patient' } as const;
    const here = { ...HERE, answer, reason: 'Rash', shareable: true };
    expect(takeOver(there(), here, 9)).toMatchObject({
      id: 'fhir/77',
      source: FHIR,
      answer,
      slot: 's',
      reason: 'Rash',
      shareable: true,
      updatedAt: 9,
    });
    const declined = { state: 'declined', at: 6, by: 'patient' } as const;
    expect(takeOver(there({ answer: declined }), here, 9)?.answer).toEqual(declined);
    const once = takeOver(there(), here, 9);
    expect(once && takeOver(once, here, 10)).toBeNull();
  });

  it('counts as reminded where either was', () => {
    const step = (name: string, at: number): ReminderRecord['steps'][number] => ({
      step: name,
      start: START,
      at,
      state: 'sent',
      note: null,
      message: null,
    });
    const record = (steps: ReminderRecord['steps']): ReminderRecord => ({
      t: 'sent',
      appointment: 'here',
      steps,
      score: null,
    });
    const joined = joinRecords(null, record([step('three-days', 1)]), 'fhir/77');
    expect(joined).toMatchObject({ appointment: 'fhir/77', steps: [{ step: 'three-days' }] });
    expect(joinRecords(joined, record([step('three-days', 1)]), 'fhir/77')).toBeNull();
    const more = joinRecords(record([step('one-day', 2)]), record([step('three-days', 1)]), 'fhir/77');
    expect(more?.steps.map((one) => one.step)).toEqual(['three-days', 'one-day']);
  });
});
