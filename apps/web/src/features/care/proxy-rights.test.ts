import type { Chart } from '@baton/client';
import { makeId } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { dayOf, endOfDay, findProxyConsent, namesBy } from './proxy-rights.ts';

const idAt = <K extends 'account' | 'event'>(kind: K, number: number) =>
  makeId(kind, new Uint8Array(16).fill(number));
const [ANA, BO] = [idAt('account', 1), idAt('account', 2)];
const [FOR_ANA, REVOKED] = [idAt('event', 1), idAt('event', 2)];

const chart = {
  reach: {
    people: [
      { account: ANA, name: 'Ana', consent: FOR_ANA, ended: false },
      { account: BO, name: 'Bo', consent: REVOKED, ended: false },
    ],
  },
  consents: [
    { id: REVOKED, purpose: 'proxy', revoked: { at: 1 } },
    { id: FOR_ANA, purpose: 'proxy', revoked: null },
  ],
} as unknown as Pick<Chart, 'reach' | 'consents'>;

describe('the consent of one who speaks for the patient', () => {
  it('is their own: a second person does not come in by the first one’s', () => {
    expect(findProxyConsent(chart, ANA)).toBe(FOR_ANA);
    expect(findProxyConsent(chart, idAt('account', 3))).toBeNull();
    expect(findProxyConsent(chart, BO)).toBeNull();
  });

  it('says whose access ends with it', () => {
    expect(namesBy(chart, FOR_ANA)).toEqual(['Ana']);
    expect(namesBy(chart, idAt('event', 9))).toEqual([]);
  });
});

describe('the end of a right', () => {
  it('stands in the field when somebody is invited again, and stays as it was where nobody changes it', () => {
    const before = new Date(2027, 2, 9, 15, 30, 12).getTime();
    expect(dayOf(before)).toBe('2027-03-09');
    expect(endOfDay(dayOf(before), before)).toBe(before);
    expect(endOfDay('2027-03-10', before)).toBe(new Date(2027, 2, 10, 23, 59, 59).getTime());
    expect(endOfDay('', before)).toBeNull();
    expect(endOfDay('2027-03-10', null)).toBe(new Date(2027, 2, 10, 23, 59, 59).getTime());
  });
});
