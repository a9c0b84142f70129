import type { AccountId, TimestampMs } from '@baton/kernel';
import type { Consent, DeskTemplate } from '@baton/wire';
import { contentSchema, textingSettingsSchema, textingValueSchema } from '@baton/wire';
import { type BatonFacts, defaultLadders, defaultPolicy } from '@baton/policy';
import { describe, expect, it } from 'vitest';
import { idOf } from '../fixtures/ids.ts';
import { findConsent, findOptOut, textNumberOf } from './chart-view.ts';
import { fillTemplate } from './fill-template.ts';
import { QUEUE, reachWith, recordWith, settingsWith, TEAM } from './fixtures/practice.ts';
import { requireConfidential, requireContact } from './may-contact.ts';
import { newReach, toE164 } from './new-reach.ts';
import { isSameCard, makePracticeCard } from './practice-card.ts';
import { routeOf } from './routing.ts';
import { suggestSettings } from './suggest-settings.ts';

const SUPERVISOR = idOf('role', 7);
const DUTY = idOf('role', 8);
const NOW = Date.UTC(2026, 10, 22, 15);

const facts = {
  supervisor: () => SUPERVISOR,
  memberOf: (owner: string) => (owner === QUEUE ? TEAM : owner),
  boxKeyGen: () => 1,
  unitOf: () => null,
  ladder: (contract: 'reply' | 'stat') => ({
    ...defaultLadders()[contract],
    steps: [{ from: 'open', afterMs: 1000, target: contract === 'stat' ? DUTY : idOf('account', 3) }],
  }),
  target: (target: string) => (target === 'supervisor' ? SUPERVISOR : target),
  holders: () => [],
  opens: () => true,
} as unknown as BatonFacts;

describe('what texting starts with', () => {
  it('fits its form, and invents no time that only the site can decide', () => {
    const policy = { ...defaultPolicy(SUPERVISOR), replyWithinMs: [7_200_000], callback: '617 555 0100' };
    const settings = suggestSettings({
      orgName: 'Harbor',
      policy,
      timeZone: 'America/New_York',
      askTo: QUEUE,
      team: [TEAM],
    });
    expect(textingSettingsSchema.safeParse(settings).success).toBe(true);
    expect(settings).toMatchObject({
      withinMs: 7_200_000,
      urgentWithinMs: policy.statWithinMs,
      phone: '617 555 0100',
      // 47 CFR 64.1200 (c)(1) and (a)(9)(iv).
      quiet: { from: 480, until: 1260 },
      cap: { perDay: 1, perWeek: 3 },
      remindAfterMin: [5, 60],
      hours: [],
      confidentialFromAge: null,
      resultOpenDays: 0,
      replyTime: { en: expect.stringContaining('2 hours') as string },
    });
  });
});

describe('how a patient is reached', () => {
  it('is taken from the registry: texts go only to what is said to be mobile', () => {
    const record = recordWith({
      language: 'es-MX',
      telecom: [
        { system: 'phone', value: '(617) 555-0100', use: 'home' },
        { system: 'phone', value: '617-555-0101', use: 'mobile' },
        { system: 'phone', value: '+44 20 7946 0018', use: 'work' },
        { system: 'phone', value: '555-0199', use: 'mobile' },
        { system: 'email', value: 'rosa@example.com', use: null },
      ],
    });
    const reach = newReach('Patient/1', record, settingsWith());
    expect(textingValueSchema.safeParse(reach).success).toBe(true);
    expect(reach).toMatchObject({
      name: 'Rosa Martinez',
      language: 'es',
      channel: 'link',
      timeZone: 'America/New_York',
      emails: ['rosa@example.com'],
      phones: [
        { number: '+16175550100', use: 'home' },
        { number: '+16175550101', use: 'mobile' },
        { number: '+442079460018', use: 'work' },
      ],
    });
    const [home] = record.telecom;
    expect(newReach('Patient/1', recordWith({ telecom: [home!] }), settingsWith()).channel).toBe('none');
    expect(newReach('Patient/2', null, settingsWith())).toMatchObject({ name: 'Patient/2', phones: [] });
    expect(newReach('Patient/1', recordWith({ deceased: true }), settingsWith()).deceased).toBe(true);
  });

  it.each([
    ['(617) 555-0101', '+16175550101'],
    ['1-617-555-0101', '+16175550101'],
    ['+1 617 555 0101', '+16175550101'],
    ['+44 20 7946 0018', '+442079460018'],
    ['555-0101', null],
    ['+0123456789', null],
    ['911', null],
    ['', null],
  ])('reads %s as a number', (text, number) => {
    expect(toE164(text)).toBe(number);
  });
});

