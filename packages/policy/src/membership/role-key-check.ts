import { equalBytes, ok, type Result } from '@baton/kernel';
import type { StatementOf } from '@baton/wire';
import { deny, type PolicyError } from '../policy-error.ts';
import { type ConversationState, wasMember } from './conversation-state.ts';

/**
 * Whether a role's box key was published by one who held the role: `keyring` is the role's keyring, `entry` made the generation that the
 * key is named after, and the account was a member of it then. Completes the key log's own check of the statement (ledger).
 */
export function checkRoleKey(
  statement: StatementOf<'rolekey'>,
  keyring: ConversationState,
): Result<null, PolicyError> {
  const { role, gen, entry, account } = statement;
  if (keyring.kind !== 'keyring' || keyring.conv !== statement.keyring || keyring.role !== role)
    return deny('ledger.wrong_purpose', 'keyring');
  const made = keyring.generations[gen - 1];
  if (made === undefined || !equalBytes(made, entry)) return deny('ledger.bad_chain', 'entry');
  return wasMember(keyring, account, gen) ? ok(null) : deny('policy.not_a_member', 'account');
}
