import type {
  AccountId,
  BatonId,
  ConversationId,
  IntegrationId,
  OrgId,
  OwnerId,
  TimestampMs,
} from '@baton/kernel';
import type { BatonOpOf } from '@baton/wire';
import type { AskContract, BatonFacts } from './baton-state.ts';
import { reachOf } from './reach.ts';

export interface BatonOpening {
  readonly org: OrgId;
  readonly baton: BatonId;
  /** Where the message is; null for a baton without one. */
  readonly conv: ConversationId | null;
  readonly opener: AccountId | IntegrationId;
  readonly contract: AskContract;
  readonly to: OwnerId;
  readonly deadline: TimestampMs;
  readonly reference: string | null;
}

/** Event 0 of a baton, at the commit time of what opens it. Where the owner has nobody, `dueBatonOp` moves it on in the same moment. */
export function openBaton(opening: BatonOpening, facts: BatonFacts, atMs: TimestampMs): BatonOpOf<'open'> {
  const { conv, opener, contract, to, deadline, reference } = opening;
  const { reached } = reachOf(to, facts, atMs);
  return {
    op: 'open',
    conv,
    opener,
    contract,
    to,
    deadline,
    unit: facts.unitOf(to, atMs),
    reference,
    reached,
  };
}