describe('the practice card', () => {
  const card = (more: Partial<Parameters<typeof makePracticeCard>[0]> = {}) =>
    makePracticeCard({
      settings: settingsWith(),
      reach: reachWith(),
      record: null,
      facts,
      nowMs: NOW,
      ...more,
    });

  it('says whom a message is owed by, for each topic, and is boxed to the roles of their ladders alone', () => {
    const routes = [{ topic: 'bill', location: null, practitioner: null, to: DUTY }];
    const made = card({ settings: settingsWith({ routes, hours: [{ day: 1, from: 480, to: 1440 }] }) });
    expect(contentSchema.safeParse(made).success).toBe(true);
    expect(made).toMatchObject({ about: 'Rosa', askTo: QUEUE, urgentTo: QUEUE });
    expect(made.topics.map(({ id, askTo }) => [id, askTo])).toEqual([
      ['appointment', null],
      ['medicine', null],
      ['result', null],
      ['bill', DUTY],
      ['other', null],
    ]);
    expect(made.boxTo).toEqual([TEAM, DUTY, SUPERVISOR]);
    expect(made.hours.open).toEqual([{ day: 1, from: 480, to: 1440 }]);
  });

  it('is written anew only where it says something else', () => {
    expect(isSameCard(card(), card())).toBe(true);
    expect(isSameCard(card(), card({ settings: settingsWith({ phone: '1' }) }))).toBe(false);
  });
});

describe('routing', () => {
  const to = (number: number) => idOf('role', number);
  const rule = (parts: { topic?: string; practitioner?: string; location?: string }, number: number) => ({
    topic: null,
    location: null,
    practitioner: null,
    ...parts,
    to: to(number),
  });
  const practitioners = [
    { ref: 'Practitioner/1', name: 'Dr. Hill' },
    { ref: 'Practitioner/2', name: 'Dr. Chen' },
  ];

  it('goes by topic and by any of the patient’s practitioners, by name or reference, else to the default', () => {
    const settings = settingsWith({
      routes: [
        rule({ topic: 'bill' }, 20),
        rule({ practitioner: 'Dr. Chen' }, 21),
        rule({ location: 'North' }, 22),
      ],
    });
    expect(routeOf(settings, null, 'bill')).toBe(to(20));
    expect(routeOf(settings, { practitioners }, 'result')).toBe(to(21));
    expect(routeOf(settings, { practitioners: practitioners.slice(0, 1) }, 'result')).toBe(QUEUE);
    expect(routeOf(settings, null, null)).toBe(QUEUE);
    const byReference = settingsWith({ routes: [rule({ practitioner: 'Practitioner/1' }, 23)] });
    expect(routeOf(byReference, { practitioners }, null)).toBe(to(23));
  });
});

