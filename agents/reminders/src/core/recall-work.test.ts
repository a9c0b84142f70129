import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ANA, DeskRun, NOW, ROSA, VISIT } from '../fixtures/desk-run.ts';
import { DAY, NURSE, reach, SERVICE, slot, visit } from '../fixtures/virtual-practice.ts';

let run: DeskRun;
let practice: DeskRun['practice'];

beforeEach(() => {
  run = new DeskRun();
  practice = run.practice;
});
afterEach(() => run.stop());

describe('a recall', () => {
  const recall = {
    t: 'recall' as const,
    id: 'r',
    name: 'Yearly',
    service: SERVICE,
    overdueDays: 300,
    text: { en: 'Hi {given}. It is time for your visit. Reply R for a time or X.', es: 'Hola {given}.' },
    perDay: 2,
    state: 'running' as const,
    by: NURSE,
    createdAt: 0,
    reached: [],
  };
  const consent = (ref: string, index: number) =>
    ({
      t: 'consent',
      id: `e_${'ABCDEFG'[index]}AAAAAAAAAAAAAAAAAAAAA` as never,
      ref,
      purpose: 'outreach',
      phone: null,
      given: { at: 1, how: 'in-person', by: NURSE, warning: null, note: '' },
      revoked: null,
    }) as const;

  it('reaches a few each day of those who are overdue, with a consent, and ends', async () => {
    const names = ['rosa', 'ana', 'ida', 'joe', 'kay'];
    for (const [index, name] of names.entries()) {
      practice.putTexting(reach(name));
      if (name !== 'kay') practice.putTexting(consent(`Patient/${name}`, index));
      practice.put(
        visit(`old-${name}`, `Patient/${name}`, NOW - (400 + index) * DAY, { status: 'fulfilled' }),
      );
    }
    practice.put(visit('new-joe', 'Patient/joe', NOW + 30 * DAY), slot('a', VISIT), recall);
    await run.start();
    expect(practice.sent.map(({ conv, at }) => [conv, at])).toHaveLength(2);
    expect(practice.get('recall', 'r').reached.map(({ ref, outcome }) => [ref, outcome])).toEqual([
      ['Patient/kay', 'refused'],
      ['Patient/ida', 'sent'],
      [ANA, 'sent'],
    ]);
    expect(await run.say(ANA, 'R')).toBe('done');
    expect(await run.say(ANA, '1')).toBe('done');
    expect(await run.say('Patient/ida', 'X')).toBe('done');
    await practice.time.pass(DAY);
    expect(practice.sentTo(ROSA)).toHaveLength(1);
    expect(practice.sentTo('Patient/joe')).toEqual([]);
    await practice.time.pass(DAY);
    expect(practice.get('recall', 'r')).toMatchObject({
      state: 'done',
      reached: [{ outcome: 'refused' }, { outcome: 'declined' }, { outcome: 'booked' }, { outcome: 'sent' }],
    });
  });
});
