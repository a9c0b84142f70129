import type { BatonOp, BatonOpOf } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { explore, MACHINE, type Machine, type Scene } from '../fixtures/explorer.ts';
import {
  ANN,
  BATON,
  BOB,
  BUSY,
  CONV,
  factsOf,
  MAX,
  MINUTE,
  placeNext,
  SUE,
  SUPERVISOR,
  WARD,
  WORKLIST,
  type Ward,
} from '../fixtures/small-hospital.ts';
import { applyBatonEvent, type BatonState, judgeServerEvent, openBaton } from '../index.ts';
import { org } from '../fixtures/organisation.ts';

const off =
  (id: typeof ANN) =>
  (ward: Ward): Ward => ({ ...ward, presence: { ...ward.presence, [id]: 'off' } });

/** Every event that the server makes anywhere in a scene has to pass. */
const judged: Machine = {
  ...MACHINE,
  due(state, facts, nowMs) {
    const op = MACHINE.due(state, facts, nowMs);
    if (op === null) return null;
    const placed = placeNext(state, { op, by: null, at: Math.max(nowMs, state.at) });
    const result = judgeServerEvent(state, placed, facts);
    if (!result.ok) throw new Error(`${op.op}: ${result.error.code} at ${result.error.at}`);
    return op;
  },
};

describe('what the server makes by the rules', () => {
  const scenes: [string, Scene][] = [
    [
      'a role',
      { to: WARD, ward: BUSY, offers: [BOB], changes: [(ward) => ({ ...ward, ward: [] }), off(ANN)] },
    ],
    [
      'a person',
      { to: ANN, ward: { ...BUSY, ladder: 'short' }, offers: [WARD], changes: [off(ANN), off(BOB)] },
    ],
    [
      'a queue',
      {
        to: WORKLIST,
        ward: BUSY,
        offers: [ANN],
        changes: [
          (ward) => ({ ...ward, worklist: !ward.worklist }),
          (ward) => ({ ...ward, ladder: 'short' }),
        ],
      },
    ],
    [
      'nobody at all',
      { to: WARD, ward: { ...BUSY, ward: [], supervisors: [] }, offers: [SUPERVISOR], changes: [off(BOB)] },
    ],
  ];
  it.each(scenes)('passes in every reachable state: %s', { timeout: 60_000 }, (_name, scene) => {
    const { counterexample, states } = explore(scene, judged);
    expect(counterexample).toBeNull();
    expect(states).toBeGreaterThan(20);
  });
});

describe('what it may not make', () => {
  const facts = factsOf(BUSY);
  const opening = { org, baton: BATON, conv: CONV, opener: BOB, contract: 'stat', reference: null } as const;
  const made = openBaton({ ...opening, to: WARD, deadline: MINUTE }, facts, 0);
  const placedOpening = placeNext(null, { op: made, by: null, at: 0 });
  const opened = applyBatonEvent(null, placedOpening);
  if (!opened.ok) throw new Error(opened.error.code);
  const state: BatonState = opened.value;
  const codeOf = (op: BatonOp, before: BatonState | null = state): string => {
    const result = judgeServerEvent(before, placeNext(before, { op, by: null, at: MINUTE }), facts);
    return result.ok ? 'ok' : `${result.error.code}@${result.error.at}`;
  };
  const step: BatonOpOf<'step'> = {
    op: 'step',
    step: 1,
    target: WARD,
    offsetMs: MINUTE,
    reached: [ANN],
    empty: false,
  };

  it('somebody who is not on the ladder', () => {
    expect(codeOf({ ...step, reached: [ANN] })).toBe('ok');
    expect(codeOf({ ...step, target: BOB, reached: [BOB] })).toBe('ok');
    expect(codeOf({ ...step, target: SUPERVISOR, reached: [SUE] })).toBe('ok');
    expect(codeOf({ ...step, target: SUPERVISOR, reached: [MAX], empty: true }), 'administrators').toBe('ok');
    expect(codeOf({ ...step, target: MAX, reached: [MAX] })).toBe('ledger.bad_proof@op.target');
    expect(codeOf({ ...step, reached: [ANN, MAX] })).toBe('ledger.bad_proof@op.reached');
    expect(codeOf({ ...step, target: BOB, reached: [SUE] })).toBe('ledger.bad_proof@op.reached');
    expect(codeOf({ op: 'return', reached: [ANN] })).toBe('ok');
    expect(codeOf({ op: 'return', reached: [MAX] })).toBe('ledger.bad_proof@op.reached');
  });

  it('an owner whom neither the message nor the ladder names', () => {
    expect(codeOf({ op: 'reassign', cause: 'off-duty', to: BOB, reached: [BOB] })).toBe('ok');
    expect(codeOf({ op: 'reassign', cause: 'ladder-end', to: SUPERVISOR, reached: [] })).toBe('ok');
    expect(codeOf({ op: 'reassign', cause: 'off-duty', to: MAX, reached: [] })).toBe(
      'ledger.bad_proof@op.to',
    );
    expect(codeOf({ op: 'reassign', cause: 'off-duty', to: BOB, reached: [MAX] })).toBe(
      'ledger.bad_proof@op.reached',
    );
  });

  it('an opening that reaches others than its owner, or lends it another unit', () => {
    expect(codeOf(made, null)).toBe('ok');
    expect(codeOf({ ...made, reached: [MAX] }, null)).toBe('ledger.bad_proof@op.reached');
    expect(codeOf({ ...made, unit: 'Cardiology' }, null)).toBe('ledger.bad_proof@op.unit');
  });

  it('anything that only people do', () => {
    expect(codeOf({ op: 'close', reason: 'done' })).toBe('policy.forbidden@op');
    expect(codeOf(step, null)).toBe('ledger.bad_chain@op');
  });
});
