import { type AccountView, findAccount, type KeyLogState } from '@baton/ledger';
import { type Action, can, type PermissionContext } from '@baton/policy';
import { ApiError } from '../api-error.ts';
import type { Session } from './sessions.ts';

/** The session's account as the key log's signed statements show it now; never read from rows. An ended one is signed out. */
export function actorOf(keyLog: KeyLogState, session: Session): AccountView {
  const account = findAccount(keyLog, session.account);
  if (account === null || !account.active) throw new ApiError('ledger.revoked', 'account');
  return account;
}

/** Refuses what the account's signed jobs do not allow. */
export function requirePermission(actor: AccountView, action: Action, context?: PermissionContext): void {
  if (!can(actor, action, context)) throw new ApiError('policy.forbidden', action);
}
