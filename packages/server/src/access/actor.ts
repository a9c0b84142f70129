import { type AccountView, findAccount, type KeyLogState } from '@baton/ledger';
import { type Action, can, type PermissionContext } from '@baton/policy';
import { ApiError } from '../api-error.ts';
import type { KeyLogs } from '../keylog/key-logs.ts';
import type { Session } from './sessions.ts';

/** The session's account as the key log's signed statements show it now; never read from rows. An ended one is signed out. */
export function actorOf(keyLog: KeyLogState, session: Session): AccountView {
  const account = findAccount(keyLog, session.account);
  if (account === null || !account.active) throw new ApiError('ledger.revoked', 'account');
  return account;
}

/** As `actorOf`; an account that this process has not heard of is looked for in the newest log. */
export async function loadActor(keyLogs: KeyLogs, session: Session): Promise<AccountView> {
  const known = findAccount(await keyLogs.get(session.org), session.account);
  return known?.active === true ? known : actorOf(await keyLogs.refresh(session.org), session);
}

/** Refuses what the account's signed jobs do not allow. */
export function requirePermission(actor: AccountView, action: Action, context?: PermissionContext): void {
  if (!can(actor, action, context)) throw new ApiError('policy.forbidden', action);
}
