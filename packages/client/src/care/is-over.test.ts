import type { Consent } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { idOf } from '../fixtures/ids.ts';
import { isOver } from './is-over.ts';

const CONSENT = idOf('event', 1);
const person = { ended: false, until: null, consent: CONSENT };
const record = (revoked: Consent['revoked']): Consent => ({
  t: 'consent',
  id: CONSENT,
  ref: 'Patient/1',
  purpose: 'proxy',
  phone: null,
  given: { at: 1, how: 'paper', by: idOf('account', 1), warning: null, note: '' },
  revoked,
});
const over = (who: Parameters<typeof isOver>[0], consent: Consent | null = record(null)): boolean =>
  isOver(who, { nowMs: 100, consentOf: (id) => (id === CONSENT ? consent : null) });

describe('the right of one who speaks for a patient', () => {
  it('ends by hand, with its time, and with the consent that it rests on', () => {
    expect(over(person)).toBe(false);
    expect(over({ ...person, ended: true })).toBe(true);
    expect(over({ ...person, until: 100 })).toBe(true);
    expect(over({ ...person, until: 101 })).toBe(false);
    expect(over(person, record({ at: 50, how: 'phone', by: idOf('account', 1) }))).toBe(true);
  });

  it('does not end because a record has not arrived here, or is another’s', () => {
    const revoked = record({ at: 50, how: 'phone', by: idOf('account', 1) });
    expect(over(person, null)).toBe(false);
    expect(over({ ...person, consent: null }, revoked)).toBe(false);
    expect(over({ ...person, consent: idOf('event', 2) }, revoked)).toBe(false);
  });
});
