import type { Consent, ConsentPurpose, OptOut } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { account, named } from '../fixtures/organisation.ts';
import { findConsent, judgeText, mayOptIn, type TextQuestion } from './judge-text.ts';

const NUMBER = '+15550100001';
const NOON = Date.parse('2026-11-20T17:00:00Z');
const NIGHT = Date.parse('2026-11-21T03:00:00Z');
const HOUR = 3_600_000;

const consent = (purpose: ConsentPurpose, change: Partial<Consent> = {}): Consent => ({
  t: 'consent',
  id: named('event', purpose),
  ref: 'p1',
  purpose,
  phone: NUMBER,
  given: {
    at: 1,
    how: 'in-person',
    by: account('ann'),
    warning: purpose === 'plain-text' ? 'w1' : null,
    note: '',
  },
  revoked: null,
  ...change,
});
const out = (at: number): OptOut => ({
  t: 'optout',
  number: NUMBER,
  out: true,
  at,
  words: 'STOP',
  by: account('sms'),
});
const question: TextQuestion = {
  nowMs: NOON,
  number: NUMBER,
  purpose: 'notice',
  mode: 'link',
  reach: { deceased: false, doNotContact: false, channel: 'link', timeZone: 'America/New_York' },
  consents: [consent('texts')],
  optOut: null,
  quiet: { from: 480, until: 1260 },
  cap: { perDay: 1, perWeek: 3 },
  contacts: [],
  urgentBy: null,
  answerTo: null,
  notAfter: null,
};
const judge = (change: Partial<TextQuestion>) => judgeText({ ...question, ...change });
const reach = (change: object) => ({ reach: { ...question.reach, ...change } as TextQuestion['reach'] });

describe('a text', () => {
  it('goes by day with consent, as often as there is something to say', () => {
    expect(judge({ contacts: [NOON - 1, NOON - 2, NOON - 3, NOON - 4] })).toEqual({ verdict: 'send' });
  });

  it('is refused for the first reason in the order of the specification', () => {
    const all: Partial<TextQuestion> = {
      ...reach({ deceased: true, doNotContact: true, channel: 'none' }),
      optOut: out(1),
      consents: [],
      mode: 'plain',
      nowMs: NIGHT,
    };
    expect(judge(all)).toEqual({ verdict: 'refuse', code: 'deceased' });
    expect(judge({ ...all, ...reach({ doNotContact: true, channel: 'none' }) })).toMatchObject({
      code: 'do-not-contact',
    });
    expect(judge({ ...all, ...reach({ channel: 'none' }) })).toMatchObject({ code: 'opted-out' });
    expect(judge({ ...all, ...reach({ channel: 'none' }), optOut: null })).toMatchObject({
      code: 'no-texts',
    });
    expect(judge({ ...all, ...reach({}), optOut: null })).toMatchObject({ code: 'no-consent' });
    expect(judge({ ...all, ...reach({}), optOut: null, mode: 'link', contacts: [NIGHT] })).toMatchObject({
      verdict: 'wait',
      code: 'quiet-hours',
    });
    expect(judge({ consents: [], contacts: [NOON - HOUR] })).toMatchObject({ verdict: 'wait', code: 'cap' });
  });

  it('lets an invitation through to whoever gets no texts, and nothing past an opt-out', () => {
    const invited = { ...reach({ channel: 'none' }), purpose: 'invitation', mode: 'link' } as const;
    expect(judge(invited)).toEqual({ verdict: 'send' });
    expect(judge({ ...invited, optOut: out(1) })).toMatchObject({ code: 'opted-out' });
    expect(judge({ ...invited, ...reach({ channel: 'none', doNotContact: true }) })).toMatchObject({
      code: 'do-not-contact',
    });
  });

  it('waits until quiet hours end', () => {
    expect(judge({ nowMs: NIGHT })).toEqual({
      verdict: 'wait',
      untilMs: Date.parse('2026-11-21T13:00:00Z'),
      code: 'quiet-hours',
    });
    expect(judge(reach({ timeZone: 'Mars/Base' }))).toEqual({ verdict: 'refuse', code: 'time-zone' });
  });

  it('waits for room in the cap, and then for the morning', () => {
    const lateYesterday = Date.parse('2026-11-20T01:59:00Z');
    expect(judge({ consents: [], contacts: [lateYesterday] })).toEqual({
      verdict: 'wait',
      untilMs: Date.parse('2026-11-21T01:59:00Z'),
      code: 'cap',
    });
    const nightBefore = Date.parse('2026-11-20T03:00:00Z');
    expect(judge({ consents: [], contacts: [nightBefore] })).toEqual({
      verdict: 'wait',
      untilMs: Date.parse('2026-11-21T13:00:00Z'),
      code: 'cap',
    });
    expect(judge({ consents: [], cap: { perDay: 0, perWeek: 0 } })).toEqual({
      verdict: 'refuse',
      code: 'cap',
    });
  });

  it('with a named clinician passes quiet hours and cap, and nothing else', () => {
    const urgent = { urgentBy: account('ann'), nowMs: NIGHT };
    expect(judge({ ...urgent, consents: [], contacts: [NIGHT, NIGHT, NIGHT] })).toEqual({ verdict: 'send' });
    expect(judge({ ...urgent, optOut: out(1) })).toMatchObject({ code: 'opted-out' });
    expect(judge({ ...urgent, ...reach({ doNotContact: true }) })).toMatchObject({ code: 'do-not-contact' });
    expect(judge({ ...urgent, mode: 'plain' })).toMatchObject({ code: 'no-consent' });
  });

  it('is not sent after its time, nor kept waiting for a time that is past it', () => {
    expect(judge({ notAfter: NOON - 1 })).toEqual({ verdict: 'refuse', code: 'too-late' });
    expect(judge({ nowMs: NIGHT, notAfter: NIGHT + HOUR })).toEqual({ verdict: 'refuse', code: 'too-late' });
  });

  it('with content needs the consent that names the warning, for this very number', () => {
    const plain = { mode: 'plain' as const };
    expect(judge(plain)).toMatchObject({ code: 'no-consent' });
    expect(judge({ ...plain, consents: [consent('plain-text')] })).toEqual({ verdict: 'send' });
    expect(judge({ ...plain, consents: [consent('plain-text', { phone: '+15550100002' })] })).toMatchObject({
      code: 'no-consent',
    });
    expect(
      judge({ ...plain, consents: [consent('plain-text', { given: { ...consent('texts').given } })] }),
    ).toMatchObject({ code: 'no-consent' });
    const revoked = { at: 2, how: 'phone' as const, by: account('ann') };
    expect(judge({ ...plain, consents: [consent('plain-text', { revoked })] })).toMatchObject({
      code: 'no-consent',
    });
  });

  it('of a survey needs a consent of its own', () => {
    expect(judge({ purpose: 'survey' })).toMatchObject({ code: 'no-consent' });
    expect(judge({ purpose: 'survey', consents: [consent('check-ins')] })).toEqual({ verdict: 'send' });
    expect(judge({ purpose: 'reminder', consents: [] })).toEqual({ verdict: 'send' });
  });

  it('goes to a number that belongs to nobody only as an answer', () => {
    expect(judge({ reach: null })).toMatchObject({ code: 'no-consent' });
    expect(
      judge({ reach: null, consents: [], answerTo: { receivedAt: NOON - 1000, confirmsOptOut: false } }),
    ).toEqual({
      verdict: 'send',
    });
  });
});

