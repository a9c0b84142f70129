import { makeId } from '@baton/kernel';
import { expect, it } from 'vitest';
import { reportShadow, ShadowModel } from './shadow-model.ts';

const rated = (
  n: number,
  more: { readonly nurseSays: 'useful' | 'not-useful' | null; readonly patientSays?: 'urgent' | 'can-wait' },
) => ({
  id: makeId('event', new Uint8Array(16).fill(n)),
  kind: 'symptom' as const,
  line: 'nausea-amber',
  patientSays: null,
  ...more,
});
const amber = { kind: 'symptom', line: 'nausea-amber', band: 'amber' } as const;

it('says nothing of a line before enough of its alerts were rated', () => {
  const model = new ShadowModel();
  for (let n = 0; n < 19; n += 1) model.take(rated(n, { nurseSays: 'not-useful' }));
  expect(model.judge(amber).wouldSuppress).toBe(false);
  model.take(rated(19, { nurseSays: 'not-useful' }));
  expect(model.judge(amber)).toEqual({ model: 'lines-1', score: 1, wouldSuppress: true });
});

it('would hold back no red one, no words for an emergency, and no other line', () => {
  const model = new ShadowModel();
  for (let n = 0; n < 60; n += 1) {
    model.take(rated(n, { nurseSays: 'not-useful' }));
    model.take({ ...rated(n + 100, { nurseSays: 'not-useful' }), kind: 'red-flag' });
  }
  expect(model.judge({ ...amber, band: 'red' }).wouldSuppress).toBe(false);
  expect(model.judge({ ...amber, kind: 'red-flag' }).wouldSuppress).toBe(false);
  expect(model.judge({ ...amber, line: 'mouth-amber' }).wouldSuppress).toBe(false);
});

it('counts a changed opinion once, and believes a patient who says urgent', () => {
  const model = new ShadowModel();
  for (let n = 0; n < 20; n += 1) model.take(rated(n, { nurseSays: 'useful' }));
  for (let n = 0; n < 20; n += 1) model.take(rated(n, { nurseSays: 'not-useful' }));
  expect(model.judge(amber).score).toBe(1);
  for (let n = 0; n < 10; n += 1) model.take(rated(n, { nurseSays: 'not-useful', patientSays: 'urgent' }));
  expect(model.judge(amber)).toMatchObject({ score: 0.5, wouldSuppress: false });
});

it('reports what it would have done, and how often that would have been wrong', () => {
  const shadow = { model: 'lines-1', wouldSuppress: true, score: 1 };
  expect(
    reportShadow([
      { shadow, nurseSays: 'useful', patientSays: null },
      { shadow, nurseSays: 'not-useful', patientSays: 'urgent' },
      { shadow, nurseSays: 'not-useful', patientSays: 'can-wait' },
      { shadow: { ...shadow, wouldSuppress: false }, nurseSays: null, patientSays: null },
    ]),
  ).toEqual({ alerts: 4, rated: 3, wouldHold: 3, wronglyHeld: 2 });
});
