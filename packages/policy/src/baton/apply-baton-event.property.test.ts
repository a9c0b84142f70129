import { encodeHex } from '@baton/kernel';
import type { BatonEvent, BatonOp } from '@baton/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ANN,
  answerOp,
  BATON,
  BOB,
  BUSY,
  CONV,
  factsOf,
  MAX,
  placeNext,
  reopenOp,
  SUE,
  SUPERVISOR,
  WARD,
} from '../fixtures/small-hospital.ts';
import { bytes, named, org } from '../fixtures/organisation.ts';
import { applyBatonEvent, type BatonState, batonActions, judgeBatonEvent, openBaton } from '../index.ts';

const people = [ANN, BOB, SUE, MAX, named('account', 'stranger')] as const;
const owners = [...people, WARD, SUPERVISOR, named('queue', 'nothing')] as const;
const who = fc.constantFrom(...people);
const owner = fc.constantFrom(...owners);
const reached = fc.array(who, { maxLength: 3 });
const op: fc.Arbitrary<BatonOp> = fc.oneof(
  fc.record({
    op: fc.constant('open' as const),
    conv: fc.constantFrom(CONV, null),
    opener: who,
    contract: fc.constantFrom('reply' as const, 'talk' as const, 'stat' as const),
    to: owner,
    deadline: fc.nat(200),
    unit: fc.constantFrom(null, '4 West'),
    reference: fc.constant(null),
    reached,
  }),
  fc.record({
    op: fc.constant('step' as const),
    step: fc.nat(4),
    target: fc.constantFrom(ANN, WARD, SUPERVISOR),
    offsetMs: fc.nat(100),
    reached,
    empty: fc.boolean(),
  }),
  fc.record({ op: fc.constant('return' as const), reached }),
  fc.record({
    op: fc.constant('reassign' as const),
    cause: fc.constantFrom('deactivated' as const, 'ladder-end' as const),
    to: owner,
    reached,
  }),
  fc.constantFrom<BatonOp>(
    { op: 'acknowledge', readBack: true },
    { op: 'accept' },
    { op: 'decline' },
    { op: 'take' },
    answerOp,
    reopenOp,
    { op: 'close', reason: 'done' },
    { op: 'box', to: ANN, g: 1, box: new Uint8Array(3) },
  ),
  fc.record({ op: fc.constant('offer' as const), to: owner, note: fc.constant(null) }),
);
/** Often what fits, often what does not. */
const event = fc.record({
  op,
  by: fc.option(who),
  n: fc.integer({ min: -1, max: 2 }),
  prev: fc.constantFrom('head', 'null', 'other'),
  baton: fc.constantFrom(BATON, BATON, BATON, 'm_other' as typeof BATON),
  atMs: fc.integer({ min: -5, max: 60 }),
});

describe('any events in any order', () => {
  it('throw nothing, and whatever is taken is one baton with one owner and ends once', () => {
    const property = fc.property(fc.array(event, { maxLength: 80, size: 'max' }), (drafts) => {
      let state: BatonState | null = null;
      let ends = 0;
      for (const draft of drafts) {
        const before: BatonState | null = state;
        const made: BatonEvent = {
          v: 1,
          t: 'baton',
          org,
          baton: draft.baton,
          n: (before === null ? 0 : before.n + 1) + (draft.n < 2 ? 0 : 1),
          prev: draft.prev === 'other' ? bytes('other') : (before?.head ?? null),
          by: draft.by,
          as: null,
          dk: null,
          ts: 0,
          op: draft.op,
        };
        const hash = bytes(`${encodeHex(before?.head ?? new Uint8Array(1))} ${draft.op.op}`);
        const next = applyBatonEvent(before, { event: made, hash, at: (before?.at ?? 100) + draft.atMs });
        if (!next.ok) {
          expect(next.error.code).toMatch(/^(?:baton|ledger|policy|conflict)\./);
          continue;
        }
        state = next.value;
        if (before !== null) expect(before.ended).toBeNull();
        if (state.ended !== null) ends += 1;
        expect(state.ended !== null).toBe(state.status === 'answered' || state.status === 'closed');
        expect(state.at).toBeGreaterThanOrEqual(before?.at ?? 0);
        expect((draft.by === null) === ['open', 'step', 'return', 'reassign'].includes(draft.op.op)).toBe(
          true,
        );
        for (const by of people) {
          const act = { by, op: draft.op, at: state.at };
          judgeBatonEvent(state, act, factsOf(BUSY));
          batonActions(state, by, factsOf(BUSY), state.at);
        }
      }
      expect(ends).toBeLessThanOrEqual(1);
    });
    fc.assert(property, { numRuns: 400 });
  });
});

