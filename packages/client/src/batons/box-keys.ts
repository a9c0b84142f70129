import type { Primitives, XwingKey } from '@baton/crypto';
import { type AccountId, isId, type MemberId } from '@baton/kernel';
import { findRole } from '@baton/ledger';
import type { GenerationBook } from '../generations/generation-book.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import type { MembershipLogs } from '../membership/membership-logs.ts';
import { roleBoxKey } from '../roles/role-keeper.ts';

/** The key that opens a box for this account or for a role whose keyring it reads; null for anybody else's. */
export function createBoxKeys(ports: {
  readonly primitives: Primitives;
  readonly me: AccountId;
  readonly keyLog: KeyLogReplica;
  readonly logs: MembershipLogs;
  readonly generations: GenerationBook;
  readonly ownKey: (g: number) => Promise<XwingKey | null>;
}): (to: MemberId, g: number) => Promise<XwingKey | null> {
  const { primitives, me, keyLog, logs, generations, ownKey } = ports;
  return async (to, g) => {
    if (to === me) return ownKey(g);
    const role = isId('role', to) ? findRole(keyLog.state, to) : null;
    if (!role || !isId('role', to)) return null;
    await logs.prepareRoles([to]);
    if (!logs.keyring(to)?.members.has(me)) return null;
    const keyring = await generations.find(role.keyring, g);
    return keyring ? roleBoxKey(primitives, to, keyring) : null;
  };
}
