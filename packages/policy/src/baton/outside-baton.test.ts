import { type BatonId, batonOfEvent } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import {
  ANN,
  answerOp,
  BATON,
  BUSY,
  factsOf,
  MAX,
  MINUTE,
  placeNext,
  WARD,
} from '../fixtures/small-hospital.ts';
import { named, org } from '../fixtures/organisation.ts';
import { applyBatonEvent, batonActions, type BatonState, judgeBatonEvent, openBaton } from '../index.ts';

const facts = factsOf(BUSY);
const OUTSIDE = batonOfEvent(named('event', 'order'));
const opening = {
  org,
  baton: OUTSIDE,
  conv: null,
  opener: named('integration', 'laboratory'),
  contract: 'reply',
  to: WARD,
  deadline: MINUTE,
  reference: 'order-77',
} as const;

function apply(
  before: BatonState | null,
  act: Parameters<typeof placeNext>[1],
  baton: BatonId = OUTSIDE,
): BatonState {
  const placed = placeNext(before, act);
  const next = applyBatonEvent(before, { ...placed, event: { ...placed.event, baton } });
  if (!next.ok) throw new Error(next.error.code);
  return next.value;
}

describe('a baton that an outside system opened', () => {
  const opened = apply(null, { op: openBaton(opening, facts, 0), by: null, at: 0 });

  it('is acknowledged and closed with a reason; there is nobody to write an answer to', () => {
    expect(batonActions(opened, ANN, facts, 1)).toMatchObject({
      acknowledge: true,
      answer: false,
      close: true,
    });
    const seen = apply(opened, { op: { op: 'acknowledge', readBack: false }, by: ANN, at: 1 });
    expect(batonActions(seen, ANN, facts, 2)).toEqual({
      acknowledge: false,
      answer: false,
      take: false,
      handOver: true,
      accept: false,
      close: true,
    });
    expect(judgeBatonEvent(seen, { by: ANN, op: answerOp, at: 2 }, facts)).toMatchObject({
      error: { code: 'baton.not_yours', at: 'op' },
    });
    const closed = apply(seen, { op: { op: 'close', reason: 'done' }, by: ANN, at: 2 });
    expect(closed).toMatchObject({
      status: 'closed',
      reference: 'order-77',
      ended: { by: ANN, reason: 'done' },
    });
  });

  it('is still answered where it came with a message', () => {
    const asked = {
      ...opening,
      baton: BATON,
      conv: named('conversation', 'talk'),
      opener: MAX,
      reference: null,
    };
    const state = apply(null, { op: openBaton(asked, facts, 0), by: null, at: 0 }, BATON);
    expect(batonActions(state, ANN, facts, 1).answer).toBe(true);
    expect(judgeBatonEvent(state, { by: ANN, op: answerOp, at: 1 }, facts).ok).toBe(true);
  });
});
