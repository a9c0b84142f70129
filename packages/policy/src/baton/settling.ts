import type { BatonOp } from '@baton/wire';
import type { BatonState } from './baton-state.ts';

/** An agent's end of an answer to its question. */
export function isSettling(op: BatonOp): boolean {
  return op.op === 'close' && op.reason === 'automation';
}

/**
 * Whether a baton can be ended without a person: it asks for a reply and no more, and nobody has acknowledged, taken or offered it
 * (docs/protocol/programmes.md §3). Where somebody once had, the clock has begun anew since.
 */
export function canSettle(state: BatonState): boolean {
  const { contract, status, acknowledged, offer, conv, clockFrom, openedAt } = state;
  const isUntouched = status === 'open' && acknowledged === null && offer === null && clockFrom === openedAt;
  return contract === 'reply' && conv !== null && isUntouched;
}