describe('who may do what', () => {
  const facts = factsOf(BUSY);
  const opening = { org, baton: BATON, conv: CONV, opener: MAX, contract: 'stat', reference: null } as const;
  const made = openBaton({ ...opening, to: WARD, deadline: 100 }, facts, 0);
  const follow = (state: BatonState | null, next: BatonOp, by: typeof ANN | null): BatonState => {
    const result = applyBatonEvent(state, placeNext(state, { op: next, by, at: 10 }));
    if (!result.ok) throw new Error(result.error.code);
    return result.value;
  };
  const open = follow(null, made, null);
  const held = follow(open, { op: 'acknowledge', readBack: true }, ANN);
  const offered = follow(held, { op: 'offer', to: BOB, note: null }, ANN);
  const done = follow(held, answerOp, ANN);
  const judge = (state: BatonState, next: BatonOp): string[] =>
    people.map((by) => {
      const result = judgeBatonEvent(state, { by, op: next, at: 20 }, facts);
      return result.ok ? 'ok' : result.error.code;
    });
  const mine = 'baton.not_yours';

  it.each<[string, BatonState, BatonOp, readonly string[]]>([
    [
      'acknowledge',
      open,
      { op: 'acknowledge', readBack: false },
      ['ok', mine, mine, mine, 'policy.forbidden'],
    ],
    ['answer', open, answerOp, ['ok', mine, mine, mine, 'policy.forbidden']],
    [
      'acknowledge twice',
      held,
      { op: 'acknowledge', readBack: false },
      [mine, mine, mine, mine, 'policy.forbidden'],
    ],
    ['offer', held, { op: 'offer', to: SUE, note: null }, ['ok', mine, mine, mine, 'policy.forbidden']],
    [
      'offer to oneself',
      held,
      { op: 'offer', to: ANN, note: null },
      ['baton.owner', mine, mine, mine, 'policy.forbidden'],
    ],
    [
      'accept',
      offered,
      { op: 'accept' },
      ['baton.no_offer', 'ok', 'baton.no_offer', 'baton.no_offer', 'policy.forbidden'],
    ],
    ['close', held, { op: 'close', reason: 'done' }, ['ok', mine, mine, 'ok', 'policy.forbidden']],
    ['reopen', held, reopenOp, [mine, mine, mine, 'ok', 'policy.forbidden']],
    ['reopen what is open', open, reopenOp, [mine, mine, mine, mine, 'policy.forbidden']],
    [
      'do anything after the end',
      done,
      { op: 'take' },
      [...people.slice(1).map(() => 'baton.ended'), 'policy.forbidden'],
    ],
    ['play the server', open, { op: 'return', reached: [] }, people.map(() => 'policy.forbidden')],
  ])('%s', (_, state, next, expected) => {
    expect(judge(state, next)).toEqual(expected);
  });

  it('is what a screen offers', () => {
    expect(batonActions(open, ANN, facts, 20)).toEqual({
      acknowledge: true,
      answer: true,
      take: true,
      handOver: true,
      accept: false,
      close: true,
    });
    expect(batonActions(held, ANN, facts, 20)).toMatchObject({
      acknowledge: false,
      take: false,
      answer: true,
    });
    expect(batonActions(offered, BOB, facts, 20)).toMatchObject({ accept: true, take: false });
    expect(Object.values(batonActions(done, ANN, facts, 20))).toEqual(Array(6).fill(false));
  });

  it('leaves one who is off duty the answer, not the ownership', () => {
    const off = factsOf({ ...BUSY, presence: { ...BUSY.presence, [ANN]: 'off' } });
    expect(judgeBatonEvent(open, { by: ANN, op: answerOp, at: 20 }, off).ok).toBe(true);
    expect(judgeBatonEvent(open, { by: ANN, op: { op: 'take' }, at: 20 }, off)).toMatchObject({
      error: { code: 'baton.owner' },
    });
  });

  it('voids an offer when somebody else takes it', () => {
    const taken = follow(offered, { op: 'take' }, BOB);
    expect([taken.owner, taken.offer]).toEqual([BOB, null]);
  });
});
