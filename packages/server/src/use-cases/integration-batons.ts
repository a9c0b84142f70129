import type { BatonId, OwnerId } from '@baton/kernel';
import type { AskContract } from '@baton/policy';
import type { BatonStateBody } from '@baton/wire';
import type { IntegrationCaller } from '../access/integrations.ts';
import { ApiError, notFound } from '../api-error.ts';
import { decodeBaton } from '../batons/baton-codec.ts';
import { batonStateBodyOf } from '../integrations/baton-state-body.ts';
import type { Services } from '../server-parts.ts';
import { findBaton } from '../store/batons.ts';
import { openOutsideBaton } from './open-outside-baton.ts';

type Needs = Pick<Services, 'db' | 'ports' | 'batons' | 'limits'>;

/**
 * Opens a baton for an outside system, or answers the one that it opened under this reference before. Throws `conflict.exists` where that one
 * asks for something else.
 */
export async function openIntegrationBaton(
  needs: Needs,
  caller: IntegrationCaller,
  request: {
    readonly to: OwnerId;
    readonly contract: AskContract;
    readonly withinMs: number;
    readonly reference: string;
    readonly address: string;
  },
): Promise<BatonStateBody> {
  const { org, integration } = caller;
  const { to, contract, withinMs, reference, address } = request;
  await needs.limits.spend('outside-baton', { subject: integration, address });
  const state = await openOutsideBaton(needs, org, { integration, to, contract, withinMs, reference });
  const isSame =
    state.addressed === to && state.contract === contract && state.deadline - state.openedAt === withinMs;
  if (!isSame) throw new ApiError('conflict.exists', 'reference');
  return batonStateBodyOf(state);
}

/** One that this integration opened; any other is not there. */
export async function readIntegrationBaton(
  needs: Pick<Services, 'db'>,
  caller: IntegrationCaller,
  baton: BatonId,
): Promise<BatonStateBody> {
  const row = await needs.db.inOrg(caller.org, (trx) => findBaton(trx, baton));
  if (row === null || row.opener !== caller.integration) throw notFound();
  return batonStateBodyOf(decodeBaton(row.state));
}
