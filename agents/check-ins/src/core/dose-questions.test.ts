import type { Enrolment } from '@baton/wire';
import { beforeEach, describe, expect, it } from 'vitest';
import { HOUR, NINE, OnePatient, protocolOf, REF } from '../fixtures/one-patient.ts';
import { Killed } from '../fixtures/simulated-world.ts';

// What was decided to be said about tablets is looked at once more when it is said: the plan may have become another meanwhile.

const CAPECITABINE = protocolOf('capecitabine-monotherapy');
const MORNING = NINE + 24 * HOUR;

let one: OnePatient;
let id: Enrolment['id'];

/** The question of the morning is decided and written down, and the process is killed before it is said. */
beforeEach(async () => {
  one = new OnePatient();
  ({ id } = one.enrol(CAPECITABINE));
  await one.passTo(NINE + HOUR);
  one.world.nowMs = MORNING;
  one.world.fate = () => (one.world.track(id)?.todo.length ?? 0) > 0;
  await one.keeper.work(REF).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
  one.restart();
});

it('is written down by then', () => {
  expect(one.world.track(id)?.todo).toMatchObject([{ t: 'say', text: /3 tablets of 500 mg/ }]);
});

const regimen = () => {
  const found = one.world.enrolments.get(id)?.regimen;
  if (!found) throw new Error('no regimen');
  return found;
};

describe('a question about tablets that was about to be asked', () => {
  it.each<readonly [string, () => Partial<Enrolment>]>([
    ['stale', () => ({ stale: { since: MORNING, why: 'order changed' } })],
    ['on hold', () => ({ state: 'held', reason: 'low counts' })],
    ['past its review', () => ({ regimen: { ...regimen(), reviewBy: '2026-06-01' } })],
    [
      'of another dose',
      () => ({
        regimen: {
          ...regimen(),
          version: 2,
          times: [{ id: 'morning', doses: [{ strengthMg: 500, tablets: 2 }] }],
        },
      }),
    ],
  ])('is not asked where the plan is %s by then', async (_, change) => {
    one.change(id, change());
    await one.at(MORNING + 1000);
    await one.passTo(MORNING + 4 * HOUR);
    expect(one.asked('dose')).toEqual([]);
    expect(one.world.delivered.some(({ said }) => said.text.includes('500 mg'))).toBe(false);
    expect(one.world.runs().map(({ outcome }) => outcome)).not.toContain('open');
    expect(one.world.runs().map(({ outcome }) => outcome)).not.toContain('silent');
  });

  it('is asked where nothing has changed', async () => {
    await one.at(MORNING + 1000);
    expect(one.asked('dose')).toHaveLength(1);
  });
});
