import type { AgentState } from '@baton/agent';
import type { Enrolment } from '@baton/wire';
import { expect, it } from 'vitest';
import { ConfirmedPlans, confirmedPlanSchema } from './confirmed-plans.ts';

const ENROLMENT = {
  id: 'e_AAAAAAAAAAAAAAAAAAAAAA',
  regimen: { drug: 'capecitabine', version: 1, confirmedBy: 'a_AAAAAAAAAAAAAAAAAAAAAA' },
  stale: null,
} as unknown as Enrolment;
const OTHER = { ...ENROLMENT, regimen: { ...ENROLMENT.regimen, version: 2 } } as Enrolment;

function shelf() {
  const rows = new Map<string, { key: string; value: { v: 1; plan: string }; at: number }>();
  const read = (key: string) => rows.get(key) ?? null;
  return {
    get: async (key: string) => read(key),
    put: async () => {},
    update: async (
      key: string,
      decide: (newest: ReturnType<typeof read>) => { v: 1; plan: string } | null | undefined,
    ) => {
      const value = decide(read(key));
      if (value) rows.set(key, { key, value: confirmedPlanSchema.parse(value), at: 0 });
      return value !== undefined;
    },
    remove: async () => {},
    list: async () => [...rows.values()],
  } satisfies ReturnType<AgentState['shelf']>;
}

it('carries out a plan that its confirmer wrote, and holds every other one for stale', () => {
  const plans = new ConfirmedPlans(shelf());
  expect(plans.asItStands(ENROLMENT, { firm: true, at: 5 })).toBe(ENROLMENT);
  // Somebody else paused it: the plan is the same.
  expect(plans.asItStands({ ...ENROLMENT, reason: 'x' }, { firm: false, at: 6 }).stale).toBeNull();
  expect(plans.asItStands(OTHER, { firm: false, at: 7 }).stale).toMatchObject({ since: 7 });
  expect(plans.asItStands({ ...OTHER, regimen: null }, { firm: false, at: 7 }).stale).toBeNull();
});

it('remembers at another station what was seen at one', async () => {
  const kept = shelf();
  const first = new ConfirmedPlans(kept);
  await first.load();
  first.asItStands(ENROLMENT, { firm: true, at: 5 });
  await first.keep();
  const second = new ConfirmedPlans(kept);
  expect(second.asItStands(ENROLMENT, { firm: false, at: 5 }).stale).not.toBeNull();
  await second.load();
  expect(second.asItStands(ENROLMENT, { firm: false, at: 5 }).stale).toBeNull();
  expect(second.asItStands(OTHER, { firm: false, at: 5 }).stale).not.toBeNull();
});
