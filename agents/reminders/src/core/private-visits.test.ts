import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ANA, DeskRun, NOW, VISIT } from '../fixtures/desk-run.ts';
import {
  convOf,
  DAY,
  MINUTE,
  NURSE,
  reach,
  slot,
  TEXTING,
  visit,
  waiting,
} from '../fixtures/virtual-practice.ts';

const OWN = convOf('Patient/ana-own');
const self = {
  account: NURSE,
  relation: 'self',
  name: 'Ana',
  until: null,
  consent: null,
  invitation: null,
  ended: false,
} as const;
/** Fourteen, with a parent who reads, and a telephone that may be the parent's. */
const TEEN = reach('ana', {
  birthDate: '2012-05-05',
  confidential: OWN,
  people: [self, { ...self, relation: 'parent', name: 'Eva' }],
});

let run: DeskRun;
let practice: DeskRun['practice'];

beforeEach(() => {
  run = new DeskRun();
  practice = run.practice;
  practice.putTexting({ ...TEXTING, confidentialFromAge: 12 }, TEEN);
});
afterEach(() => run.stop());

const toThreeDays = () => practice.time.pass(VISIT - 3 * DAY - NOW + MINUTE);
const said = () => practice.sent.map(({ conv, prompt }) => [conv, prompt.about]);

describe('visits of a patient of the age of privacy', () => {
  it('are spoken of in the patient’s own conversation, each apart from what a parent may know', async () => {
    practice.put(visit('own', ANA, VISIT), visit('known', ANA, VISIT + DAY / 8, { shareable: true }));
    await run.start();
    await toThreeDays();
    await practice.time.pass(DAY / 8);
    expect(said()).toEqual([
      [OWN, 'own'],
      [convOf(ANA), 'known'],
    ]);
    const [first] = practice.sent;
    if (!first) throw new Error('nothing was said');
    expect(await run.desk.take(practice.answer(first, 'C'))).toBe('done');
    expect(practice.get('appointment', 'own').answer.state).toBe('confirmed');
    expect(practice.sent.at(-1)).toMatchObject({ conv: OWN, prompt: { step: 'said-confirmed' } });
  });

  it('are not spoken of where there is none, until staff say that the visit may be known', async () => {
    practice.putTexting({ ...TEEN, confidential: null });
    practice.put(visit('own', ANA, VISIT));
    await run.start();
    await toThreeDays();
    expect(said()).toEqual([]);
    practice.put({ ...practice.get('appointment', 'own'), shareable: true });
    await practice.time.pass(0);
    expect(said()).toEqual([[convOf(ANA), 'own']]);
  });

  it('are not offered from the waitlist where a parent reads', async () => {
    practice.putTexting({ ...TEEN, confidential: null });
    practice.put(waiting('w', ANA), slot('s', VISIT));
    await run.start();
    expect(said()).toEqual([]);
    practice.putTexting(TEEN);
    await practice.time.pass(5 * MINUTE);
    practice.put(slot('t', VISIT));
    await practice.time.pass(0);
    expect(practice.sent[0]?.conv).toBe(OWN);
  });

  it('are as everybody’s where the practice has not decided, and for who is older or younger', async () => {
    practice.putTexting(
      reach('rosa', { birthDate: '1990-01-01' }),
      reach('ben', { birthDate: '2019-01-01' }),
    );
    practice.put(visit('v', 'Patient/rosa', VISIT), visit('w', 'Patient/ben', VISIT), visit('x', ANA, VISIT));
    practice.putTexting({ ...TEXTING, confidentialFromAge: null });
    await run.start();
    await toThreeDays();
    expect(said()).toEqual([
      [convOf('Patient/rosa'), 'v'],
      [convOf('Patient/ben'), 'w'],
      [convOf(ANA), 'x'],
    ]);
  });
});
