import { messageOfBaton } from '@baton/kernel';
import type { BatonState } from '@baton/policy';
import type { EnvelopeHeader } from '@baton/wire';

/** Whether the baton says what the message's signed header asks. Where it does not, the server made it up. */
export function isOpenedBy(state: BatonState, header: EnvelopeHeader): boolean {
  const index = messageOfBaton(state.baton)?.index ?? -1;
  const { contract, to, withinMs } = header.class;
  return (
    header.id === state.message &&
    header.conv === state.conv &&
    header.author === state.opener &&
    contract === state.contract &&
    to[index] === state.addressed &&
    withinMs === state.withinMs
  );
}