describe('an automatic answer', () => {
  const answerTo = { receivedAt: NIGHT - 1000, confirmsOptOut: false };

  it('goes at night, for five minutes', () => {
    const much = { consents: [], contacts: [NIGHT, NIGHT, NIGHT] };
    expect(judge({ ...much, answerTo, nowMs: NIGHT })).toEqual({ verdict: 'send' });
    expect(judge({ ...much, answerTo, nowMs: NIGHT + 5 * 60_000 })).toEqual({
      verdict: 'refuse',
      code: 'too-late',
    });
  });

  it('goes to a number that is out only to confirm that, at once', () => {
    const optOut = out(NIGHT - 1000);
    expect(judge({ answerTo, optOut, nowMs: NIGHT })).toMatchObject({ code: 'opted-out' });
    const confirms = { receivedAt: NIGHT - 1000, confirmsOptOut: true };
    expect(judge({ answerTo: confirms, optOut, nowMs: NIGHT })).toEqual({ verdict: 'send' });
    expect(judge({ answerTo: confirms, optOut, nowMs: NIGHT + 6 * 60_000 })).toMatchObject({
      verdict: 'refuse',
    });
    expect(judge({ answerTo: confirms, optOut: out(1), nowMs: NIGHT })).toMatchObject({ code: 'opted-out' });
  });
});

describe('consents', () => {
  it('allow START only where one stands for the number', () => {
    expect(mayOptIn([], NUMBER)).toBe(false);
    expect(mayOptIn([consent('texts')], NUMBER)).toBe(true);
    expect(mayOptIn([consent('texts', { phone: '+15550100002' })], NUMBER)).toBe(false);
    expect(mayOptIn([consent('proxy')], NUMBER)).toBe(false);
    const revoked = { at: 2, how: 'text' as const, by: account('sms') };
    expect(mayOptIn([consent('texts', { revoked })], NUMBER)).toBe(false);
  });

  it('are found by purpose', () => {
    expect(findConsent([consent('texts'), consent('outreach')], 'outreach', NUMBER)?.purpose).toBe(
      'outreach',
    );
    expect(findConsent([consent('texts', { phone: null })], 'texts', NUMBER)).not.toBeNull();
  });
});
