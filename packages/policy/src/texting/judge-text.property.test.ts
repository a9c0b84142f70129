import fc from 'fast-check';
import type { Consent, OptOut } from '@baton/wire';
import { expect, it } from 'vitest';
import { account, named } from '../fixtures/organisation.ts';
import { ANSWER_WITHIN_MS, judgeText } from './judge-text.ts';

// One patient over some weeks: texts are wanted at random times by whoever, the patient answers, opts out and in. Whatever the order, what was sent keeps
// the promises. Hours are read here by Intl alone, not by the code that is tested.

const NUMBER = '+15550100001';
const ZONES = [
  'America/New_York',
  'America/Phoenix',
  'America/St_Johns',
  'Pacific/Honolulu',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Europe/London',
  'America/Adak',
  'Pacific/Chatham',
];
const MINUTE = 60_000;
const DAY = 86_400_000;
/** Around a change of clocks on either half of the earth. */
const STARTS = ['2026-03-01', '2026-03-25', '2026-10-20', '2026-10-01', '2026-04-01'].map((day) =>
  Date.parse(`${day}T00:00:00Z`),
);

const event = fc.record({
  afterMin: fc.nat(600),
  what: fc.constantFrom(
    'want',
    'want',
    'want',
    'answer',
    'confirm',
    'out',
    'in',
    'consent',
    'revoke',
    'urgent',
  ),
  purpose: fc.constantFrom('notice', 'reminder', 'survey', 'staff', 'invitation'),
});

const consent: Consent = {
  t: 'consent',
  id: named('event', 'texts'),
  ref: 'p1',
  purpose: 'texts',
  phone: null,
  given: { at: 0, how: 'paper', by: account('ann'), warning: null, note: '' },
  revoked: null,
};

function clockAt(timeZone: string, ms: number): number {
  const text = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(ms);
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return hour * 60 + minute;
}

interface Sent {
  readonly at: number;
  readonly why: 'programme' | 'answer' | 'confirm' | 'urgent';
  readonly consented: boolean;
  readonly out: boolean;
  readonly contactsBefore: readonly number[];
}

it('nothing goes in quiet hours, after an opt-out, or above the cap', () => {
  let programmes = 0;
  let waits = 0;
  fc.assert(
    fc.property(
      fc.record({
        events: fc.array(event, { minLength: 5, maxLength: 60 }),
        timeZone: fc.constantFrom(...ZONES),
        start: fc.constantFrom(...STARTS),
        quiet: fc.record({
          from: fc.integer({ min: 0, max: 1440 }),
          until: fc.integer({ min: 0, max: 1440 }),
        }),
        cap: fc.record({ perDay: fc.integer({ min: 0, max: 3 }), perWeek: fc.integer({ min: 0, max: 5 }) }),
      }),
      ({ events, timeZone, start, quiet, cap }) => {
        const sent: Sent[] = [];
        const contacts: number[] = [];
        let waiting: { readonly until: number } | null = null;
        let optOut: OptOut | null = null;
        let consents: readonly Consent[] = [];
        let now = start;
        let receivedAt = -DAY;
        const ask = (why: Sent['why'], purpose: (typeof events)[number]['purpose']) => {
          const verdict = judgeText({
            nowMs: now,
            number: NUMBER,
            purpose,
            mode: 'link',
            reach: { deceased: false, doNotContact: false, channel: 'link', timeZone },
            consents,
            optOut,
            quiet,
            cap,
            contacts,
            urgentBy: why === 'urgent' ? account('ann') : null,
            answerTo:
              why === 'answer' || why === 'confirm'
                ? { receivedAt, confirmsOptOut: why === 'confirm' }
                : null,
            notAfter: null,
          });
          if (verdict.verdict === 'wait') {
            // A wait always ends, and is not for nothing.
            expect(verdict.untilMs).toBeGreaterThan(now);
            expect(verdict.untilMs).toBeLessThan(now + 9 * DAY);
            waiting = { until: verdict.untilMs };
            waits += 1;
          }
          if (verdict.verdict !== 'send') return;
          sent.push({
            at: now,
            why,
            consented: consents.length > 0,
            out: optOut?.out === true,
            contactsBefore: [...contacts],
          });
          if (why === 'programme' || why === 'urgent') contacts.push(now);
          if (why === 'programme') programmes += 1;
        };
        for (const { afterMin, what, purpose } of events) {
          const until: number = now + afterMin * MINUTE;
          const due = waiting as { readonly until: number } | null;
          if (due && due.until <= until) {
            now = Math.max(now, due.until);
            waiting = null;
            ask('programme', 'notice');
          }
          now = until;
          if (what === 'want') ask('programme', purpose);
          else if (what === 'urgent') ask('urgent', purpose);
          else if (what === 'answer') ask('answer', purpose);
          else if (what === 'confirm') ask('confirm', purpose);
          else if (what === 'consent') consents = [consent];
          else if (what === 'revoke') consents = [];
          else {
            receivedAt = now;
            optOut = {
              t: 'optout',
              number: NUMBER,
              out: what === 'out',
              at: now,
              words: '',
              by: account('sms'),
            };
          }
        }
        const from = Math.max(quiet.from, 480);
        const until = Math.min(quiet.until, 1260);
        const [first, last] = from < until ? [from, until] : [480, 1260];
        for (const { at, why, consented, out, contactsBefore } of sent) {
          if (out) {
            expect(why).toBe('confirm');
            expect(at - receivedAt <= ANSWER_WITHIN_MS || at < receivedAt).toBe(true);
          }
          if (why !== 'programme') continue;
          const minute = clockAt(timeZone, at);
          expect(minute).toBeGreaterThanOrEqual(first);
          expect(minute).toBeLessThan(last);
          if (consented) continue;
          expect(contactsBefore.filter((each) => each > at - DAY).length).toBeLessThan(cap.perDay);
          expect(contactsBefore.filter((each) => each > at - 7 * DAY).length).toBeLessThan(cap.perWeek);
        }
      },
    ),
    { numRuns: 400 },
  );
  // The promises are easy to keep by sending nothing.
  expect(programmes).toBeGreaterThan(300);
  expect(waits).toBeGreaterThan(300);
});
