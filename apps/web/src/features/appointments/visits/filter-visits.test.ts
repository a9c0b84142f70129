import type { Visit } from '@baton/client';
import type { Appointment } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { standingOf } from '../../../design/visits/standing.ts';
import { dayAt, dayOfText, dayText, minuteOfText, minuteText, spanOf } from './day-span.ts';
import { fitsFilter, fitsWords, visitsBetween } from './filter-visits.ts';

const ZONE = 'America/New_York';
const HOUR = 3_600_000;

function visit(start: number, more: Partial<Appointment> = {}, of: Partial<Visit> = {}): Visit {
  return {
    appointment: {
      t: 'appointment',
      id: String(start),
      ref: 'Patient/1',
      status: 'booked',
      start,
      end: start + HOUR,
      timeZone: ZONE,
      service: { code: null, text: 'Follow-up' },
      practitioner: { code: null, text: 'Luz Rivera' },
      location: null,
      reason: 'secret',
      preparation: null,
      answer: { state: 'none', at: null, by: null },
      slot: null,
      replaces: null,
      source: { kind: 'hand', system: null, version: 1, message: null },
      createdAt: 0,
      updatedAt: 0,
      ...more,
    },
    patient: 'Rosa Martínez',
    record: null,
    writeBack: null,
    ...of,
  };
}

const answered = (state: Appointment['answer']['state']): Appointment['answer'] => ({
  state,
  at: null,
  by: null,
});

describe('where a visit stands', () => {
  it.each<[Partial<Appointment>, number, string]>([
    [{}, 0, 'unconfirmed'],
    [{ answer: answered('confirmed') }, 0, 'confirmed'],
    [{ answer: answered('reschedule') }, 0, 'other-time'],
    [{ answer: answered('confirmed') }, 10 * HOUR, 'unclosed'],
    [{ status: 'cancelled', answer: answered('declined') }, 10 * HOUR, 'cancelled-by-patient'],
    [{ status: 'cancelled' }, 0, 'cancelled'],
    [{ status: 'noshow', answer: answered('confirmed') }, 10 * HOUR, 'missed'],
    [{ status: 'checked-in' }, 0, 'here'],
  ])('%j at %d is %s', (more, now, standing) => {
    expect(standingOf(visit(5 * HOUR, more).appointment, now)).toBe(standing);
  });
});

describe('what the list shows', () => {
  it('keeps only what begins in the span', () => {
    const all = [1, 2, 2, 3, 5].map((hour) => visit(hour * HOUR));
    expect(visitsBetween(all, 2 * HOUR, 5 * HOUR)).toHaveLength(3);
    expect(visitsBetween(all, 0, HOUR)).toHaveLength(0);
    expect(visitsBetween([], 0, HOUR)).toHaveLength(0);
  });

  it('filters by answer, end and what has to be entered by hand', () => {
    const wants = visit(HOUR, { answer: answered('reschedule') });
    const facts = { now: 0, unreached: new Map([[wants.appointment.id, 'nowhere']]) };
    expect(fitsFilter(wants, 'unconfirmed', facts)).toBe(true);
    expect(fitsFilter(wants, 'cancelled', facts)).toBe(false);
    const refused = visit(2 * HOUR, {}, { writeBack: { state: 'refused' } as Visit['writeBack'] });
    expect(fitsFilter(refused, 'by-hand', facts)).toBe(true);
    expect(fitsFilter(wants, 'by-hand', facts)).toBe(false);
    expect(fitsFilter(wants, 'unreached', facts)).toBe(true);
    expect(fitsFilter(refused, 'unreached', facts)).toBe(false);
  });

  it('finds by patient, service and person, never by the reason', () => {
    expect(fitsWords(visit(0), 'martinez luz')).toBe(true);
    expect(fitsWords(visit(0), 'secret')).toBe(false);
    expect(fitsWords(visit(0), ' ')).toBe(true);
  });
});

describe('days of the practice', () => {
  it('are 25 hours long where clocks are set back, and weeks begin on Monday', () => {
    const day = dayOfText('2026-11-01')!;
    const { from, until } = spanOf(day, 'day', ZONE);
    expect(until - from).toBe(25 * HOUR);
    const week = spanOf(day, 'week', ZONE);
    expect(week.midnights).toHaveLength(8);
    expect(dayText(dayAt(week.from, ZONE))).toBe('2026-10-26');
  });

  it('are what they are in the practice, wherever the device is', () => {
    expect(dayText(dayAt(Date.UTC(2026, 10, 25, 3), ZONE))).toBe('2026-11-24');
    expect(minuteOfText('09:05')).toBe(545);
    expect(minuteText(545)).toBe('09:05');
    expect(dayOfText('')).toBeNull();
    expect(minuteOfText('9')).toBeNull();
  });
});
