import { batonOfEvent, type IntegrationId, newId, type OrgId, type OwnerId } from '@baton/kernel';
import { type AskContract, type BatonState, openBaton } from '@baton/policy';
import { ApiError } from '../api-error.ts';
import { decodeBaton } from '../batons/baton-codec.ts';
import type { Services } from '../server-parts.ts';
import { appendAudit } from '../store/audit.ts';
import { findBatonByReference } from '../store/batons.ts';

/**
 * Opens a baton without a message for an outside system (docs/protocol/batons.md §7), or answers the one that it has opened under this reference
 * before. Throws `duty.no_supervisor`, `baton.owner`.
 */
export async function openOutsideBaton(
  needs: Pick<Services, 'batons' | 'ports'>,
  org: OrgId,
  request: {
    readonly integration: IntegrationId;
    readonly to: OwnerId;
    readonly contract: AskContract;
    readonly withinMs: number;
    readonly reference: string;
  },
): Promise<BatonState> {
  const { integration, to, contract, withinMs, reference } = request;
  const baton = batonOfEvent(newId('event', needs.ports.rng));
  return needs.batons.change(org, async (desk) => {
    const { facts } = desk.book;
    const known = await findBatonByReference(desk.trx, integration, reference);
    if (known !== null) return decodeBaton(known.state);
    if (!facts.hasSupervisor()) throw new ApiError('duty.no_supervisor', 'to');
    if (!facts.isOwner(to)) throw new ApiError('baton.owner', 'to');
    const deadline = desk.atMs + withinMs;
    const asked = { org, baton, conv: null, opener: integration, contract, to, deadline, reference };
    const opened = await desk.settle(await desk.sign({ org, baton }, openBaton(asked, facts, desk.atMs)));
    // No person did it: which outside system it was stands in the baton itself.
    const nobody = { actor: null, session: null, code: null };
    await appendAudit(desk.trx, { org, atMs: desk.atMs }, [
      { ...nobody, action: 'integration.baton', object: baton, outcome: 'ok' },
    ]);
    return opened;
  });
}
