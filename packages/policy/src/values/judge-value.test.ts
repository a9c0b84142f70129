import type { AccountId } from '@baton/kernel';
import type { CheckInAlert, Consent, Enrolment, Job, OptOut, Reach, SignOff, TextOrder } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { judgeValue, type OrgValue, type ValueAuthor, type ValueBefore } from '../index.ts';

const id = (letter: string): AccountId => `a_${letter.repeat(22)}` as AccountId;
const author = (letter: string, more: Partial<ValueAuthor>): ValueAuthor => ({
  account: id(letter),
  dk: new Uint8Array(32),
  kind: 'user',
  jobs: [],
  program: null,
  ...more,
});
const person = (letter: string, job: Job): ValueAuthor => author(letter, { jobs: [job] });
const agent = (letter: string, program: string): ValueAuthor =>
  author(letter, { kind: 'agent', jobs: ['agent'], program });

const NURSE = person('N', 'nurse');
const DOCTOR = person('D', 'physician');
const DESK = person('F', 'front-desk');
const SMS = agent('S', 'sms');
const CHECKS = agent('C', 'check-ins');
const FEED = agent('H', 'hl7v2');

const verdict = (value: OrgValue | null, by: ValueAuthor, before: ValueBefore | null | 'unknown' = null) =>
  judgeValue({ value, author: by, before });
const after = (value: unknown, firm = true): ValueBefore => ({ value: value as OrgValue, firm });
const FIRM = { firm: true };
const OPEN = { firm: false };
const refused = (at: string) => ({ refused: at });

const reach = (more: Partial<Reach> = {}) =>
  ({ t: 'reach', ref: 'Patient/rosa', channel: 'link', phones: [], deceased: false, ...more }) as Reach;

describe('how a patient is reached', () => {
  const dead = reach({ deceased: true });
  const diverted = reach({ deceased: true, channel: 'plain' });

  it('is told by people; a feed says that somebody has died, and nothing else', () => {
    expect(verdict(diverted, DESK, after(reach()))).toEqual(FIRM);
    expect(verdict(dead, FEED, after(reach()))).toEqual(FIRM);
    expect(verdict(diverted, FEED, after(reach()))).toEqual(refused('reach'));
    expect(verdict(reach(), FEED, after(dead))).toEqual(refused('reach'));
    expect(verdict(dead, FEED)).toEqual(refused('reach'));
    expect(verdict(null, FEED, after(reach()))).toEqual(refused('value'));
    expect(verdict(null, DESK, after(reach()))).toEqual(FIRM);
  });

  it('is at worst that of somebody who died, where a feed’s word is the first that is here', () => {
    expect(verdict(dead, FEED, 'unknown')).toEqual(OPEN);
    expect(verdict(reach(), FEED, 'unknown')).toEqual(refused('reach'));
  });

  it('is no business of any other assistant', () => {
    for (const other of [SMS, CHECKS, agent('R', 'reminders')])
      expect(verdict(dead, other, after(reach()))).toEqual(refused('value'));
  });
});

describe('a consent', () => {
  const given = (by: ValueAuthor, more: Partial<Consent> = {}) =>
    ({
      t: 'consent',
      purpose: 'plain-text',
      given: { at: 1, how: 'phone', by: by.account, warning: 'w1', note: '' },
      revoked: null,
      ...more,
    }) as Consent;
  const revoked = (by: ValueAuthor) => ({ at: 2, how: 'phone' as const, by: by.account });

  it('is written down in one’s own name only', () => {
    expect(verdict(given(NURSE), NURSE)).toEqual(FIRM);
    expect(verdict(given(NURSE), DESK)).toEqual(refused('consent.given.by'));
    expect(verdict(given(NURSE), DESK, 'unknown')).toEqual(refused('consent.given.by'));
    expect(verdict(given(NURSE), FEED)).toEqual(refused('value'));
  });

  it('is revoked in one’s own name, and what was given stays as it was', () => {
    expect(verdict(given(NURSE, { revoked: revoked(DESK) }), DESK, after(given(NURSE)))).toEqual(FIRM);
    expect(verdict(given(NURSE, { revoked: revoked(NURSE) }), DESK, after(given(NURSE)))).toEqual(
      refused('consent.revoked'),
    );
    const wider = given(NURSE, { purpose: 'outreach' });
    expect(verdict(wider, NURSE, after(given(NURSE)))).toEqual(refused('consent.given'));
    const lifted = verdict(given(NURSE), NURSE, after(given(NURSE, { revoked: revoked(DESK) })));
    expect(lifted).toEqual(refused('consent.revoked'));
    expect(verdict(null, NURSE, after(given(NURSE)))).toEqual(refused('value'));
  });

  it('is ended by the texting assistant, and given by the check-in assistant to check-ins only', () => {
    expect(verdict(given(NURSE, { revoked: revoked(SMS) }), SMS, after(given(NURSE)))).toEqual(FIRM);
    expect(verdict(given(SMS), SMS)).toEqual(refused('consent.given'));
    expect(verdict(given(SMS, { revoked: revoked(SMS) }), SMS)).toEqual(refused('consent.given'));
    expect(verdict(given(CHECKS, { purpose: 'check-ins' }), CHECKS)).toEqual(FIRM);
    expect(verdict(given(CHECKS), CHECKS)).toEqual(refused('consent.purpose'));
  });

  it('that is revoked says of who gave it what cannot be seen where only the end is here', () => {
    expect(verdict(given(NURSE, { revoked: revoked(DESK) }), DESK, 'unknown')).toEqual(OPEN);
    expect(verdict(given(NURSE, { revoked: revoked(NURSE) }), DESK, 'unknown')).toEqual(
      refused('consent.revoked.by'),
    );
  });
});

