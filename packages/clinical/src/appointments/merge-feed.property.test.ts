import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { APPOINTMENT_STATUSES, type Appointment } from '@baton/wire';
import { answerVisit } from './answer-visit.ts';
import { type FeedAppointment, mergeFeed } from './merge-feed.ts';

const START = Date.parse('2026-11-24T15:00:00Z');
const incoming: fc.Arbitrary<FeedAppointment> = fc
  .record({
    version: fc.integer({ min: 1, max: 4 }),
    message: fc.constantFrom('m1', 'm2', 'm3'),
    status: fc.constantFrom(...APPOINTMENT_STATUSES),
    ref: fc.constantFrom('Patient/rosa'),
  })
  .map(({ version, message, status, ref }) => ({
    t: 'appointment',
    id: 'hl7v2/77',
    ref,
    // What a message says follows from its id and version, as with a real one.
    status: APPOINTMENT_STATUSES[(version * 3 + Number(message[1])) % APPOINTMENT_STATUSES.length] ?? status,
    start: START + ((version + Number(message[1])) % 3) * 3_600_000,
    end: START + 10 * 3_600_000,
    timeZone: 'America/New_York',
    service: { code: null, text: 'Follow-up' },
    practitioner: null,
    location: null,
    reason: null,
    source: { kind: 'hl7v2', system: 'RIS', version, message },
  }));

const all = (messages: readonly FeedAppointment[]): Appointment | null =>
  messages.reduce<Appointment | null>((now, one) => mergeFeed(now, one, 1) ?? now, null);

describe('messages of a feed', () => {
  it('give the same visit in any order and however often each comes', () => {
    fc.assert(
      fc.property(
        fc.array(incoming, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
        (messages, order) => {
          const keys = messages.map((one, index) => ({ one, key: order[index] ?? 0 }));
          const shuffled = keys.sort((a, b) => a.key - b.key).map(({ one }) => one);
          const shown = (visit: Appointment | null) =>
            visit && { status: visit.status, start: visit.start, source: visit.source };
          expect(shown(all([...shuffled, ...messages]))).toEqual(shown(all(messages)));
        },
      ),
    );
  });

  it('leave what the patient answered, until the visit is at another time', () => {
    const first = all([feed({ version: 1 })]) as Appointment;
    const confirmed = answerVisit(first, {
      answer: 'confirmed',
      by: 'patient',
      at: 5,
      nowMs: 5,
    }) as Appointment;
    const again = mergeFeed(confirmed, feed({ version: 2, status: 'arrived' }), 6);
    expect(again).toMatchObject({ status: 'arrived', answer: { state: 'confirmed' }, updatedAt: 6 });
    const moved = mergeFeed(confirmed, feed({ version: 2, start: START + 1 }), 6);
    expect(moved).toMatchObject({
      start: START + 1,
      answer: { state: 'none', at: null, by: null },
      createdAt: 1,
    });
    // Another patient's from now on: the one before answered for nobody else.
    const others = mergeFeed({ ...confirmed, shareable: true }, feed({ version: 2, ref: 'Patient/ben' }), 6);
    expect(others).toMatchObject({ ref: 'Patient/ben', answer: { state: 'none', at: null, by: null } });
    expect(others).not.toHaveProperty('shareable');
    expect(mergeFeed(confirmed, feed({ version: 1, message: 'm0' }), 7)).toBeNull();
    expect(mergeFeed(confirmed, feed({ version: 2, ref: null }), 7)?.ref).toBe('Patient/rosa');
  });
});

describe('an answer', () => {
  it('gives a visit up, and undoes no end', () => {
    const visit = all([feed({ version: 1 })]) as Appointment;
    const say = (to: Appointment, answer: 'confirmed' | 'declined') =>
      answerVisit(to, { answer, by: 'patient', at: 9, nowMs: 9 });
    const gone = say(visit, 'declined');
    expect(gone).toMatchObject({ status: 'cancelled', answer: { state: 'declined', at: 9, by: 'patient' } });
    expect(say(gone as Appointment, 'confirmed')).toBeNull();
    for (const status of ['cancelled', 'noshow', 'fulfilled', 'entered-in-error'] as const)
      expect(say({ ...visit, status }, 'confirmed')).toBeNull();
    const confirmed = say(visit, 'confirmed') as Appointment;
    expect(say(confirmed, 'confirmed')).toBeNull();
  });
});

function feed({
  version,
  ...change
}: Partial<Omit<FeedAppointment, 'source'>> & { version: number; message?: string }): FeedAppointment {
  const { message = 'm1', ...rest } = change;
  return {
    t: 'appointment',
    id: 'hl7v2/77',
    ref: 'Patient/rosa',
    status: 'booked',
    start: START,
    end: START + 1,
    timeZone: 'America/New_York',
    service: { code: null, text: 'Follow-up' },
    practitioner: null,
    location: null,
    reason: null,
    source: { kind: 'hl7v2', system: 'RIS', version, message },
    ...rest,
  };
}
