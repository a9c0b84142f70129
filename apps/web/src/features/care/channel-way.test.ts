import type { AgentRow, Chart, Person } from '@baton/client';
import type { AccountId } from '@baton/kernel';
import type { Manifest } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { isTexted, type WayFacts, wayOf } from './channel-way.ts';

type Thread = WayFacts['thread'];

const thread: Thread = { channel: 'link', confidential: false, deceased: false, doNotContact: false };
const mobile = { number: '+16175550123', use: 'mobile' } as const;
const chart = (phones: readonly object[], more: Partial<Chart> = {}): WayFacts['chart'] => ({
  reach: { phones } as unknown as Chart['reach'],
  optedOut: null,
  consentFor: () => null,
  ...more,
});
const way = (of: Partial<Thread>, beside = chart([mobile]), texted = true) =>
  wayOf({ thread: { ...thread, ...of }, chart: beside, isTexted: texted });

const consented = chart([mobile], { consentFor: () => ({}) as ReturnType<Chart['consentFor']> });
const out = chart([mobile], { optedOut: { out: true } as Chart['optedOut'] });

describe('the way of a message to a patient', () => {
  it('is a text only where one goes', () => {
    expect(way({})).toBe('link');
    expect(way({ channel: 'plain' }, consented)).toBe('plain');
    expect(way({ channel: 'plain' })).toBe('no-consent');
    expect(way({ channel: 'none' })).toBe('no-texts');
    expect(way({}, out)).toBe('opted-out');
    expect(way({}, chart([]))).toBe('no-number');
    expect(way({}, chart([{ ...mobile, use: 'home' }]))).toBe('no-number');
  });

  it('is none where the texting assistant is not in the conversation', () => {
    for (const channel of ['link', 'plain'] as const)
      expect(way({ channel }, consented, false)).toBe('no-assistant');
  });

  it('is none in a private conversation, to who has died and to who does not want to be contacted', () => {
    expect(way({ confidential: true })).toBe('private');
    expect(way({ doNotContact: true })).toBe('do-not-contact');
    expect(way({ deceased: true, confidential: true, doNotContact: true })).toBe('deceased');
  });
});

describe('the texting assistant', () => {
  const person = (id: string) => ({ id: id as AccountId }) as Person;
  const row = (id: string, program: string | null) =>
    ({ agent: person(id), manifest: program === null ? null : ({ program } as Manifest) }) as AgentRow;
  const readers = (...ids: string[]) => ({ agents: ids.map((id) => ({ ...person(id), since: null })) });
  const rows = [row('a', 'sms'), row('b', 'triage'), row('c', null)];

  it('is known by its program, among the readers only', () => {
    expect(isTexted(readers('a', 'b'), rows)).toBe(true);
    expect(isTexted(readers('b'), rows)).toBe(false);
    expect(isTexted(readers(), rows)).toBe(false);
    expect(isTexted(readers('a'), [])).toBe(false);
  });

  it('may be who is not known yet', () => {
    expect(isTexted(readers('c'), rows)).toBe(true);
  });
});
