import type { Reach } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { addressesHere } from './people-here.ts';
import { arrangePhones, guessTextNumber, numbersForConsent, otherNumbers } from './text-numbers.ts';

const HOME = '+16175550100';
const MOBILE = '+16175550101';
const NEW = '+16175550102';
const phones: Reach['phones'] = [
  { number: HOME, use: 'home' },
  { number: MOBILE, use: 'mobile' },
];
const chart = { reach: { phones, emails: [] } as unknown as Reach, textNumber: MOBILE };

describe('the number that texts go to', () => {
  it('is the one that a consent is recorded for and a link is sent to, wherever it stands in the list', () => {
    expect(numbersForConsent(chart)).toEqual([MOBILE, HOME]);
    expect(addressesHere(chart, { confidential: false }).text).toBe(MOBILE);
  });

  it('is none where no number is mobile: a landline is never taken for one by itself', () => {
    const landline = {
      reach: { phones: phones.slice(0, 1), emails: [] } as unknown as Reach,
      textNumber: null,
    };
    expect(addressesHere(landline, { confidential: false }).text).toBe('');
    expect(otherNumbers(landline)).toEqual([HOME]);
    expect(numbersForConsent(landline)).toEqual([HOME]);
    expect(numbersForConsent({ reach: null, textNumber: null })).toEqual([]);
  });

  it('stays what it was while numbers are typed, and is the one that is chosen', () => {
    expect(guessTextNumber([HOME, MOBILE], phones)).toBe(MOBILE);
    expect(guessTextNumber([HOME], phones)).toBeNull();
    expect(guessTextNumber([HOME, NEW], phones)).toBe(NEW);
    expect(arrangePhones([HOME, MOBILE], HOME, phones)).toEqual([
      { number: HOME, use: 'mobile' },
      { number: MOBILE, use: 'mobile' },
    ]);
    expect(arrangePhones([HOME, MOBILE], MOBILE, phones)).toEqual([
      { number: MOBILE, use: 'mobile' },
      { number: HOME, use: 'home' },
    ]);
    expect(arrangePhones([HOME, MOBILE], null, phones)).toEqual([
      { number: HOME, use: 'home' },
      { number: MOBILE, use: 'home' },
    ]);
  });
});