describe('consent', () => {
  const consent = (number: number, more: Partial<Consent> = {}): Consent => ({
    t: 'consent',
    id: idOf('event', number),
    ref: 'Patient/1',
    purpose: 'texts',
    phone: null,
    given: { at: number, how: 'phone', by: idOf('account', 1), warning: null, note: '' },
    revoked: null,
    ...more,
  });
  const revoked = { at: 9, how: 'text' as const, by: idOf('account', 1) };

  it('is the newest for the purpose that nobody revoked, for this number or any', () => {
    const [newest, older] = [consent(2), consent(1)];
    expect(findConsent([newest, older], 'texts', '+1')).toBe(newest);
    expect(findConsent([{ ...newest, revoked }, older], 'texts', '+1')).toBe(older);
    expect(findConsent([{ ...newest, phone: '+2' }], 'texts', '+1')).toBeNull();
    expect(findConsent([{ ...newest, phone: '+1' }], 'texts', '+1')).not.toBeNull();
    expect(findConsent([newest], 'reminders', '+1')).toBeNull();
  });

  it('is asked for the number that texts go to: the first mobile one, wherever it stands', () => {
    const home = { number: '+16175550100', use: 'home' as const };
    const mobile = { number: '+16175550101', use: 'mobile' as const };
    const number = textNumberOf(reachWith({ phones: [home, mobile] }));
    expect(number).toBe(mobile.number);
    expect(textNumberOf(reachWith({ phones: [home] }))).toBeNull();
    expect(textNumberOf(null)).toBeNull();
    expect(findConsent([consent(1, { phone: home.number })], 'texts', number)).toBeNull();
    expect(findConsent([consent(1, { phone: number })], 'texts', number)).not.toBeNull();
  });

  it('does not stand against an opt-out of the number that texts go to', () => {
    const out = (number: string, isOut = true) => ({
      t: 'optout' as const,
      number,
      out: isOut,
      at: 1,
      words: 'STOP',
      by: idOf('account', 1) as AccountId,
    });
    expect(findOptOut(reachWith(), (number) => out(number))).not.toBeNull();
    expect(findOptOut(reachWith(), (number) => out(number, false))).toBeNull();
    expect(findOptOut(reachWith({ phones: [{ number: '+16175550101', use: 'home' }] }), out)).toBeNull();
  });
});

describe('who may be written to', () => {
  const refusal = (act: () => void) => {
    try {
      act();
    } catch (error) {
      return (error as { at: string }).at;
    }
    return null;
  };

  it('is nobody who has died, and nobody who is not to be contacted', () => {
    expect(refusal(() => requireContact(reachWith(), recordWith()))).toBeNull();
    expect(refusal(() => requireContact(reachWith({ doNotContact: true }), null))).toBe(
      'patient.doNotContact',
    );
    expect(refusal(() => requireContact(reachWith(), recordWith({ deceased: '2026-01-01' })))).toBe(
      'patient.deceased',
    );
  });

  it('is somebody of age for a conversation of their own, by the practice’s decision', () => {
    const check = (birthDate: string | null, confidentialFromAge: number | null, nowMs: TimestampMs = NOW) =>
      refusal(() => requireConfidential({ birthDate }, settingsWith({ confidentialFromAge }), nowMs));
    expect(check('2012-11-22', 14)).toBeNull();
    expect(check('2012-11-23', 14)).toBe('patient.confidential');
    expect(check(null, 14)).toBe('patient.confidential');
    expect(check('1990-01-01', null)).toBe('patient.confidential');
  });
});

describe('a template', () => {
  const template: DeskTemplate = {
    t: 'template',
    id: idOf('event', 1),
    kind: 'message',
    name: 'All',
    text: {
      en: '{patient} {practice} {phone} {provider} {date} {other} {{patient}}',
      es: '{date}',
    },
    active: true,
  };

  it('is filled with what is known, and shows what is not', () => {
    const from = { reach: reachWith(), record: null, settings: settingsWith({ phone: '' }), nowMs: NOW };
    expect(fillTemplate(template, 'en', from)).toBe(
      'Rosa Harbor Family Practice {phone} {provider} November 22, 2026 {other} {Rosa}',
    );
    expect(fillTemplate(template, 'es', from)).toBe('22 de noviembre de 2026');
    const nowhere = { ...from, reach: reachWith({ timeZone: 'Mars/North' }) };
    expect(fillTemplate(template, 'es', nowhere)).toBe('22 de noviembre de 2026');
    // The patient's own day.
    const late = { ...from, nowMs: Date.UTC(2026, 10, 23, 2) };
    expect(fillTemplate(template, 'es', late)).toBe('22 de noviembre de 2026');
  });
});
