import type { BatonState } from '@baton/policy';
import type { BatonStateBody } from '@baton/wire';

/** What an outside system is told of a baton: ids and states only. */
export function batonStateBodyOf(state: BatonState): BatonStateBody {
  const { baton, reference, contract, status, owner, openedAt, deadline, acknowledged, ended, steps } = state;
  return {
    baton,
    reference,
    contract,
    state: status,
    owner,
    endedBy: ended?.by ?? null,
    reason: ended?.reason ?? null,
    openedAt,
    deadline,
    acknowledgedAt: acknowledged?.at ?? null,
    endedAt: ended?.at ?? null,
    step: steps.count,
  };
}
