import { findAccount, findOrg, type KeyLogState } from '@baton/ledger';
import type { Me } from '../api/session.ts';
import type { SessionInput } from './parts-ports.ts';

/** Whose session it is, by the key log as it is now. */
export function describeMe(
  keyLog: KeyLogState,
  { identity, secrets }: Pick<SessionInput, 'identity' | 'secrets'>,
): Me {
  const account = findAccount(keyLog, identity.account);
  return {
    account: identity.account,
    org: identity.org,
    orgName: findOrg(keyLog)?.name ?? '',
    name: account?.name ?? '',
    jobs: account?.jobs ?? [],
    device: identity.device,
    demo: secrets.demo,
  };
}
