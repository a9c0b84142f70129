import { describe, expect, it } from 'vitest';
import { idOf } from '../fixtures/ids.ts';
import { isOpenTo } from './booking.ts';
import { changeAppointment } from './change-appointment.ts';
import { START, visitWith } from './fixtures/visits.ts';

const by = { me: idOf('account', 1), nowMs: START - 86_400_000 };
const HOUR = 3_600_000;

describe('a change of a visit by a person', () => {
  it('is nothing where nothing is another', () => {
    expect(changeAppointment(visitWith(), { location: null, status: 'booked' }, by)).toBeNull();
    expect(changeAppointment(visitWith(), { answer: 'none' }, by)).toBeNull();
  });

  it('writes down who said that the patient confirmed, and when', () => {
    const next = changeAppointment(visitWith(), { answer: 'confirmed' }, by);
    expect(next?.answer).toEqual({ state: 'confirmed', at: by.nowMs, by: by.me });
    expect(next).toMatchObject({ status: 'booked', updatedAt: by.nowMs });
  });

  it('cancels the visit of whoever cannot come, and can be taken back whole', () => {
    const next = changeAppointment(visitWith(), { answer: 'declined' }, by);
    expect(next).toMatchObject({ status: 'cancelled', answer: { state: 'declined' } });
    const back = changeAppointment(next!, { answer: 'none', status: 'booked' }, by);
    expect(back).toMatchObject({ status: 'booked', answer: { state: 'none', at: null, by: null } });
  });

  it('does not cancel what has ended already', () => {
    const next = changeAppointment(visitWith({ status: 'noshow' }), { answer: 'declined' }, by);
    expect(next?.status).toBe('noshow');
  });

  it('ends answer and slot with the time that they were for', () => {
    const before = visitWith({ slot: 's', answer: { state: 'confirmed', at: 1, by: 'patient' } });
    const moved = changeAppointment(before, { start: START + HOUR, end: START + 2 * HOUR }, by);
    expect(moved).toMatchObject({ slot: null, answer: { state: 'none' } });
    const into = changeAppointment(before, { start: START + HOUR, end: START + 2 * HOUR, slot: 't' }, by);
    expect(into).toMatchObject({ slot: 't', answer: { state: 'none' } });
    const longer = changeAppointment(before, { end: START + HOUR }, by);
    expect(longer).toMatchObject({ slot: 's', answer: { state: 'confirmed' } });
  });

  it('refuses an end that is not after the start', () => {
    expect(() => changeAppointment(visitWith(), { end: START }, by)).toThrow(
      expect.objectContaining({ code: 'request.invalid', at: 'appointment.end' }) as Error,
    );
  });
});

describe('a slot', () => {
  const who = { id: 'mine', ref: 'Patient/1' };
  const other = { kind: 'offer', id: 'o', ref: 'Patient/2', until: 100 } as const;

  it('is open while it is free, held for this patient, or a hold has run out', () => {
    expect(isOpenTo({ state: 'free', holder: null }, who, 50)).toBe(true);
    expect(isOpenTo({ state: 'held', holder: other }, who, 50)).toBe(false);
    expect(isOpenTo({ state: 'held', holder: other }, who, 100)).toBe(true);
    expect(isOpenTo({ state: 'held', holder: { ...other, ref: 'Patient/1' } }, who, 50)).toBe(true);
  });

  it('is never open where it is booked for another visit, also of the same patient, or closed', () => {
    const booked = { kind: 'appointment', id: 'theirs', ref: 'Patient/1', until: null } as const;
    expect(isOpenTo({ state: 'booked', holder: booked }, who, 50)).toBe(false);
    expect(isOpenTo({ state: 'held', holder: { ...booked, until: 100 } }, who, 50)).toBe(false);
    expect(isOpenTo({ state: 'booked', holder: { ...booked, id: 'mine' } }, who, 50)).toBe(true);
    expect(isOpenTo({ state: 'closed', holder: null }, who, 50)).toBe(false);
  });
});
