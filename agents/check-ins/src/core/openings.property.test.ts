import { EXAMPLE_PROTOCOLS } from '@baton/clinical';
import { isQuiet, LAWFUL_HOURS } from '@baton/policy';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { enrolmentOf } from '../fixtures/test-enrolment.ts';
import { daysAfter, localDate } from '../schedule/local-time.ts';
import { goingOnAt, openingsOn } from './openings.ts';

const ZONES = [
  'America/New_York',
  'America/Los_Angeles',
  'Pacific/Apia',
  'Europe/Madrid',
  'Australia/Lord_Howe',
  'UTC',
];
const minute = fc.integer({ min: 0, max: 1439 });

it('begins every dialogue on its own date, out of quiet hours, whatever time was set and whatever the clocks do', () => {
  const [protocol] = EXAMPLE_PROTOCOLS;
  if (!protocol) throw new Error('no protocol');
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      fc.integer({ min: 0, max: 400 }),
      minute,
      minute,
      (timeZone, ahead, morning, evening) => {
        const startsAt = Date.UTC(2026, 0, 1, 12);
        const made = enrolmentOf(0, protocol, { startsAt, timeZone, state: 'active' });
        const enrolment = { ...made, times: { morning, evening } };
        const date = daysAfter('2026-01-01', ahead);
        const openings = openingsOn(protocol, enrolment, { date, hours: LAWFUL_HOURS });
        for (const { atMs, untilMs } of openings) {
          expect(localDate(timeZone, atMs)).toBe(date);
          expect(isQuiet(timeZone, atMs, LAWFUL_HOURS)).toBe(false);
          expect(untilMs).toBeGreaterThan(atMs);
        }
        expect(openings.map(({ atMs }) => atMs)).toEqual(
          openings.map(({ atMs }) => atMs).toSorted((a, b) => a - b),
        );
      },
    ),
  );
});

it('asks again out of quiet hours, never before it was asked, and not much later than it wanted', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) }),
      fc.integer({ min: 5, max: 1440 }),
      (timeZone, askedMs, minutes) => {
        const wantedMs = askedMs + minutes * 60_000;
        const at = goingOnAt(wantedMs, { timeZone, askedMs, hours: LAWFUL_HOURS });
        expect(isQuiet(timeZone, at, LAWFUL_HOURS)).toBe(false);
        expect(at).toBeGreaterThan(askedMs);
        expect(at - wantedMs).toBeLessThanOrEqual(13 * 3_600_000);
      },
    ),
  );
});
