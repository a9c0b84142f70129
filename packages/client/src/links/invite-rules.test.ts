import type { Reach } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { reachWith } from '../care/fixtures/practice.ts';
import { idOf } from '../fixtures/ids.ts';
import { requireInvitable } from './invite-rules.ts';

const [ANA, BO] = [idOf('account', 1), idOf('account', 2)] as const;
const CONSENT = idOf('event', 1);
const person = (account: string, ended = false): Reach['people'][number] => ({
  account: account as typeof ANA,
  relation: 'parent',
  name: 'A parent',
  until: null,
  consent: CONSENT,
  invitation: null,
  ended,
});

function inviting(account: string | null, people: Reach['people'], revoked = false): void {
  const by = { at: 2, how: 'phone', by: ANA } as const;
  requireInvitable(
    {
      ref: 'Patient/1',
      relation: 'parent',
      name: 'A parent',
      consent: CONSENT,
      confidential: false,
      until: null,
    },
    {
      reach: reachWith({ people }),
      consents: [
        {
          t: 'consent',
          id: CONSENT,
          ref: 'Patient/1',
          purpose: 'proxy',
          phone: null,
          given: { at: 1, how: 'paper', by: ANA, warning: null, note: '' },
          revoked: revoked ? by : null,
        },
      ],
      account: account as typeof ANA | null,
      nowMs: 10,
    },
  );
}
const REFUSED = { code: 'policy.forbidden', at: 'invite.consent' };
const thrown = (act: () => void): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  return null;
};

describe('the consent by which somebody comes in', () => {
  it('is nobody else’s', () => {
    expect(thrown(() => inviting(null, [person(ANA)]))).toMatchObject(REFUSED);
    expect(thrown(() => inviting(BO, [person(ANA)]))).toMatchObject(REFUSED);
    expect(thrown(() => inviting(BO, []))).toBeNull();
  });

  it('renews what one has by it already, although a record of old let two in', () => {
    for (const account of [ANA, BO])
      expect(thrown(() => inviting(account, [person(ANA), person(BO)]))).toBeNull();
    expect(thrown(() => inviting(ANA, [person(ANA), person(BO)], true))).toMatchObject(REFUSED);
  });

  it('is not kept by one whose access has ended', () => {
    expect(thrown(() => inviting(BO, [person(ANA, true)]))).toBeNull();
  });
});
