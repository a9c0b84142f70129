import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Slot, WaitEntry } from '@baton/wire';
import { DAY, HOUR, NEW_YORK, visit } from './fixtures/visits.ts';
import { bookSlot, freeSlot, holdSlot, nextOffer, slotsToChoose, type WaitlistFacts } from './waitlist.ts';

const NOW = Date.parse('2026-11-20T15:00:00Z');
const service = { code: null, text: 'Follow-up' };
const slot = (change: Partial<Slot> = {}): Slot => ({
  t: 'slot',
  id: 's1',
  start: NOW + DAY,
  end: NOW + DAY + HOUR,
  timeZone: NEW_YORK,
  service,
  practitioner: null,
  location: null,
  state: 'free',
  holder: null,
  updatedAt: 0,
  ...change,
});
const entry = (id: string, change: Partial<WaitEntry> = {}): WaitEntry => ({
  t: 'wait',
  id,
  ref: `Patient/${id}`,
  service,
  practitioner: null,
  from: null,
  until: null,
  priority: 5,
  addedAt: 0,
  by: 'a_AAAAAAAAAAAAAAAAAAAAAA' as WaitEntry['by'],
  appointment: null,
  state: 'waiting',
  offers: [],
  ...change,
});
const facts = (entries: WaitEntry[], change: Partial<WaitlistFacts> = {}): WaitlistFacts => {
  return { entries, nowMs: NOW, holdMinutes: 60, givesUp: () => null, reachableAt: () => NOW, ...change };
};
const offered = (one: Slot, given: WaitlistFacts): string | null => {
  const next = nextOffer(one, given);
  return next.t === 'offer' ? next.entry.id : null;
};

describe('the next offer', () => {
  it('goes to the highest priority, then to who has waited longest', () => {
    const entries = [
      entry('a', { addedAt: 3 }),
      entry('b', { addedAt: 2 }),
      entry('c', { priority: 1, addedAt: 9 }),
    ];
    expect(offered(slot(), facts(entries))).toBe('c');
    expect(offered(slot(), facts(entries.slice(0, 2)))).toBe('b');
  });

  it('fits the service, the person, the dates, and who gives up a visit gets an earlier one only', () => {
    const doctor = { code: 'd1', text: 'Dr. Lee' };
    const none = (change: Partial<WaitEntry>, given: Partial<WaitlistFacts> = {}) =>
      expect(offered(slot(), facts([entry('a', change)], given))).toBeNull();
    none({ service: { code: null, text: 'Vaccine' } });
    none({ practitioner: doctor });
    none({ from: NOW + 2 * DAY });
    none({ until: NOW + HOUR });
    none({ state: 'offered' });
    none({ offers: [{ id: 'o', slot: 's1', at: 0, until: 1, outcome: 'declined' }] });
    const earlier = visit({ start: NOW + HOUR });
    none({ appointment: 'x' }, { givesUp: () => earlier });
    none({}, { reachableAt: () => null });
    expect(offered(slot({ practitioner: doctor }), facts([entry('a', { practitioner: doctor })]))).toBe('a');
  });

  it('waits for the first in line in quiet hours, but not beyond the time that is left', () => {
    const entries = [entry('a'), entry('b', { addedAt: 1 })];
    const asleep = (atMs: number) =>
      facts(entries, { reachableAt: ({ ref }) => (ref === 'Patient/a' ? atMs : NOW) });
    expect(nextOffer(slot(), asleep(NOW + 10 * HOUR))).toEqual({ t: 'wait', atMs: NOW + 10 * HOUR });
    expect(offered(slot({ start: NOW + 10 * HOUR }), asleep(NOW + 10 * HOUR))).toBe('b');
  });

  it('ends before the slot begins', () => {
    const next = nextOffer(slot({ start: NOW + HOUR }), facts([entry('a')]));
    expect(next).toMatchObject({ t: 'offer', until: NOW + HOUR / 2 });
    expect(nextOffer(slot({ start: NOW + HOUR / 2 }), facts([entry('a')]))).toEqual({ t: 'nobody' });
  });
});

describe('times to choose from', () => {
  it('are free, of the service, with the same person first, in order of time', () => {
    const lee = { code: 'd1', text: 'Dr. Lee' };
    const slots = [
      slot({ id: 'a', start: NOW + HOUR }),
      slot({ id: 'b', start: NOW + 3 * DAY, practitioner: lee }),
      slot({ id: 'c', start: NOW + 2 * DAY, practitioner: lee }),
      slot({
        id: 'd',
        start: NOW + DAY,
        state: 'held',
        holder: { kind: 'offer', id: 'o', ref: 'r', until: NOW + HOUR },
      }),
      slot({ id: 'e', service: { code: null, text: 'Vaccine' } }),
      slot({ id: 'own', start: NOW + DAY }),
      slot({ id: 'f', start: NOW + DAY }),
    ];
    const chosen = slotsToChoose(slots, { service, practitioner: lee, not: 'own', most: 3, nowMs: NOW });
    expect(chosen.map(({ id }) => id)).toEqual(['a', 'c', 'b']);
  });
});

describe('one slot', () => {
  it('is never two people’s, whoever acts in whatever order on whatever they read', () => {
    const step = fc.record({
      who: fc.constantFrom('a', 'b', 'c'),
      what: fc.constantFrom('hold', 'book', 'free'),
      afterMs: fc.integer({ min: 0, max: HOUR }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let now = NOW;
        let one = slot();
        let booked: string | null = null;
        for (const { who, what, afterMs } of steps) {
          now += afterMs;
          const ref = `Patient/${who}`;
          const holder = { kind: 'offer', id: `offer-${who}`, ref, until: now + HOUR / 2 } as const;
          const before = one;
          if (what === 'hold') one = holdSlot(one, holder, now) ?? one;
          else if (what === 'book')
            one = bookSlot(one, { held: holder.id, appointment: `visit-${who}`, ref }, now) ?? one;
          else one = freeSlot(one, `visit-${who}`, now) ?? freeSlot(one, holder.id, now) ?? one;
          if (one.state === 'booked' && before.state !== 'booked') {
            expect(booked).toBeNull();
            booked = who;
            // Whoever still had time to answer is not overtaken.
            if (before.state === 'held' && (before.holder?.until ?? 0) >= now)
              expect(before.holder?.ref).toBe(ref);
          }
          if (before.state === 'booked') {
            if (one.state === 'booked') expect(one).toBe(before);
            else {
              expect(who).toBe(booked);
              booked = null;
            }
          }
          if (before.state === 'held' && one !== before && before.holder?.ref !== ref)
            expect(before.holder?.until).toBeLessThan(now);
        }
      }),
      { numRuns: 500 },
    );
  });
});
