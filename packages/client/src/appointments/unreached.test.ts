import { describe, expect, it } from 'vitest';
import type { Reach } from '@baton/wire';
import { reachWith } from '../care/fixtures/practice.ts';
import { unreachedBy } from './unreached.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const why = (
  change: Partial<Reach>,
  {
    consents = [],
    out = false,
    visit = {},
  }: {
    readonly consents?: readonly string[];
    readonly out?: boolean;
    readonly visit?: { readonly shareable?: boolean };
  } = {},
) =>
  unreachedBy(visit, {
    chart: {
      reach: reachWith(change),
      optedOut: out ? ({ out: true } as never) : null,
      consentFor: (purpose) => (consents.includes(purpose) ? ({} as never) : null),
    },
    texting: { confidentialFromAge: 13 },
    nowMs: NOW,
  });
const person = (relation: 'self' | 'parent'): Reach['people'][number] => ({
  account: 'a_one' as never,
  relation,
  name: 'Rosa',
  until: null,
  consent: null,
  invitation: null,
  ended: false,
});

describe('whom reminders do not reach', () => {
  it('is told to staff with why', () => {
    expect(why({ channel: 'plain' })).toBeNull();
    expect(why({ channel: 'link' })).toBe('notice-only');
    expect(why({ channel: 'link' }, { consents: ['reminders'] })).toBeNull();
    expect(why({ channel: 'link', people: [person('self')] })).toBeNull();
    expect(why({ channel: 'none' })).toBe('nowhere');
    expect(why({ channel: 'plain', phones: [] })).toBe('nowhere');
    expect(why({ channel: 'plain' }, { out: true })).toBe('opted-out');
    expect(why({ channel: 'plain', doNotContact: true })).toBe('do-not-contact');
    expect(why({ channel: 'plain', deceased: true, conversation: null })).toBe('deceased');
    expect(why({ channel: 'plain', conversation: null })).toBe('no-conversation');
  });

  it('is a patient of the age of privacy without a conversation of their own, until the visit may be known', () => {
    const teen: Partial<Reach> = { birthDate: '2011-01-01', channel: 'plain', people: [person('parent')] };
    expect(why(teen)).toBe('private');
    expect(why(teen, { visit: { shareable: true } })).toBeNull();
    // A parent's page is not the patient's.
    expect(why({ ...teen, confidential: 'c_own' as never })).toBe('private');
    expect(why({ ...teen, confidential: 'c_own' as never, people: [person('self')] })).toBeNull();
    expect(why({ ...teen, birthDate: '2005-01-01' })).toBeNull();
  });
});
