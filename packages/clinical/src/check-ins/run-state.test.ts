import { expect, it } from 'vitest';
import { EXAMPLE_PROTOCOLS } from './example-protocols.ts';
import { exploredStates } from './explore/explore-protocol.ts';
import { TEST_CHECKS } from './fixtures/test-checks.ts';
import { decodeRunState, encodeRunState, type RunState } from './run-state.ts';

const PROTOCOL = EXAMPLE_PROTOCOLS.find(
  ({ id }) => id === 'better-same-worse',
) as (typeof EXAMPLE_PROTOCOLS)[0];
const STATES = [...exploredStates(PROTOCOL, TEST_CHECKS).values()];

it('every state is read as it was written', () => {
  expect(STATES.length).toBeGreaterThan(20);
  for (const state of STATES) expect(decodeRunState(encodeRunState(state))).toEqual(state);
});

it('what is no state is not read, whatever part of it is wrong', () => {
  const state = STATES.find(({ alerts }) => alerts.length > 0) as RunState;
  const written = (change: object): string => JSON.stringify({ ...state, ...change });
  expect(decodeRunState(written({}))).toEqual(state);
  for (const name of Object.keys(state)) expect(decodeRunState(written({ [name]: [[1]] })), name).toBeNull();
  for (const name of Object.keys(state))
    expect(decodeRunState(written({ [name]: undefined })), name).toBeNull();
  for (const change of [
    { v: 2 },
    { more: 1 },
    { queue: 'feel' },
    { alerts: [{ key: 'a', band: 'green', kind: 'symptom' }] },
    { openKinds: ['none'] },
    { settings: { fever: '38' } },
    { fill: { plan: 3 } },
    { outcome: 'over' },
  ])
    expect(decodeRunState(written(change)), JSON.stringify(change)).toBeNull();
  for (const text of ['', '{', 'null', '[]', '1']) expect(decodeRunState(text)).toBeNull();
});
