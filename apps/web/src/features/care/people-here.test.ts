import type { Chart, ChartPerson } from '@baton/client';
import { type ConversationId, makeId } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { addressesHere, isAnybodyLeft, isElsewhere, listPeopleHere, relationsHere } from './people-here.ts';

const idAt = <K extends 'account' | 'conversation'>(kind: K, number: number) =>
  makeId(kind, new Uint8Array(16).fill(number));
const SHARED: ConversationId = idAt('conversation', 1);
const OWN: ConversationId = idAt('conversation', 2);
const shared = { conversation: SHARED, confidential: false };
const own = { conversation: OWN, confidential: true };

const person = (more: Partial<ChartPerson>): ChartPerson => ({
  account: idAt('account', 1),
  relation: 'self',
  name: 'Tia Young',
  until: null,
  state: 'joined',
  triesLeft: null,
  secondClaim: false,
  keysChangedAt: null,
  conversations: [SHARED],
  ...more,
});
const tia = person({});
const ana = person({ relation: 'parent', name: 'Ana Young', account: idAt('account', 2) });

describe('the patient’s side of an adolescent’s own conversation', () => {
  it('has the patient alone, and nobody else can be invited', () => {
    expect(listPeopleHere([tia, ana], own)).toEqual([tia]);
    expect(listPeopleHere([tia, ana], shared)).toEqual([tia, ana]);
    expect(relationsHere(own)).toEqual(['self']);
    expect(relationsHere(shared)).toContain('parent');
  });

  it('is open to a patient who has joined the shared one, without another invitation', () => {
    expect(isElsewhere(tia, own)).toBe(true);
    expect(isElsewhere(tia, shared)).toBe(false);
    expect(isElsewhere(person({ conversations: [SHARED, OWN] }), own)).toBe(false);
    expect(isElsewhere(person({ state: 'invited' }), own)).toBe(false);
    expect(isAnybodyLeft([tia, ana], own)).toBe(false);
    expect(isAnybodyLeft([person({ state: 'ended' }), ana], own)).toBe(true);
    expect(isAnybodyLeft([tia, ana], shared)).toBe(true);
  });

  it('is not offered by the number on file, which may be a parent’s', () => {
    const reach = { emails: ['ana@example.org'] } as unknown as Chart['reach'];
    const chart = { reach, textNumber: '+16175550101' };
    expect(addressesHere(chart, own)).toEqual({ text: '', email: '', hand: '' });
    expect(addressesHere(chart, shared)).toMatchObject({ text: '+16175550101', email: 'ana@example.org' });
  });
});