describe('an order for a text', () => {
  const order = (by: ValueAuthor, more: Partial<TextOrder> = {}) =>
    ({
      t: 'order',
      id: 'e',
      text: 'Hi',
      by: by.account,
      urgentBy: null,
      state: 'waiting',
      ...more,
    }) as TextOrder;

  it('is its author’s, and urgent by a clinician’s own word only', () => {
    expect(verdict(order(DESK), DESK)).toEqual(FIRM);
    expect(verdict(order(NURSE), DESK)).toEqual(refused('order.by'));
    expect(verdict(order(NURSE, { urgentBy: NURSE.account }), NURSE)).toEqual(FIRM);
    expect(verdict(order(DESK, { urgentBy: NURSE.account }), DESK)).toEqual(refused('order.urgentBy'));
    expect(verdict(order(DESK, { urgentBy: DESK.account }), DESK)).toEqual(refused('order.urgentBy'));
    expect(verdict(order(FEED), FEED)).toEqual(refused('value'));
  });

  it('has its state from the texting assistant, and nothing else', () => {
    expect(verdict(order(DESK, { state: 'sent' }), SMS, after(order(DESK)))).toEqual(FIRM);
    expect(verdict(order(DESK, { text: 'No' }), SMS, after(order(DESK)))).toEqual(refused('order'));
    expect(verdict(order(SMS), SMS)).toEqual(refused('order'));
    expect(verdict(order(DESK, { state: 'sent' }), SMS, 'unknown')).toEqual(OPEN);
  });
});

describe('an opt-out and a sign-off', () => {
  it('are in one’s own name, and not deleted', () => {
    const out = (by: ValueAuthor, isOut = true) => ({ t: 'optout', by: by.account, out: isOut }) as OptOut;
    const signed = (by: ValueAuthor) => ({ t: 'sign-off', by: by.account }) as SignOff;
    expect(verdict(out(SMS), SMS)).toEqual(FIRM);
    expect(verdict(out(SMS), DESK)).toEqual(refused('optout.by'));
    expect(verdict(out(DESK), DESK)).toEqual(FIRM);
    expect(verdict(out(DESK, false), DESK)).toEqual(refused('optout.out'));
    expect(verdict(out(SMS, false), SMS, after(out(DESK)))).toEqual(FIRM);
    expect(verdict(null, SMS, after(out(SMS)))).toEqual(refused('value'));
    expect(verdict(signed(DOCTOR), DOCTOR)).toEqual(FIRM);
    expect(verdict(signed(DOCTOR), NURSE)).toEqual(refused('sign-off.by'));
    expect(verdict(signed(DESK), DESK)).toEqual(refused('value'));
  });
});

