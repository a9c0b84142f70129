import type { RecordBody } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { daily, makeDutyOrg, save } from '../fixtures/duty-scene.ts';
import { account, named, role } from '../fixtures/organisation.ts';
import { createBatonFacts, emptyRecordBook } from '../index.ts';

const duty = makeDutyOrg({ 'on-call': ['ana'], charge: ['ben'], supervisor: ['nurse'] });
const unit: RecordBody = {
  kind: 'unit',
  unit: named('unit', 'west'),
  name: '4 West',
  backup: null,
  charge: role('charge'),
  ladders: { reply: null, talk: null, stat: null },
  callback: null,
  showSender: { reply: false, talk: false, stat: true },
  active: true,
};
const NOON = Date.UTC(2027, 0, 4, 12);
const NIGHT = Date.UTC(2027, 0, 4, 22);

describe('who is in charge of a role', () => {
  it('is on duty in the charge role of its unit, at that moment', () => {
    const book = save(save(emptyRecordBook(), unit), daily(role('charge'), 'UTC', [['ben', 7, 19]]));
    const facts = createBatonFacts(book, duty);
    expect(facts.inChargeOf(account('ben'), role('on-call'), NOON)).toBe(true);
    expect(facts.inChargeOf(account('ben'), role('on-call'), NIGHT)).toBe(false);
    expect(facts.inChargeOf(account('ana'), role('on-call'), NOON)).toBe(false);
    expect(facts.inChargeOf(account('ben'), role('supervisor'), NOON), 'of no unit').toBe(false);
    expect(facts.inChargeOf(account('ben'), role('unknown'), NOON)).toBe(false);
  });

  it('is nobody where the unit names no charge role, or is not in use', () => {
    for (const changed of [
      { ...unit, charge: null },
      { ...unit, active: false },
    ]) {
      const facts = createBatonFacts(save(emptyRecordBook(), changed), duty);
      expect(facts.inChargeOf(account('ben'), role('on-call'), NOON)).toBe(false);
    }
  });
});