describe('an enrolment', () => {
  const enrolled = (by: ValueAuthor, confirmer: ValueAuthor | null, more: Partial<Enrolment> = {}) =>
    ({
      t: 'enrolment',
      ref: 'Patient/rosa',
      state: 'active',
      createdAt: 1,
      by: by.account,
      regimen: confirmer && { drug: 'capecitabine', version: 1, confirmedBy: confirmer.account },
      ...more,
    }) as Enrolment;
  const doubled = (confirmer: ValueAuthor) =>
    ({ drug: 'capecitabine', version: 2, confirmedBy: confirmer.account }) as Enrolment['regimen'];

  it('is begun in one’s own name, by people', () => {
    expect(verdict(enrolled(NURSE, NURSE), NURSE)).toEqual(FIRM);
    expect(verdict(enrolled(NURSE, null), DESK)).toEqual(refused('enrolment.by'));
    expect(verdict(enrolled(CHECKS, null), CHECKS)).toEqual(refused('enrolment'));
    expect(verdict(enrolled(DESK, DOCTOR), DESK)).toEqual(refused('enrolment.regimen.confirmedBy'));
  });

  it('has doses from its confirmer’s own hand; one without the right leaves them open', () => {
    const before = after(enrolled(NURSE, DOCTOR));
    expect(verdict(enrolled(NURSE, DOCTOR, { regimen: doubled(DOCTOR) }), DOCTOR, before)).toEqual(FIRM);
    expect(verdict(enrolled(NURSE, DOCTOR, { regimen: doubled(DOCTOR) }), DESK, before)).toEqual(
      refused('enrolment.regimen.confirmedBy'),
    );
    expect(verdict(enrolled(NURSE, DESK, { regimen: doubled(DESK) }), DESK, before)).toEqual(OPEN);
    expect(verdict(enrolled(NURSE, null), CHECKS, before)).toEqual(refused('enrolment.regimen'));
  });

  it('may be paused by anybody of the team without a word on the doses', () => {
    const paused = enrolled(NURSE, DOCTOR, { state: 'paused' });
    expect(verdict(paused, DESK, after(enrolled(NURSE, DOCTOR)))).toEqual(FIRM);
    expect(verdict(paused, DESK, after(enrolled(NURSE, DOCTOR), false))).toEqual(OPEN);
    expect(verdict(paused, CHECKS, 'unknown')).toEqual(OPEN);
    expect(verdict(paused, DOCTOR, 'unknown')).toEqual(FIRM);
    // The confirmer writes the same plan again: that is a confirmation.
    expect(verdict(paused, DOCTOR, after(enrolled(NURSE, DOCTOR), false))).toEqual(FIRM);
    const moved = enrolled(DESK, DOCTOR);
    expect(verdict(moved, DESK, after(enrolled(NURSE, DOCTOR)))).toEqual(refused('enrolment.by'));
  });
});

describe('an alert', () => {
  const alert = (act: Partial<NonNullable<CheckInAlert['act']>> | null, band: CheckInAlert['band'] = 'red') =>
    ({
      t: 'alert',
      band,
      act: act && { way: 'call', chosenAt: 1, note: '', doneAt: null, ...act },
    }) as CheckInAlert;

  it('is answered in one’s own name; another may say that it is done', () => {
    expect(verdict(alert(null), CHECKS)).toEqual(FIRM);
    expect(verdict(alert({ by: NURSE.account }), NURSE, after(alert(null)))).toEqual(FIRM);
    expect(verdict(alert({ by: NURSE.account }), DOCTOR, after(alert(null)))).toEqual(
      refused('alert.act.by'),
    );
    const chosen = after(alert({ by: NURSE.account }));
    expect(verdict(alert({ by: NURSE.account, doneAt: 2 }), DOCTOR, chosen)).toEqual(FIRM);
    expect(verdict(alert({ by: NURSE.account, note: 'Fine' }), DOCTOR, chosen)).toEqual(
      refused('alert.act.by'),
    );
    expect(verdict(alert(null), DOCTOR, chosen)).toEqual(refused('alert.act.by'));
    expect(verdict(alert({ by: NURSE.account }), DESK, 'unknown')).toEqual(OPEN);
  });

  it('is a clinician’s to act on where it is red, and nobody’s to make less of', () => {
    const own = (band: CheckInAlert['band']) => alert({ by: DESK.account }, band);
    expect(verdict(own('red'), DESK, after(alert(null)))).toEqual(refused('alert.act'));
    expect(verdict(own('red'), DESK, 'unknown')).toEqual(refused('alert.act'));
    expect(verdict(own('amber'), DESK, after(alert(null, 'amber')))).toEqual(FIRM);
    expect(verdict(own('amber'), DESK, after(alert(null)))).toEqual(refused('alert'));
    const done = alert({ by: NURSE.account, doneAt: 2 });
    expect(verdict(done, DESK, after(alert({ by: NURSE.account })))).toEqual(refused('alert.act'));
    expect(verdict(alert({ by: CHECKS.account }), CHECKS, after(alert(null)))).toEqual(FIRM);
  });
});
